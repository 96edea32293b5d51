// The shop's promotions: one coupon that is granted, one that has expired. A shop on Talon.One has them come from there.

const digitsOf = currency =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits

/** A tenth of an amount, rounded half up to the digits of its currency, in whole numbers all the way. */
export function tenthOf(amount, currency) {
  const digits = digitsOf(currency)
  const [whole, fraction = ''] = amount.toFixed(digits + 1).split('.')
  const units = BigInt(whole + fraction)
  const tenth = ((units + 50n) / 100n).toString().padStart(digits + 1, '0')
  return Number(`${tenth.slice(0, tenth.length - digits)}.${tenth.slice(tenth.length - digits)}`)
}

/** What `createSessionHandler` asks after every change. */
export function promote(session, { currency }) {
  const { coupon, total } = session
  if (!coupon) return {}
  if (coupon.toUpperCase() === 'WELCOME10') return { discounts: { WELCOME10: tenthOf(total, currency) } }
  const reason = coupon.toUpperCase() === 'EXPIRED' ? 'CouponExpired' : 'CouponNotFound'
  return { rejected: [{ kind: 'coupon', reason }] }
}
