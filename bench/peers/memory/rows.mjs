/**
 * The rows of a page over a store that only tells that something changed: one walk over the lines finds those that are not
 * the same object any more, as a list of memoised rows does.
 */
export function createRows() {
  const listeners = new Map()
  let shown = new Map()
  return {
    add: (id, listener) => listeners.set(id, listener),
    /** @param lines Pairs of id and line. */
    show(lines) {
      if (listeners.size === 0) return
      const next = new Map()
      for (const [id, line] of lines) {
        next.set(id, line)
        if (shown.get(id) !== line) listeners.get(id)?.(line)
      }
      shown = next
    },
  }
}

/** Pairs of id and line of an array. */
export function* pairsOf(items) {
  for (const item of items) yield [item.id, item]
}

/** What a page shows of lines that come without sums. */
export const sumOf = items => items.reduce((sum, { price, quantity }) => sum + price * quantity, 0)

/** Tells a listener of a value when it is another one. */
export function onChange(subscribe, select, listener) {
  let last = select()
  subscribe(() => {
    const next = select()
    if (next === last) return
    last = next
    listener(next)
  })
}
