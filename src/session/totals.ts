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
  const { total } = session
  const facts = factsOf(session.cartItems)
  const discount = discountOf(session)
  // A number is made from its text, which takes a while; in most carts all are the one that is known.
  return Object.freeze({
    items: facts.costs.units ? toNumber(facts.prices) : total,
    additionalCosts: toNumber(facts.costs),
    total,
    discount: toNumber(discount),
    payable: Math.max(0, discount.units ? toNumber(add(totalOf(facts), discount, -1)) : total),
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
