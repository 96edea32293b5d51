import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseAcked, parseAnswer, parseNotice } from '../../../src/session/protocol.ts'
import { parseFields, parseSession } from '../../../src/session/received.ts'
import { emptySession } from '../../../src/session/session.ts'
import { totalsOf } from '../../../src/session/totals.ts'

// A session as the model card has it, with fields of today's service that a client need not know.
const FULL = {
  integrationId: 'cart-7f3a',
  created: '2026-03-01T10:00:00Z',
  applicationId: 89,
  profileId: 'guest-51c2',
  coupon: 'WELCOME10',
  referral: '',
  state: 'open',
  cartItems: [
    {
      sku: 'MUG-01',
      name: 'Mug',
      quantity: 2,
      price: 40,
      position: 0,
      attributes: { Color: 'blue' },
      prices: { base: { price: 40 } },
    },
    {
      sku: 'TEA-09',
      quantity: 1,
      price: 15.5,
      additionalCosts: { giftWrap: { price: 3 } },
      unheard: { of: 1 },
      category: null,
    },
  ],
  identifiers: ['hash'],
  total: 1,
  attributes: { ShippingCity: 'Berlin' },
  firstSession: true,
  discounts: { '10% off': 10.35 },
  updated: '2026-03-01T10:02:00Z',
  updateCount: 2,
  loyalty: null,
}

test('all 14 properties come in, the total derived anew and unknown members of the session passed over', () => {
  const { updateCount: _, loyalty: __, ...known } = FULL
  const { category: ___, ...tea } = FULL.cartItems[1] as Record<string, unknown>
  expect(parseSession(FULL)).toEqual({ ...known, total: 98.5, cartItems: [FULL.cartItems[0], tea] })
})

test('absent and null fields are those of a session nothing has happened to', () => {
  expect(parseSession({ integrationId: 's' })).toEqual(emptySession('s'))
  const nulls = Object.fromEntries(Object.keys(FULL).map(field => [field, null]))
  expect(parseSession({ ...nulls, integrationId: 's' })).toEqual(emptySession('s'))
  expect(parseFields({ coupon: 'X', state: null })).toEqual({ coupon: 'X' })
})

test('a field that is not what it has to be makes the whole unreadable', () => {
  for (const fields of [
    { integrationId: '' },
    { integrationId: 5 },
    { state: 'lost' },
    { state: ['open'] },
    { state: 'reopen' },
    { state: 'opened' },
    { cartItems: {} },
    { cartItems: [{ sku: 'A' }] },
    { cartItems: [null] },
    { cartItems: [{ sku: 'A', quantity: -1 }] },
    { cartItems: [{ sku: 'A', quantity: 0 }] },
    { cartItems: [{ sku: 'A', quantity: 1.5 }] },
    { cartItems: [{ sku: 'A', quantity: '2' }] },
    { cartItems: [{ sku: 'A', quantity: 1, price: 1e100 }] },
    { cartItems: [{ sku: 'A', quantity: 1, returnedQuantity: 0.5 }] },
    { cartItems: [{ sku: 'A', quantity: 1, returnedQuantity: 2 }] },
    { cartItems: [{ sku: 'A', quantity: 1, price: '3' }] },
    { cartItems: [{ sku: 'A', quantity: 1, returnedQuantity: -1 }] },
    { cartItems: [{ sku: 'A', quantity: 1, additionalCosts: { a: 1 } }] },
    { cartItems: [{ sku: 'A', quantity: 1, additionalCosts: { a: null } }] },
    { cartItems: [{ sku: 'A', quantity: 1, additionalCosts: { a: { price: '3' } } }] },
    { identifiers: 'a' },
    { identifiers: [5] },
    { discounts: { a: 'much' } },
    { firstSession: 'yes' },
    { created: 5 },
    { coupon: 'a\0' },
  ]) {
    expect([parseSession({ ...FULL, ...fields }), fields]).toEqual([undefined, fields])
  }
})

test('what is no session at all is none, and so is one without its id', () => {
  for (const value of [undefined, null, 5, 'session', [], [FULL], {}]) expect(parseSession(value)).toBeUndefined()
  expect(parseFields([])).toBeUndefined()
})

test('a line of which all came back is a line, and so is one of which nothing did', () => {
  const lines = [
    { sku: 'A', quantity: 2, returnedQuantity: 2, remainingQuantity: 0 },
    { sku: 'B', quantity: 2, returnedQuantity: 0, remainingQuantity: 2 },
  ]
  expect(parseFields({ cartItems: lines })).toEqual({ cartItems: lines })
})

const answer = {
  v: 1,
  epoch: 'e_1',
  version: 3,
  currency: 'EUR',
  acked: { w: 4 },
  rejected: [],
  notices: [],
  estimated: false,
  effects: [],
  session: FULL,
  check: '0123456789abcdef',
}

test('an answer is whole with lines and small without', () => {
  expect(parseAnswer(answer, 'cart-7f3a')).toMatchObject({ epoch: 'e_1', version: 3, session: { total: 98.5 } })
  const { cartItems: _, ...small } = FULL
  const parsed = parseAnswer({ ...answer, session: small, rejected: null, notices: null, effects: null }, 'cart-7f3a')
  expect(parsed).toMatchObject({ session: undefined, changes: { coupon: 'WELCOME10' }, rejected: [], notices: [] })
})

test('what is no answer, or one for another session, is not taken for one', () => {
  for (const body of [
    undefined,
    null,
    '<html>',
    [],
    { ...answer, v: 2 },
    { ...answer, epoch: '' },
    { ...answer, version: 1.5 },
    { ...answer, acked: { w: 'x' } },
    { ...answer, rejected: [{ writer: 'w' }] },
    { ...answer, notices: [5] },
    { ...answer, session: undefined },
    { ...answer, session: { ...FULL, integrationId: 'other' } },
    { ...answer, session: { ...FULL, state: 'lost' } },
  ]) {
    expect(parseAnswer(body, 'cart-7f3a')).toBeUndefined()
  }
  for (const acked of [{ w: 1.5 }, { w: -1 }, { v: 1, w: -1 }, [], 5, null]) expect(parseAcked(acked)).toBeUndefined()
  expect(parseNotice({ id: 5 })).toBeUndefined()
})

test('nothing that is received makes the parsers throw', () => {
  const part = fc.constantFrom(...Object.keys(answer))
  const field = fc.constantFrom(...Object.keys(FULL))
  fc.assert(
    fc.property(part, field, fc.anything(), (name, inner, value) => {
      parseAnswer(value, 's')
      parseAnswer({ ...answer, [name]: value }, 'cart-7f3a')
      parseSession(value)
      parseSession({ ...FULL, [inner]: value })
      parseSession({ ...FULL, cartItems: [value, { sku: 'A', quantity: 1, [inner]: value }] })
    }),
    { numRuns: 3000 },
  )
})

test('totals are exact, never payable below nought, and estimated until confirmed or while a price is missing', () => {
  const session = parseSession(FULL)!
  expect(totalsOf(session, true)).toEqual({
    items: 95.5,
    additionalCosts: 3,
    total: 98.5,
    discount: 10.35,
    payable: 88.15,
    estimated: false,
  })
  expect(totalsOf({ ...session, discounts: { a: 0.1, b: 0.2, c: 99 } }, false)).toMatchObject({
    discount: 99.3,
    payable: 0,
    estimated: true,
  })
  const unpriced = parseSession({ ...FULL, cartItems: [{ sku: 'A', quantity: 1 }] })!
  expect(totalsOf(unpriced, true)).toMatchObject({ total: 0, estimated: true })
})
