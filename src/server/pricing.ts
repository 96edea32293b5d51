import { canonicalJson, copyJson, isText } from '../session/json.ts'
import type { Limits } from '../session/limits.ts'
import { positionOf, withLine } from '../session/lines.ts'
import type { Notice } from '../session/protocol.ts'
import type { AdditionalCost, CartItem, CustomerSession } from '../session/session.ts'
import { withTotal } from '../session/totals.ts'

/** What the shop says about a line. The line takes price and costs from here alone: what is absent here, it has not. */
export interface Quote {
  /** Price of one unit in major units of the session's currency. Without it the line has no price. */
  readonly price?: number | undefined
  /** Costs of one unit beyond its price, by name. Without them the line has none. */
  readonly additionalCosts?: { readonly [name: string]: AdditionalCost } | undefined
  /** The most units the line may have; 0 takes it out. @defaultValue no limit */
  readonly limit?: number | undefined
  /** Why there is a limit, such as `OutOfStock`; handed on in the notice. */
  readonly reason?: string | undefined
}

/** What a repriced line has to be told of. Id, writer and time are added by who records it. */
export type PriceRemark = Pick<Notice, 'code' | 'line' | 'from' | 'to' | 'reason'>

/** The result of {@link priceLines}. */
export interface Priced {
  readonly session: CustomerSession
  readonly remarks: readonly PriceRemark[]
  /** Whether a line differs from what the mutation alone made of it. */
  readonly changed: boolean
  /** Lines that no quote is known for yet. */
  readonly wanted: readonly CartItem[]
}

/** Finds what was quoted for a line as it stands. */
export type QuoteOf = (item: CartItem) => Quote | undefined

/**
 * Checks what a `priceItem` returned.
 *
 * @throws TypeError when it is not a {@link Quote}.
 */
export function toQuote(value: Quote | undefined): Quote {
  const { price, additionalCosts, limit, reason } = value ?? {}
  const costs = Object.entries(copyJson(additionalCosts ?? {}) as object as NonNullable<Quote['additionalCosts']>)
  const isSound =
    typeof (value ?? {}) === 'object' &&
    (reason === undefined || isText(reason)) &&
    (price === undefined || Number.isFinite(price)) &&
    costs.every(([, cost]) => Number.isFinite(cost.price)) &&
    (limit === undefined || (Number.isSafeInteger(limit) && limit >= 0))
  if (!isSound) throw new TypeError('priceItem has to return { price?, additionalCosts?, limit?, reason? }.')
  return {
    // −0 has no JSON of its own.
    price: price === undefined ? undefined : price + 0,
    additionalCosts: costs.length === 0 ? undefined : Object.fromEntries(costs),
    limit,
    reason,
  }
}

/** The name under which a quote for a line is remembered: the line as it stands, its quantity included. */
export function quoteKey(item: CartItem): string {
  return canonicalJson(item)
}

// Taking units out or back asks for no new price.
function withoutCounts(item: CartItem): string {
  return canonicalJson({ ...item, quantity: null, returnedQuantity: null, remainingQuantity: null })
}

function needsQuote(item: CartItem, old: CartItem | undefined): boolean {
  return !old || item.quantity > old.quantity || withoutCounts(item) !== withoutCounts(old)
}

function quotedItem(item: CartItem, { price, additionalCosts, limit = Infinity }: Quote): CartItem | undefined {
  if (limit === 0) return undefined
  const { price: _, additionalCosts: __, ...rest } = item
  return Object.freeze({
    ...rest,
    quantity: Math.min(item.quantity, limit),
    ...(price !== undefined && { price }),
    ...(additionalCosts && { additionalCosts }),
  })
}

// What the browser did not claim is not contradicted.
function remarksOf(line: string, claimed: CartItem, quote: Quote): PriceRemark[] {
  const { price, additionalCosts, limit = Infinity, reason } = quote
  const remarks: PriceRemark[] = []
  if (limit < claimed.quantity) {
    remarks.push({ code: 'quantity-limited', line, from: claimed.quantity, to: limit, reason })
  }
  if (limit === 0) return remarks
  if (claimed.price !== undefined && claimed.price !== price) {
    remarks.push({ code: 'price-changed', line, from: claimed.price, to: price })
  }
  if (claimed.additionalCosts && canonicalJson(claimed.additionalCosts) !== canonicalJson(additionalCosts ?? {})) {
    remarks.push({
      code: 'costs-changed',
      line,
      from: copyJson(claimed.additionalCosts),
      to: copyJson(additionalCosts ?? {}),
    })
  }
  return remarks
}

/**
 * Puts the shop's own prices and limits on every line that a mutation added, raised or altered.
 *
 * Pure: what `quoteOf` does not know is left as it is and named in `wanted`, so that the caller can ask for all of it at
 * once and come back.
 *
 * @param before The session before the mutation.
 * @param after The session after it.
 */
export function priceLines(before: CustomerSession, after: CustomerSession, quoteOf: QuoteOf, limits: Limits): Priced {
  const nothing = { session: after, remarks: [], changed: false, wanted: [] }
  if (before.cartItems === after.cartItems) return nothing
  const unchanged = new Set(before.cartItems)
  const wanted: CartItem[] = []
  const remarks: PriceRemark[] = []
  let cartItems = after.cartItems
  for (const item of after.cartItems) {
    if (unchanged.has(item)) continue
    const line = limits.lineKey(item)
    if (!needsQuote(item, before.cartItems[positionOf(before.cartItems, line, limits.lineKey)])) continue
    const quote = quoteOf(item)
    const priced = quote && quotedItem(item, quote)
    if (!quote) wanted.push(item)
    else if (!priced || canonicalJson(priced) !== canonicalJson(item)) {
      remarks.push(...remarksOf(line, item, quote))
      cartItems = withLine(cartItems, positionOf(cartItems, line, limits.lineKey), priced)
    }
  }
  if (cartItems === after.cartItems) return { ...nothing, wanted }
  return { session: withTotal({ ...after, cartItems }), remarks, changed: true, wanted }
}
