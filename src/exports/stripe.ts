import type { CustomerSession } from '../index.ts'
import { nameOf, plainAttributes, soldOf, times } from './amounts.ts'
import { atDigits, fitsDigits } from '../money/rounding.ts'
import { ZERO, add, decimal, toNumber, type Decimal } from '../session/decimal.ts'

/** One entry of `line_items` when a Stripe Checkout Session is created. */
export interface StripeLineItem {
  readonly price_data: {
    /** ISO 4217 code in small letters. */
    readonly currency: string
    readonly product_data: {
      readonly name: string
      readonly description?: string
      readonly metadata: { readonly sku: string }
    }
    /** The smallest unit of the currency, as Stripe counts it. */
    readonly unit_amount?: number
    /** In place of `unit_amount` for a price with a fraction of that unit. */
    readonly unit_amount_decimal?: string
  }
  readonly quantity: number
}

/** What a Stripe coupon that takes a fixed amount off is created with. */
export interface StripeCoupon {
  /** The smallest unit of the currency, as Stripe counts it. */
  readonly amount_off: number
  /** ISO 4217 code in small letters. */
  readonly currency: string
  readonly duration: 'once'
  readonly name: string
}

// Stripe's own lists, which are not ISO 4217. https://docs.stripe.com/currencies
const ZERO_DECIMAL = /^(BIF|CLP|DJF|GNF|JPY|KMF|KRW|MGA|PYG|RWF|VND|VUV|XAF|XOF|XPF)$/
const THREE_DECIMAL = /^(BHD|JOD|KWD|OMR|TND)$/
// Without a fraction, but still counted in hundredths.
const WHOLE = /^(ISK|UGX)$/

// At most so many decimal places. https://docs.stripe.com/api/checkout/sessions/create
const MAX_DECIMALS = 12
const MAX_METADATA = 500
// https://docs.stripe.com/api/coupons/create
const MAX_COUPON_NAME = 40

interface StripeUnit {
  /** Digits after the point of what Stripe counts. */
  readonly digits: number
  /** Digits that may be other than 0. */
  readonly free: number
}

function unitOf(currency: string): StripeUnit {
  if (ZERO_DECIMAL.test(currency)) return { digits: 0, free: 0 }
  // Of the three digits that are sent, the last has to be 0.
  if (THREE_DECIMAL.test(currency)) return { digits: 3, free: 2 }
  return { digits: 2, free: WHOLE.test(currency) ? 0 : 2 }
}

function roundedTo({ digits, free }: StripeUnit, amount: Decimal): number {
  return Number(atDigits(amount, free) * 10n ** BigInt(digits - free))
}

function unitAmount(currency: string, amount: Decimal): { unit_amount: number } | { unit_amount_decimal: string } {
  const unit = unitOf(currency)
  const { digits, free } = unit
  if (free < digits || fitsDigits(amount, digits)) return { unit_amount: roundedTo(unit, amount) }
  const text = String(atDigits(amount, digits + MAX_DECIMALS)).padStart(MAX_DECIMALS + 1, '0')
  const fraction = text.slice(-MAX_DECIMALS).replace(/0+$/, '')
  const whole = text.slice(0, -MAX_DECIMALS)
  return fraction ? { unit_amount_decimal: `${whole}.${fraction}` } : { unit_amount: Number(whole) }
}

/**
 * The lines as `line_items` of a Stripe Checkout Session; each additional cost is a line of its own. Made on your server, from
 * the session that the server has: prices of a browser are not to be charged.
 *
 * Amounts are exact, in the unit that Stripe counts: cents for most, whole yen, thousandths for KWD (rounded to ten of them, as
 * Stripe requires, each unit price by itself). A discount is no line: make a coupon of {@link toStripeCoupon}.
 *
 * Sources: https://docs.stripe.com/currencies, https://docs.stripe.com/api/checkout/sessions/create
 *
 * @param currency ISO 4217 code.
 * @throws SessionCartError with code `invalid-item` for a line without a price, or with a negative one.
 *
 * @example
 * const items = toStripeLineItems({ cartItems: [{ sku: 'MUG-01', name: 'Mug', price: 12.5, quantity: 2 }] }, 'EUR')
 * items[0].price_data.unit_amount // 1250
 */
export function toStripeLineItems(
  { cartItems }: Pick<CustomerSession, 'cartItems'>,
  currency: string,
): readonly StripeLineItem[] {
  return soldOf(cartItems).flatMap(({ item, quantity, price, costs }) => {
    const metadata = { sku: item.sku.slice(0, MAX_METADATA) }
    const description = plainAttributes(item.attributes)
      .map(([name, value]) => `${name}: ${value}`)
      .join(', ')
    const line = (name: string, amount: Decimal): StripeLineItem => ({
      price_data: {
        currency: currency.toLowerCase(),
        product_data: { name, ...(description && { description }), metadata },
        ...unitAmount(currency, amount),
      },
      quantity,
    })
    return [line(nameOf(item), price), ...costs.map(([name, amount]) => line(`${nameOf(item)}: ${name}`, amount))]
  })
}

/**
 * The session's discounts as what a Stripe coupon is created with, for `discounts: [{ coupon }]` of the Checkout Session. It
 * takes off at most the total, so nothing is owed to the shopper.
 *
 * Sources: https://docs.stripe.com/api/coupons/create, https://docs.stripe.com/payments/checkout/discounts
 *
 * @param currency ISO 4217 code.
 * @returns undefined when there is nothing to take off
 * @throws SessionCartError with code `invalid-item` for a line without a price, or with a negative one.
 *
 * @example
 * toStripeCoupon({ cartItems: [{ sku: 'A', price: 20, quantity: 1 }], discounts: { Welcome: 5 } }, 'EUR').amount_off // 500
 */
export function toStripeCoupon(
  { cartItems, discounts }: Pick<CustomerSession, 'cartItems' | 'discounts'>,
  currency: string,
): StripeCoupon | undefined {
  const unit = unitOf(currency)
  const discount = Object.values(discounts).reduce((sum, value) => add(sum, decimal(value)), ZERO)
  const total = soldOf(cartItems)
    .flatMap(({ quantity, price, costs }) => [price, ...costs.map(([, cost]) => cost)].map(one => times(one, quantity)))
    .reduce((sum, amount) => add(sum, amount), ZERO)
  const amount = Math.min(roundedTo(unit, discount), roundedTo(unit, total))
  if (amount <= 0 || toNumber(discount) <= 0) return
  const name = Object.keys(discounts).join(', ').slice(0, MAX_COUPON_NAME)
  return { amount_off: amount, currency: currency.toLowerCase(), duration: 'once', name }
}
