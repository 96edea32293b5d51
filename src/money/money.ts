import { SessionCartError } from '../index.ts'
import { decimal, toNumber } from '../session/decimal.ts'
import { atDigits } from './rounding.ts'

// A formatter costs more to make than a thousand amounts to format. A page has a handful of them.
const formatters = /* @__PURE__ */ new Map<string, Intl.NumberFormat>()

function formatterOf(currency: string, locale?: string): Intl.NumberFormat {
  const key = `${currency} ${locale ?? ''}`
  let formatter = formatters.get(key)
  if (!formatter) {
    try {
      formatter = new Intl.NumberFormat(locale, { style: 'currency', currency })
    } catch (cause) {
      throw new SessionCartError(
        'invalid-argument',
        `${JSON.stringify(currency)} is no ISO 4217 code, or ${JSON.stringify(locale)} is no language tag.`,
        cause,
      )
    }
    formatters.set(key, formatter)
  }
  return formatter
}

function checkNumber(name: string, value: number, isFit: boolean, needs: string): void {
  if (!isFit) throw new SessionCartError('invalid-argument', `${name} is ${String(value)}; it has to be ${needs}.`)
}

/**
 * An amount as a shopper reads it, by `Intl.NumberFormat`. The formatters are kept, so a list of a thousand prices is cheap.
 *
 * @param amount Major units.
 * @param currency ISO 4217 code.
 * @param locale BCP 47 language tag. @defaultValue the browser's
 * @throws SessionCartError with code `invalid-argument`.
 *
 * @example
 * formatMoney(12.5, 'EUR', 'en') // '€12.50'
 * formatMoney(1200, 'JPY', 'en') // '¥1,200'
 */
export function formatMoney(amount: number, currency: string, locale?: string): string {
  return formatterOf(currency, locale).format(amount)
}

/**
 * How many digits an amount of a currency has after the point: 2 for EUR, 0 for JPY, 3 for KWD.
 *
 * Source: ISO 4217, as `Intl.NumberFormat` knows it (https://tc39.es/ecma402/#sec-currencydigits)
 *
 * @throws SessionCartError with code `invalid-argument`.
 *
 * @example
 * currencyDigits('KWD') // 3
 */
export function currencyDigits(currency: string): number {
  return formatterOf(currency, 'en').resolvedOptions().maximumFractionDigits ?? 2
}

/**
 * An amount in minor units, such as cents: exact, never by a multiplication of doubles. What a minor unit cannot hold is
 * rounded, half of one away from nought, as it is shown.
 *
 * @param amount Major units.
 * @param currency ISO 4217 code.
 * @throws SessionCartError with code `invalid-argument` for what is no finite number, or too large to be exact in a number.
 *
 * @example
 * minorUnits(19.99, 'EUR') // 1999
 * minorUnits(1.005, 'EUR') // 101
 * minorUnits(0.125, 'KWD') // 125
 */
export function minorUnits(amount: number, currency: string): number {
  const digits = currencyDigits(currency)
  checkNumber('amount', amount, Number.isFinite(amount), 'a finite number')
  const units = Number(atDigits(decimal(amount), digits))
  checkNumber('amount', amount, Number.isSafeInteger(units), 'small enough to be counted in minor units')
  return units
}

/**
 * An amount in major units, from minor ones; exact.
 *
 * @param units A whole number of minor units.
 * @param currency ISO 4217 code.
 * @throws SessionCartError with code `invalid-argument`.
 *
 * @example
 * fromMinorUnits(1999, 'EUR') // 19.99
 */
export function fromMinorUnits(units: number, currency: string): number {
  const scale = currencyDigits(currency)
  checkNumber('units', units, Number.isSafeInteger(units), 'a whole number')
  return toNumber({ units: BigInt(units), scale })
}
