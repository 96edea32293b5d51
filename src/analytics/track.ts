import type { CartItem, SessionCart } from '../index.ts'
import { ZERO, add, decimal, toNumber } from '../session/decimal.ts'
import { lineChanges } from '../session/line-changes.ts'

/** Units that the shopper put in or took out. */
export interface CartEvent {
  readonly name: 'add_to_cart' | 'remove_from_cart'
  /** The line as it is now, or was when it is gone. */
  readonly item: CartItem
  /** The key of the line. */
  readonly line: string
  /** How many units came or went; above 0. */
  readonly quantity: number
  /** Price × `quantity` in major units, exact; additional costs left out. Undefined without a price. */
  readonly value: number | undefined
  /** ISO 4217 code. */
  readonly currency: string
}

// The commands that are about how many. Another size of what is there, a kept cart or an adopted one is no sale.
const COUNTING = /^(addItem|changeQuantity|setQuantity|removeItem|clearItems|restoreItem)$/

function valueOf({ price }: CartItem, quantity: number): number | undefined {
  return price === undefined ? undefined : toNumber(add(ZERO, decimal(price), quantity))
}

/**
 * Tells each time what the shopper put in or took out on this page, as analytics counts it: the units of that click, never
 * those of a replay, a roll-back, a reload or another tab. An undo is the opposite event; a cart that is cleared is one event
 * for each line. A click that changes nothing is none, and neither is another price or attribute.
 *
 * A click counts when it is given. Should the server reject it later, there is a notice, and the event stays told.
 *
 * @param listener Called after the stores show it.
 * @returns Stops it.
 *
 * @example
 * const stop = trackCart(cart, ({ name, item, quantity, value }) => tell(name, item.sku, quantity, value))
 * cart.changeQuantity('MUG-01', +2) // tells 'add_to_cart', 'MUG-01', 2, 25
 * stop()
 */
export function trackCart(cart: SessionCart, listener: (event: CartEvent) => void): () => void {
  const { currency, lineKey } = cart.inspect().limits
  return cart.onCommand(({ mutation, before, after }) => {
    if (!COUNTING.test(mutation.name)) return
    for (const { key: line, before: old, after: now } of lineChanges(before.cartItems, after.cartItems, lineKey)) {
      const by = (now?.quantity ?? 0) - (old?.quantity ?? 0)
      const item = now ?? old
      if (!by || !item) continue
      const quantity = Math.abs(by)
      const name = by > 0 ? 'add_to_cart' : 'remove_from_cart'
      listener({ name, item, line, quantity, value: valueOf(item, quantity), currency })
    }
  })
}
