import { atom, batch, type ReadableAtom, type WritableAtom } from 'nanostores'
import { changedRange } from '../session/line-changes.ts'
import { positionOf } from '../session/lines.ts'
import type { Attributes, Json } from '../session/json.ts'
import type { LineKey } from '../session/line-key.ts'
import type { Notice } from '../session/protocol.ts'
import type { CartItem, CustomerSession } from '../session/session.ts'
import type { Totals } from '../session/totals.ts'
import { report } from './report.ts'
import type { Status } from './status.ts'

export type { ReadableAtom }

/** All that the stores show, at one moment. */
export interface Snapshot {
  readonly session: CustomerSession
  readonly totals: Totals
  readonly quantity: number
  readonly status: Status
  readonly notices: readonly Notice[]
  readonly effects: readonly Json[]
}

/** What an app sees of a cart: each a nanostores atom, changed only by the cart. */
export interface CartStores<SessionAttributes = Attributes, ItemAttributes = Attributes> {
  /** The whole entity, its total recomputed. */
  readonly $session: ReadableAtom<CustomerSession<SessionAttributes, ItemAttributes>>
  /** The lines, frozen; lines that did not change keep their identity. */
  readonly $items: ReadableAtom<readonly CartItem<ItemAttributes>[]>
  /** The sums, in major units. */
  readonly $totals: ReadableAtom<Totals>
  /** Units in the cart. */
  readonly $quantity: ReadableAtom<number>
  /** Where the cart stands. */
  readonly $status: ReadableAtom<Status>
  /** What was rejected, limited or changed, kept until it is dismissed. */
  readonly $notices: ReadableAtom<readonly Notice[]>
  /**
   * What the promotion engine said of the session beyond discounts, as it came: loyalty points, giveaways and what else it
   * knows. Empty without an endpoint and while an answer is estimated.
   */
  readonly $effects: ReadableAtom<readonly Json[]>
  /** One line; its store stays quiet while other lines change. The same key gives the same store. */
  line(key: string): ReadableAtom<CartItem<ItemAttributes> | undefined>
}

/** The stores, and the one way to change them. */
export interface Stores extends CartStores {
  /** Shows a snapshot: every store has its new value before the first listener runs. */
  publish(snapshot: Snapshot): void
}

function isSame<Shown extends object>(one: Shown, other: Shown): boolean {
  for (const name in one) if (one[name] !== other[name]) return false
  return true
}

/**
 * Creates the stores of a cart.
 *
 * @param first What they show until the cart is loaded, on a server too: it is every store's `init`.
 * @param keyOf The cart's line key.
 */
export function createStores(first: Snapshot, keyOf: LineKey): Stores {
  const $session = atom(first.session)
  const $items = atom(first.session.cartItems)
  const $totals = atom(first.totals)
  const $quantity = atom(first.quantity)
  const $status = atom(first.status)
  const $notices = atom(first.notices)
  const $effects = atom(first.effects)
  const lines = new Map<string, WritableAtom<CartItem | undefined>>()

  // Only lines that changed are looked up.
  function updateLines(before: readonly CartItem[], after: readonly CartItem[]): void {
    const [start, left, right] = changedRange(before, after)
    const changed = new Map<string, CartItem | undefined>()
    for (const item of before.slice(start, left)) changed.set(keyOf(item), undefined)
    for (const item of after.slice(start, right)) changed.set(keyOf(item), item)
    for (const [key, item] of changed) lines.get(key)?.set(item)
  }

  return {
    $session,
    $items,
    $totals,
    $quantity,
    $status,
    $notices,
    $effects,
    line(key) {
      let $line = lines.get(key)
      if (!$line) {
        const items = $items.value
        lines.set(key, ($line = atom(items[positionOf(items, key, keyOf)])))
      }
      return $line
    },
    publish({ session, totals, quantity, status, notices, effects }) {
      const before = $items.value
      try {
        batch(() => {
          $session.set(session)
          if (session.cartItems !== before) {
            if (lines.size) updateLines(before, session.cartItems)
            $items.set(session.cartItems)
          }
          if (!isSame(totals, $totals.value)) $totals.set(totals)
          $quantity.set(quantity)
          if (!isSame(status, $status.value)) $status.set(status)
          $notices.set(notices)
          if (effects.length || $effects.value.length) $effects.set(effects)
        })
      } catch (error) {
        report(error)
      }
    },
  }
}
