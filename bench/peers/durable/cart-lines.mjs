/** The lines of a cart in memory, for stores that leave them to the app. */
export function createLines(stored = []) {
  const lines = new Map(stored.map(line => [line.id, line]))
  return {
    /** Adds one unit. */
    add({ id, name, price, mark }) {
      const line = { id, name, price, quantity: (lines.get(id)?.quantity ?? 0) + 1, mark }
      lines.set(id, line)
      return line
    },
    all: () => [...lines.values()],
  }
}

/** The lines that a log of additions leads to. */
export function linesOf(additions) {
  const lines = createLines()
  for (const addition of additions) lines.add(addition)
  return lines.all()
}
