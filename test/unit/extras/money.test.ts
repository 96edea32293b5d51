import { Big } from 'big.js'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { currencyDigits, formatMoney, fromMinorUnits, minorUnits } from '../../../src/money/index.ts'
import { prices } from '../../support/arbitraries.ts'

const CURRENCIES = ['EUR', 'JPY', 'KWD'] as const

test('amounts look as Intl.NumberFormat has them', () => {
  expect(formatMoney(1234.5, 'EUR', 'de')).toBe(
    new Intl.NumberFormat('de', { style: 'currency', currency: 'EUR' }).format(1234.5),
  )
  expect([...CURRENCIES].map(currencyDigits)).toEqual([2, 0, 3])
  expect(formatMoney(1, 'EUR')).toBe(new Intl.NumberFormat(undefined, { style: 'currency', currency: 'EUR' }).format(1))
})

test('minor units are those of exact arithmetic, half of one away from nought', () => {
  Big.strict = false
  fc.assert(
    fc.property(
      prices.filter(price => price < 1e11),
      fc.constantFrom(...CURRENCIES),
      fc.constantFrom(1, -1),
      (price, currency, sign) => {
        const digits = currencyDigits(currency)
        const exact = new Big(String(price)).times(10 ** digits).round(0, Big.roundHalfUp)
        expect(minorUnits(sign * price, currency)).toBe(sign * Number(exact) + 0)
      },
    ),
  )
})

test('minor units and back is the amount, wherever it has no more digits', () => {
  fc.assert(
    fc.property(fc.integer({ min: -1e12, max: 1e12 }), fc.constantFrom(...CURRENCIES), (units, currency) => {
      expect(minorUnits(fromMinorUnits(units, currency), currency)).toBe(units)
    }),
  )
})

test.each([
  () => minorUnits(NaN, 'EUR'),
  () => minorUnits(1e15, 'KWD'),
  () => minorUnits(1, 'euro'),
  () => fromMinorUnits(1.5, 'EUR'),
  () => formatMoney(1, ''),
  () => formatMoney(1, 'EUR', 'not a language'),
])('what is no amount, currency or language is refused: %s', job => {
  expect(job).toThrow(expect.objectContaining({ code: 'invalid-argument' }))
})
