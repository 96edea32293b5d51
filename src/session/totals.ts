import { ZERO, add, decimal, toNumber, type Decimal } from './decimal.ts'
import { factsOf, recount, type LineFacts } from './lines.ts'
import type { CartItem, CustomerSession } from './session.ts'

/** The sums a shopper sees, in major units of the cart's currency, each exact to the last digit a double can show. */
export interface Totals {
  /** Σ price × quantity of the lines. */
  readonly items: number
  /** Σ additional costs × quantity of the lines. */
  readonly additionalCosts: number
  /** `items` + `additionalCosts`: the session's `total`. */
  readonly total: number
  /** Σ of the session's discounts. */
  readonly discount: number
  /** `total` − `discount`, never below 0. */
  readonly payable: number
  /** True while the server has not confirmed what is shown, and while an item has no price. */
  readonly estimated: boolean
}

function discountOf(session: CustomerSession): Decimal {
  return Object.values(session.discounts).reduce((sum, value) => add(sum, decimal(value)), ZERO)
}

function totalOf(facts: LineFacts): Decimal {
  return add(facts.prices, facts.costs)
}

/**
 * The totals of a session.
 *
 * @param session The session.
 * @param confirmed Whether the server has confirmed it; without a server, always.
 */
export function totalsOf(session: CustomerSession, confirmed: boolean): Totals {
  const facts = factsOf(session.cartItems)
  const total = totalOf(facts)
  const discount = discountOf(session)
  // Every number is made from its text, which takes a while; most carts have one sum, and it is known.
  const items = facts.costs.units === 0n ? session.total : toNumber(facts.prices)
  return Object.freeze({
    items,
    additionalCosts: toNumber(facts.costs),
    total: session.total,
    discount: toNumber(discount),
    payable: discount.units === 0n ? Math.max(0, session.total) : Math.max(0, toNumber(add(total, discount, -1))),
    estimated: !confirmed || facts.unpriced > 0,
  })
}

/**
 * What a line comes to, in major units of the cart's currency, exact: its price and additional costs × the units that were not
 * returned. A line without a price comes to its costs.
 *
 * @example
 * lineTotal({ sku: 'MUG-01', price: 19.99, quantity: 3 }) // 59.97
 */
export function lineTotal(item: CartItem): number {
  return toNumber(totalOf(recount([item])))
}

/** The session, frozen, with `total` derived from its lines. */
export function withTotal(session: CustomerSession): CustomerSession {
  return Object.freeze({ ...session, total: toNumber(totalOf(factsOf(session.cartItems))) })
}
