import type { Notice } from '../session/protocol.ts'
import type { Stored } from '../storage/stored.ts'

/** What the shopper has yet to hear of, the same in every tab. */
export interface Notices {
  list(): readonly Notice[]
  /** Adds those that are new; returns them. */
  add(notices: readonly Notice[]): readonly Notice[]
  /**
   * Takes over what the store has (where two tabs told of one thing in two ways, one of them stands there), hides what
   * other tabs have hidden, and tells of what could not be read.
   */
  follow(stored: Pick<Stored, 'logId' | 'notices' | 'dismissed' | 'setAside'>, now: number): void
  /** Whether there was one to hide. */
  hide(id: string): boolean
  clear(): void
}

// One order in every tab, whichever heard of what first.
function compare(one: Notice, other: Notice): number {
  if (one.at !== other.at) return one.at < other.at ? -1 : 1
  return one.id < other.id ? -1 : 1
}

/** Creates the list. */
export function createNotices(): Notices {
  let list: readonly Notice[] = Object.freeze([])
  const hidden = new Set<string>()

  function keep(isKept: (notice: Notice) => boolean): boolean {
    const kept = list.filter(isKept)
    const isLess = kept.length < list.length
    if (isLess) list = Object.freeze(kept)
    return isLess
  }

  function add(notices: readonly Notice[]): readonly Notice[] {
    const fresh = notices.filter(({ id }) => !hidden.has(id) && !list.some(notice => notice.id === id))
    if (fresh.length) list = Object.freeze([...list, ...fresh].sort(compare))
    return fresh
  }

  function put(stored: readonly Notice[]): void {
    const known = new Map(list.map(notice => [notice.id, notice]))
    let isNew = false
    for (const notice of stored) {
      const before = known.get(notice.id)
      if (hidden.has(notice.id) || JSON.stringify(before) === JSON.stringify(notice)) continue
      known.set(notice.id, notice)
      isNew = true
    }
    if (isNew) list = Object.freeze([...known.values()].sort(compare))
  }

  return {
    list: () => list,
    add,
    follow({ logId, notices, dismissed, setAside }, now) {
      dismissed.forEach(id => hidden.add(id))
      keep(({ id }) => !hidden.has(id))
      put(notices)
      if (!setAside) return
      const message = `${setAside} saved changes could not be read; they are kept aside.`
      add([{ id: `set-aside.${logId}`, code: 'set-aside', message, at: new Date(now).toISOString() }])
    },
    hide(id) {
      const isHidden = keep(notice => notice.id !== id)
      if (isHidden) hidden.add(id)
      return isHidden
    },
    clear() {
      list = Object.freeze([])
    },
  }
}
