import type { Command, Line } from './contenders/contender.ts'

/** The stream stops here, below the limit of lines. */
const LAST = 1400

const isChange = (n: number): boolean => n % 3 === 0

/**
 * The command of a number. Two of three add a line of their own, the third changes the line before: a line's order is when
 * it was added, the units of its quantity how often that was done, its tens how often it was changed.
 */
export function commandOf(n: number): Command {
  return isChange(n) ? { name: 'change', sku: String(n - 1), by: 10 } : { name: 'add', sku: String(n), quantity: 1 }
}

/** The numbers of the commands of each tick, from the first tick on. */
export function ticks(): number[][] {
  const sizes = [1, 2, 1, 5, 3]
  const all: number[][] = []
  for (let n = 1; n <= LAST;) {
    const size = sizes[all.length % sizes.length]!
    all.push(Array.from({ length: size }, (_, index) => n + index))
    n += size
  }
  return all
}

/** What is wrong with a cart that was read back: how many commands, ticks or lines. */
export interface Verdict {
  /** Commands that had been saved and are not there. */
  lost: number
  /** Ticks of which a part is there. */
  torn: number
  /** Lines behind a later one, and commands that were not saved and not there although a later one is. */
  disordered: number
  /** Commands that took effect more than once. */
  twice: number
}

/**
 * Judges a cart that was read back. It may have more than was known to be saved, for a page that is killed cannot tell of
 * everything.
 */
export function judge(lines: readonly Line[], saved: ReadonlySet<number>): Verdict {
  const times = new Map<number, number>()
  for (const [sku, quantity] of lines) {
    const n = Number(sku)
    const changes = isChange(n + 1) ? Math.floor(quantity / 10) : 0
    times.set(n, (times.get(n) ?? 0) + quantity - 10 * changes)
    times.set(n + 1, (times.get(n + 1) ?? 0) + changes)
  }
  const isThere = (n: number): boolean => (times.get(n) ?? 0) > 0
  const numbers = [...times.keys()]
  const last = Math.max(0, ...numbers.filter(isThere))
  const missing = ticks()
    .flat()
    .filter(n => !isThere(n))
  return {
    lost: missing.filter(n => saved.has(n)).length,
    torn: ticks().filter(tick => tick.some(isThere) && !tick.every(isThere)).length,
    disordered:
      lines.filter(([sku], index) => index > 0 && Number(sku) < Number(lines[index - 1]![0])).length +
      missing.filter(n => n < last && !saved.has(n)).length,
    twice: numbers.filter(n => times.get(n)! > 1).length,
  }
}
