import { Big } from 'big.js'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { CartEvent } from '../../../src/analytics/index.ts'
import { toGa4Event, toGa4Items, toStripeCoupon, toStripeLineItems, toUcp } from '../../../src/exports/index.ts'
import type { CartItem } from '../../../src/index.ts'
import { prices } from '../../support/arbitraries.ts'

const MUG: CartItem = { sku: 'MUG-01', name: 'Mug', price: 12.5, quantity: 2 }
const TEE: CartItem = {
  sku: 'TEE',
  category: 'Shirts',
  price: 19.99,
  quantity: 3,
  returnedQuantity: 1,
  remainingQuantity: 2,
  attributes: { size: 'M', colour: 'red', nested: { a: 1 } },
  additionalCosts: { print: { price: 1.01 } },
}
const session = (...cartItems: CartItem[]) => ({ integrationId: 's1', cartItems, discounts: {} })

const stripeAmount = (price: number, currency: string): unknown => {
  const { unit_amount, unit_amount_decimal } = toStripeLineItems(
    session({ sku: 'A', price, quantity: 1 }),
    currency,
  )[0]!.price_data
  return unit_amount ?? unit_amount_decimal
}

test('lines become line items of a Stripe Checkout Session, additional costs lines of their own', () => {
  expect(toStripeLineItems(session(MUG, TEE), 'EUR')).toEqual([
    {
      price_data: {
        currency: 'eur',
        product_data: { name: 'Mug', metadata: { sku: 'MUG-01' } },
        unit_amount: 1250,
      },
      quantity: 2,
    },
    {
      price_data: {
        currency: 'eur',
        product_data: { name: 'TEE', description: 'size: M, colour: red', metadata: { sku: 'TEE' } },
        unit_amount: 1999,
      },
      quantity: 2,
    },
    {
      price_data: {
        currency: 'eur',
        product_data: { name: 'TEE: print', description: 'size: M, colour: red', metadata: { sku: 'TEE' } },
        unit_amount: 101,
      },
      quantity: 2,
    },
  ])
})

// https://docs.stripe.com/currencies
test.each([
  [10, 'USD', 1000],
  [500, 'JPY', 500],
  [5.124, 'KWD', 5120],
  [5.125, 'KWD', 5130],
  [5, 'ISK', 500],
  [5.5, 'UGX', 600],
  [700, 'HUF', 70_000],
  [0.125, 'EUR', '12.5'],
  [1e-7, 'EUR', '0.00001'],
  [1e-20, 'EUR', 0],
  [10.5, 'JPY', '10.5'],
  [1.005, 'EUR', '100.5'],
  [0, 'EUR', 0],
])('%d %s are %s in Stripe’s unit', (price, currency, amount) => {
  expect(stripeAmount(price, currency)).toBe(amount)
})

test('a price in Stripe’s unit is exact', () => {
  fc.assert(
    fc.property(
      prices.filter(price => price === 0 || (price > 1e-9 && price < 1e12)),
      price => {
        const amount = new Big(String(stripeAmount(price, 'EUR')))
        expect(amount.eq(new Big(String(price)).times(100).round(12, Big.roundHalfUp))).toBe(true)
      },
    ),
  )
})

test('a discount is a coupon, and never more than the total', () => {
  const of = (discounts: Record<string, number>, currency = 'EUR') =>
    toStripeCoupon({ cartItems: [MUG], discounts }, currency)
  expect(of({ 'Ten off': 10, Welcome: 2.505 })).toEqual({
    amount_off: 1251,
    currency: 'eur',
    duration: 'once',
    name: 'Ten off, Welcome',
  })
  expect(of({ All: 99 })?.amount_off).toBe(2500)
  expect(of({ Some: 1.234 }, 'KWD')?.amount_off).toBe(1230)
  expect(of({})).toBe(undefined)
  expect(of({ Nothing: 0 })).toBe(undefined)
})

