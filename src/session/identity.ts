import { changedRange } from './line-changes.ts'
import { positionOf } from './lines.ts'
import type { LineKey } from './line-key.ts'
import type { CartItem, CustomerSession } from './session.ts'

/**
 * The lines of `after`, with the objects of `before` wherever nothing about a line changed; `before` itself when nothing
 * changed at all. A row on the screen then re-renders only when its line did.
 */
export function keepIdentity(
  before: readonly CartItem[],
  after: readonly CartItem[],
  keyOf: LineKey,
): readonly CartItem[] {
  const [start, left, right] = changedRange(before, after)
  let isSame = left === right
  const kept = [...after]
  for (let position = start; position < right; position++) {
    const item = after[position] as CartItem
    let old = before[position]
    if (!old || keyOf(old) !== keyOf(item)) old = before[positionOf(before, keyOf(item), keyOf)]
    if (old && JSON.stringify(old) === JSON.stringify(item)) kept[position] = old
    isSame &&= before[position] === kept[position]
  }
  return isSame ? before : Object.freeze(kept)
}

/** A session with the lines that are shown wherever {@link keepIdentity} finds them the same. */
export function keepLines(shown: CustomerSession, session: CustomerSession, keyOf: LineKey): CustomerSession {
  try {
    return Object.freeze({ ...session, cartItems: keepIdentity(shown.cartItems, session.cartItems, keyOf) })
  } catch {
    // An app's line key may fail on a line of another device.
    return session
  }
}
