/** What keeps a history while no page shows it; `sessionStorage` by default. */
export type UndoStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

/** Where the history of a tab is while its page is away. */
export interface Keeping {
  /** What was put down, if anything; then it is there no more. */
  take(): string | undefined
  put(text: string | undefined): void
  /** Listens to the page no more. */
  stop(): void
}

/** When a page comes and goes. */
export interface Comings {
  /** The page is hidden, and may never be seen again. */
  readonly leaves: () => void
  /** A page that was put aside is back: another page of the tab may have gone on with the history meanwhile. */
  readonly returns: () => void
}

// Reading the property throws where storage is forbidden.
function tabStorage(): UndoStorage | undefined {
  try {
    return sessionStorage
  } catch {
    return
  }
}

/**
 * Keeps a history for the page that comes next in the tab.
 *
 * `sessionStorage`, because what one tab has done is that tab's to undo: it lives through a reload, and goes with the tab.
 * The history stands there only while no page of the tab is to be seen. A tab that is duplicated, or opened by this one,
 * begins with a copy of the storage: were the history in it, two tabs would take back the same command. And a command costs
 * no write.
 */
export function createKeeping(key: string, given: UndoStorage | undefined, { leaves, returns }: Comings): Keeping {
  const hasPage = typeof document !== 'undefined'
  const storage = given ?? (hasPage ? tabStorage() : undefined)
  const listening = new AbortController()

  function attempt<Result>(job: (storage: UndoStorage) => Result): Result | undefined {
    try {
      return storage && job(storage)
    } catch {
      return
    }
  }

  const drop = (): void => attempt(to => to.removeItem(key))

  if (hasPage) {
    const { signal } = listening
    document.addEventListener('visibilitychange', () => (document.visibilityState === 'hidden' ? leaves() : drop()), {
      signal,
    })
    addEventListener('pagehide', leaves, { signal })
    addEventListener('pageshow', event => event.persisted && storage && returns(), { signal })
  }

  return {
    take() {
      const text = attempt(from => from.getItem(key)) ?? undefined
      drop()
      return text
    },
    put(text) {
      // What does not fit is not kept, and an older one must not be taken for it.
      drop()
      if (text !== undefined) attempt(to => to.setItem(key, text))
    },
    stop: () => listening.abort(),
  }
}
