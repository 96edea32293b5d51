import { Big } from 'big.js'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { ZERO, add, decimal, toNumber } from '../../../src/session/decimal.ts'
import { emptySession, type CartItem, type CustomerSession } from '../../../src/session/session.ts'
import { lineTotal, totalsOf, withTotal } from '../../../src/session/totals.ts'
import { lines, prices } from '../../support/arbitraries.ts'

const finite = fc.oneof(
  fc.constantFrom(1e21, -1e21, 1.5e300, -5e-324, Number.MAX_VALUE, 123e20, 0.1, -0.3),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(value => value + 0),
)
const discounts = fc.dictionary(fc.string(), prices, { maxKeys: 4 })

function sessionOf(cartItems: readonly CartItem[], fields: Partial<CustomerSession> = {}): CustomerSession {
  return withTotal({ ...emptySession('s'), cartItems, ...fields })
}

function sum(parts: readonly Big[]): Big {
  return parts.reduce((total, part) => total.plus(part), new Big(0))
}

function remaining({ quantity, returnedQuantity = 0 }: CartItem): number {
  return quantity - returnedQuantity
}

test('a double goes through the exact decimal and comes back bit for bit', () => {
  fc.assert(
    fc.property(finite, value => {
      expect(Object.is(toNumber(decimal(value)), value)).toBe(true)
      expect(toNumber(ZERO)).toBe(0)
    }),
    { numRuns: 5000 },
  )
})

test('a line comes to its price and costs for the units that were not returned, exactly', () => {
  expect(lineTotal({ sku: 'A', price: 1.1, quantity: 3 })).toBe(3.3)
  expect(lineTotal({ sku: 'A', price: 1.1, quantity: 3, returnedQuantity: 2, remainingQuantity: 1 })).toBe(1.1)
  expect(lineTotal({ sku: 'A', quantity: 3, additionalCosts: { wrapping: { price: 0.1 } } })).toBe(0.3)
})

test('sums and differences of decimals of any size are those of arbitrary precision', () => {
  fc.assert(
    fc.property(finite, finite, fc.integer({ min: -10_000, max: 10_000 }), (one, other, times) => {
      const exact = new Big(String(one)).plus(new Big(String(other)).times(times))
      // Below the smallest double a negative sum rounds to −0, which is nought all the same.
      expect(toNumber(add(decimal(one), decimal(other), times)) + 0).toBe(Number(exact.toFixed()) + 0)
      expect(toNumber(add(decimal(one), decimal(one), -1))).toBe(0)
    }),
    { numRuns: 2000 },
  )
})

test('items, additional costs, total, discount and payable are each the exact sum', () => {
  fc.assert(
    fc.property(lines, discounts, (cartItems, given) => {
      const items = sum(cartItems.map(item => new Big(String(item.price ?? 0)).times(remaining(item))))
      const costs = sum(
        cartItems.flatMap(item =>
          Object.values(item.additionalCosts ?? {}).map(({ price }) => new Big(String(price)).times(remaining(item))),
        ),
      )
      const discount = sum(Object.values(given).map(value => new Big(String(value))))
      const session = sessionOf(cartItems, { discounts: given })
      const totals = totalsOf(session, true)
      expect(totals).toEqual({
        items: Number(items.toFixed()),
        additionalCosts: Number(costs.toFixed()),
        total: Number(items.plus(costs).toFixed()),
        discount: Number(discount.toFixed()),
        payable: Math.max(0, Number(items.plus(costs).minus(discount).toFixed())),
        estimated: cartItems.some(({ price }) => price === undefined),
      })
      expect(totals.total).toBe(session.total)
      expect(Object.isFrozen(totals)).toBe(true)
    }),
    { numRuns: 2000 },
  )
})

test('payable is rounded once, from the exact difference, and never below nought', () => {
  const cartItems = [{ sku: 'A', quantity: 3, price: 0.1 }]
  const payable = (off: Record<string, number>) => totalsOf(sessionOf(cartItems, { discounts: off }), true).payable
  expect(payable({ a: 0.1, b: 0.1 })).toBe(0.1)
  expect(payable({ a: 0.3 })).toBe(0)
  expect(payable({ a: 0.1, b: 0.21 })).toBe(0)
  expect(payable({ a: -0.1 })).toBe(0.4)
})

test('totals are estimated until the server has confirmed them, and while a price is missing', () => {
  const priced = sessionOf([{ sku: 'A', quantity: 1, price: 0 }])
  const unpriced = sessionOf([{ sku: 'A', quantity: 1 }])
  const estimated = (session: CustomerSession, isConfirmed: boolean) => totalsOf(session, isConfirmed).estimated
  expect([estimated(priced, true), estimated(priced, false)]).toEqual([false, true])
  expect([estimated(unpriced, true), estimated(unpriced, false)]).toEqual([true, true])
})

test('what has come back costs nothing any more, its additional costs neither', () => {
  const additionalCosts = { deposit: { price: 0.25 } }
  const line = { sku: 'A', quantity: 3, price: 1.1, additionalCosts, returnedQuantity: 2, remainingQuantity: 1 }
  expect(sessionOf([line]).total).toBe(1.35)
  expect(sessionOf([{ ...line, returnedQuantity: 3, remainingQuantity: 0 }]).total).toBe(0)
})

test('a total that was claimed is never believed, and the session comes back frozen', () => {
  const session = withTotal({ ...emptySession('s'), total: 99 })
  expect(session.total).toBe(0)
  expect(Object.isFrozen(session)).toBe(true)
})
