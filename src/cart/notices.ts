import type { Notice } from '../session/protocol.ts'

/** What the shopper has yet to hear of, the same in every tab. */
export interface Notices {
  list(): readonly Notice[]
  /** Adds those that are new; returns them. */
  add(notices: readonly Notice[]): readonly Notice[]
  /** Takes over what the store has: where two tabs told of one thing in two ways, one of them stands there. */
  put(stored: readonly Notice[]): void
  /** Whether there was one to hide. */
  hide(id: string): boolean
  /** Hides what other tabs have hidden. */
  hideAll(ids: ReadonlySet<string>): void
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

  return {
    list: () => list,
    add(notices) {
      const fresh = notices.filter(({ id }) => !hidden.has(id) && !list.some(notice => notice.id === id))
      if (fresh.length) list = Object.freeze([...list, ...fresh].sort(compare))
      return fresh
    },
    put(stored) {
      const known = new Map(list.map(notice => [notice.id, notice]))
      let isNew = false
      for (const notice of stored) {
        const before = known.get(notice.id)
        if (hidden.has(notice.id) || JSON.stringify(before) === JSON.stringify(notice)) continue
        known.set(notice.id, notice)
        isNew = true
      }
      if (isNew) list = Object.freeze([...known.values()].sort(compare))
    },
    hide(id) {
      const isHidden = keep(notice => notice.id !== id)
      if (isHidden) hidden.add(id)
      return isHidden
    },
    hideAll(ids) {
      ids.forEach(id => hidden.add(id))
      keep(({ id }) => !hidden.has(id))
    },
    clear() {
      list = Object.freeze([])
    },
  }
}
