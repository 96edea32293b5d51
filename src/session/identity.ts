import { positionOf } from './lines.ts'
import type { LineKey } from './line-key.ts'
import type { CartItem } from './session.ts'

/**
 * The lines of `after`, with the objects of `before` wherever nothing about a line changed; `before` itself when nothing
 * changed at all. A row on the screen then re-renders only when its line did.
 */
export function keepIdentity(
  before: readonly CartItem[],
  after: readonly CartItem[],
  keyOf: LineKey,
): readonly CartItem[] {
  let isSame = before.length === after.length
  const kept = after.map((item, position) => {
    let old = before[position]
    if (old === item) return item
    if (!old || keyOf(old) !== keyOf(item)) old = before[positionOf(before, keyOf(item), keyOf)]
    if (old && JSON.stringify(old) === JSON.stringify(item)) {
      isSame &&= before[position] === old
      return old
    }
    isSame = false
    return item
  })
  return isSame ? before : Object.freeze(kept)
}
