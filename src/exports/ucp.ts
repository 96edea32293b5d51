import { lineKey, type CustomerSession, type LineKey } from '../index.ts'
import { nameOf, soldOf, times } from './amounts.ts'
import { currencyDigits } from '../money/money.ts'
import { atDigits } from '../money/rounding.ts'
import { ZERO, add, decimal } from '../session/decimal.ts'

/** An amount of a breakdown, in minor units; a discount is negative. */
export interface UcpTotal {
  readonly type: 'subtotal' | 'discount' | 'fee' | 'total'
  readonly amount: number
  readonly display_text: string
}

/** A line of a UCP cart. */
export interface UcpLineItem {
  /** The key of the line. */
  readonly id: string
  readonly item: {
    readonly id: string
    readonly title: string
    /** Minor units, of one unit. */
    readonly price: number
  }
  readonly quantity: number
  readonly totals: readonly UcpTotal[]
}

/** The part of a UCP cart that a session knows. What names the protocol's version, `ucp`, is the shop's to add. */
export interface UcpCart {
  readonly id: string
  readonly line_items: readonly UcpLineItem[]
  /** ISO 4217 code. */
  readonly currency: string
  readonly totals: readonly UcpTotal[]
  readonly continue_url?: string
}

/** How a UCP cart is made. */
export interface UcpOptions {
  /** Where the shopper goes on with the cart. */
  readonly continueUrl?: string | undefined
  /** What the two sums are called. @defaultValue `Subtotal` and `Total` */
  readonly words?: { readonly subtotal: string; readonly total: string } | undefined
  /** The cart's own line key, if it has one. */
  readonly lineKey?: LineKey | undefined
}

/**
 * The session as a cart of the Universal Commerce Protocol, version 2026-04-08. Amounts are minor units; each amount is rounded
 * once, and the sums are those of the rounded amounts, so that they add up. Additional costs are fees.
 *
 * Sources: https://ucp.dev/2026-04-08/schemas/shopping/cart.json, https://ucp.dev/2026-04-08/specification/cart, and for
 * discounts, which are negative in the totals, https://developers.google.com/merchant/ucp/implementation/2026-04-08/promo-codes
 *
 * @param currency ISO 4217 code.
 * @throws SessionCartError with code `invalid-item` for a line without a price or with a negative one, `invalid-argument` for
 * what is no currency.
 *
 * @example
 * const session = { integrationId: 's1', cartItems: [{ sku: 'MUG-01', price: 12.5, quantity: 2 }], discounts: {} }
 * toUcp(session, 'EUR').line_items[0].item.price // 1250
 */
export function toUcp(
  { integrationId, cartItems, discounts }: Pick<CustomerSession, 'integrationId' | 'cartItems' | 'discounts'>,
  currency: string,
  options: UcpOptions = {},
): UcpCart {
  const { continueUrl, words = { subtotal: 'Subtotal', total: 'Total' }, lineKey: keyOf = lineKey } = options
  const digits = currencyDigits(currency)
  const minor = (amount: Parameters<typeof atDigits>[0]): number => Number(atDigits(amount, digits))
  const sum = (totals: readonly UcpTotal[]): number => totals.reduce((all, { amount }) => all + amount, 0)
  const subtotalOf = (amount: number): UcpTotal => ({ type: 'subtotal', amount, display_text: words.subtotal })
  const totalOf = (amount: number): UcpTotal => ({ type: 'total', amount, display_text: words.total })

  const fees = new Map<string, number>()
  const lines = soldOf(cartItems).map(({ item, quantity, price, costs }): UcpLineItem => {
    const parts = [
      subtotalOf(minor(times(price, quantity))),
      ...costs.map(([name, cost]): UcpTotal => {
        const amount = minor(times(cost, quantity))
        fees.set(name, (fees.get(name) ?? 0) + amount)
        return { type: 'fee', amount, display_text: name }
      }),
    ]
    return {
      id: keyOf(item),
      item: { id: item.sku, title: nameOf(item), price: minor(price) },
      quantity,
      totals: [...parts, totalOf(sum(parts))],
    }
  })
  const parts = [
    subtotalOf(lines.reduce((all, { totals }) => all + (totals[0]?.amount ?? 0), 0)),
    ...[...fees].map(([name, amount]): UcpTotal => ({ type: 'fee', amount, display_text: name })),
  ]
  // No more is taken off than there is.
  let left = sum(parts)
  for (const [name, value] of Object.entries(discounts)) {
    const amount = Math.min(left, minor(add(ZERO, decimal(value))))
    left -= amount
    if (amount) parts.push({ type: 'discount', amount: -amount, display_text: name })
  }
  return {
    id: integrationId,
    line_items: lines,
    currency,
    totals: [...parts, totalOf(left)],
    ...(continueUrl !== undefined && { continue_url: continueUrl }),
  }
}
