import type { LineKey } from './line-key.ts'
import { knownRange, type ChangedRange } from './lines.ts'
import type { CartItem } from './session.ts'

/** What stands at both ends of two lists is skipped by identity, unless one command lies between them. */
export function changedRange(before: readonly CartItem[], after: readonly CartItem[]): ChangedRange {
  const step = knownRange(before, after)
  if (step) return step
  let start = 0
  let left = before.length
  let right = after.length
  while (start < left && before[start] === after[start]) start++
  while (left > start && right > start && before[left - 1] === after[right - 1]) {
    left--
    right--
  }
  return [start, left, right]
}

/** A line that two lists do not have alike; what it is in each, if it is there. */
export interface LineChange {
  readonly key: string
  readonly before: CartItem | undefined
  readonly after: CartItem | undefined
  /** Where it stood before; −1 for a line that came. */
  readonly index: number
}

/** What became of the lines: those there were, in their order, then those that came, in theirs. */
export function lineChanges(
  before: readonly CartItem[],
  after: readonly CartItem[],
  keyOf: LineKey,
): readonly LineChange[] {
  const [start, left, right] = changedRange(before, after)
  const came = new Map(after.slice(start, right).map(item => [keyOf(item), item]))
  const changes: LineChange[] = []
  for (let index = start; index < left; index++) {
    const item = before[index] as CartItem
    const key = keyOf(item)
    const now = came.get(key)
    came.delete(key)
    if (now !== item) changes.push({ key, before: item, after: now, index })
  }
  for (const [key, item] of came) changes.push({ key, before: undefined, after: item, index: -1 })
  return changes
}
