const formats = new Map()

/** An amount in words of money; Intl knows the digits (euro 2, yen 0, dinar 3) and the reader's way of writing them. */
export function formatMoney(amount, currency) {
  let format = formats.get(currency)
  if (!format) {
    format = new Intl.NumberFormat(undefined, { style: 'currency', currency, currencyDisplay: 'narrowSymbol' })
    formats.set(currency, format)
  }
  return format.format(amount)
}

/**
 * What a line comes to, for display only. The product of two floats is off by less than a part in 10^15, which rounding
 * to the currency's digits takes away again; sums, where such errors add up, are left to the cart.
 */
export const lineAmount = item => (item.price ?? 0) * item.quantity
