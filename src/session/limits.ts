import { lineKey, type LineKey } from './line-key.ts'

/** What a session may hold. The defaults are Talon.One's; a cart with an endpoint can only tighten them. */
export interface Limits {
  /** ISO 4217 code of the session's one currency. */
  readonly currency: string
  /** Lines. @defaultValue 1000 */
  readonly maxItems: number
  /** Units in all lines together. @defaultValue 10000 */
  readonly maxUnits: number
  /** Lowest price of an item or an additional cost, in major units. @defaultValue 0 */
  readonly minPrice: number
  /** Highest price of an item or an additional cost, in major units. @defaultValue 1e15 */
  readonly maxPrice: number
  /** Characters of a coupon or referral code. @defaultValue 100 */
  readonly maxCodeLength: number
  /** Identifiers. @defaultValue 5 */
  readonly maxIdentifiers: number
  /** Characters of an item's or the session's attributes as JSON text. @defaultValue 10000 */
  readonly maxAttributesLength: number
  /** Which items are one line. @defaultValue `lineKey` */
  readonly lineKey: LineKey
}

/**
 * The default limits for a currency.
 *
 * Source of the numbers: https://docs.talon.one/integration-api#tag/Customer-sessions/operation/updateCustomerSessionV2
 */
export function defaultLimits(currency: string): Limits {
  return {
    currency,
    maxItems: 1000,
    maxUnits: 10_000,
    minPrice: 0,
    maxPrice: 1e15,
    maxCodeLength: 100,
    maxIdentifiers: 5,
    maxAttributesLength: 10_000,
    lineKey,
  }
}