test('a line without a price, or with one below nought, cannot be charged', () => {
  for (const item of [
    { sku: 'A', quantity: 1 },
    { sku: 'A', quantity: 1, price: -1 },
    { sku: 'A', quantity: 1, price: 1, additionalCosts: { fee: { price: -1 } } },
  ]) {
    expect(() => toStripeLineItems(session(item), 'EUR')).toThrow(expect.objectContaining({ code: 'invalid-item' }))
    expect(() => toUcp(session(item), 'EUR')).toThrow(expect.objectContaining({ code: 'invalid-item' }))
  }
  expect(toStripeLineItems(session({ sku: 'A', quantity: 1, returnedQuantity: 1 }), 'EUR')).toEqual([])
})

test('lines become items of GA4, and events its events', () => {
  expect(toGa4Items([MUG, { ...MUG, returnedQuantity: 2 }, TEE])).toEqual([
    { item_id: 'MUG-01', item_name: 'Mug', price: 12.5, quantity: 2, index: 0 },
    { item_id: 'TEE', item_category: 'Shirts', item_variant: 'M / red', price: 19.99, quantity: 2, index: 1 },
  ])
  const event: CartEvent = { name: 'add_to_cart', item: MUG, line: 'MUG-01', quantity: 1, value: 12.5, currency: 'EUR' }
  const item = { item_id: 'MUG-01', item_name: 'Mug', price: 12.5, quantity: 1 }
  expect(toGa4Event(event)).toEqual({ name: 'add_to_cart', params: { currency: 'EUR', value: 12.5, items: [item] } })
  expect(toGa4Event({ ...event, value: undefined }).params).not.toHaveProperty('value')
})

test('a session becomes a cart of UCP', () => {
  const cart = toUcp({ ...session(MUG, TEE), discounts: { Welcome: 5 } }, 'EUR', {
    continueUrl: 'https://shop.example/cart',
  })
  expect(cart).toEqual({
    id: 's1',
    currency: 'EUR',
    continue_url: 'https://shop.example/cart',
    line_items: [
      {
        id: 'MUG-01',
        item: { id: 'MUG-01', title: 'Mug', price: 1250 },
        quantity: 2,
        totals: [
          { type: 'subtotal', amount: 2500, display_text: 'Subtotal' },
          { type: 'total', amount: 2500, display_text: 'Total' },
        ],
      },
      {
        id: expect.stringContaining('TEE'),
        item: { id: 'TEE', title: 'TEE', price: 1999 },
        quantity: 2,
        totals: [
          { type: 'subtotal', amount: 3998, display_text: 'Subtotal' },
          { type: 'fee', amount: 202, display_text: 'print' },
          { type: 'total', amount: 4200, display_text: 'Total' },
        ],
      },
    ],
    totals: [
      { type: 'subtotal', amount: 6498, display_text: 'Subtotal' },
      { type: 'fee', amount: 202, display_text: 'print' },
      { type: 'discount', amount: -500, display_text: 'Welcome' },
      { type: 'total', amount: 6200, display_text: 'Total' },
    ],
  })
  const given = { ...session(MUG), discounts: { A: 20, B: 20 } }
  expect(toUcp(given, 'EUR', { words: { subtotal: 'Zwischensumme', total: 'Summe' } }).totals).toEqual([
    { type: 'subtotal', amount: 2500, display_text: 'Zwischensumme' },
    { type: 'discount', amount: -2000, display_text: 'A' },
    { type: 'discount', amount: -500, display_text: 'B' },
    { type: 'total', amount: 0, display_text: 'Summe' },
  ])
})

test('the totals of UCP add up, whatever the prices', () => {
  const item = fc.record({ sku: fc.constantFrom('A', 'B'), price: prices, quantity: fc.integer({ min: 1, max: 9 }) })
  fc.assert(
    fc.property(fc.array(item, { maxLength: 4 }), fc.nat(100), (items, discount) => {
      const small = items.filter(({ price }) => price < 1e9)
      const { totals, line_items } = toUcp({ ...session(...small), discounts: { Off: discount / 3 } }, 'EUR')
      const total = totals.find(({ type }) => type === 'total')!.amount
      expect(totals.reduce((sum, { type, amount }) => (type === 'total' ? sum : sum + amount), 0)).toBe(total)
      expect(total).toBeGreaterThanOrEqual(0)
      expect(line_items.reduce((sum, { totals: own }) => sum + own.at(-1)!.amount, 0)).toBe(totals[0]!.amount)
    }),
  )
})
