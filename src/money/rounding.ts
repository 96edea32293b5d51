import type { Decimal } from '../session/decimal.ts'

/**
 * A decimal as a whole number of its `digits`-th digits: 12.345 at 2 is 1235. What lies half way goes away from nought, as
 * `Intl.NumberFormat` does it, so that what is sent is what was shown.
 */
export function atDigits({ units, scale }: Decimal, digits: number): bigint {
  if (scale <= digits) return units * 10n ** BigInt(digits - scale)
  const divisor = 10n ** BigInt(scale - digits)
  const size = units < 0n ? -units : units
  const rounded = (size * 2n + divisor) / (divisor * 2n)
  return units < 0n ? -rounded : rounded
}

/** Whether nothing is lost at so many digits. */
export function fitsDigits({ units, scale }: Decimal, digits: number): boolean {
  return scale <= digits || units % 10n ** BigInt(scale - digits) === 0n
}
