/**
 * Makes what shows an amount in a currency. A formatter costs a hundred times what it takes to use it, and a page without
 * money needs none: it is made once, when the first amount is shown.
 */
export function createFormat(locale: string | undefined, currency: string): (amount: number) => string {
  let formatter: Intl.NumberFormat | undefined
  return amount => (formatter ??= new Intl.NumberFormat(locale, { style: 'currency', currency })).format(amount)
}
