import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse } from 'valibot'
import { copyJson } from '../../../src/session/json.ts'
import { emptySession, type CartItem, type CustomerSession } from '../../../src/session/session.ts'
import { contentOf, holds, toV1, toV2 } from '../../../src/talon-one/mapping.ts'
import { json, lines, names } from '../../support/arbitraries.ts'
import { createScript, empty, sessionOf } from '../../support/scripted-talon-one.ts'
import { sentItem, sentSession } from '../../support/talon-one-schemas.ts'

const full: CustomerSession = {
  integrationId: 'cart-7f3a',
  created: '2026-03-01T10:00:00Z',
  applicationId: 89,
  profileId: 'customer-1',
  coupon: 'WELCOME10',
  referral: 'FRIEND',
  state: 'open',
  cartItems: [{ sku: 'MUG-01', quantity: 2, price: 40 }],
  identifiers: ['device'],
  total: 80,
  attributes: { ShippingCity: 'Berlin' },
  firstSession: true,
  discounts: { '10% off': 8 },
  updated: '2026-03-01T10:02:00Z',
}

describe('each field of the session, there', () => {
  // Each row: the field, its value, the field in v2, its value there. Undefined: it is not sent.
  const rows: [keyof CustomerSession, unknown, string | undefined, unknown?][] = [
    ['integrationId', 'cart-7f3a', undefined],
    ['created', '2026-03-01T10:00:00Z', undefined],
    ['applicationId', 89, undefined],
    ['profileId', 'customer-1', 'profileId', 'customer-1'],
    ['profileId', '', 'profileId', ''],
    ['coupon', 'WELCOME10', 'couponCodes', ['WELCOME10']],
    ['coupon', '', 'couponCodes', []],
    ['referral', 'FRIEND', 'referralCode', 'FRIEND'],
    ['referral', '', 'referralCode', ''],
    ['state', 'open', 'state', 'open'],
    ['state', 'closed', 'state', 'closed'],
    ['state', 'partially_returned', 'state', 'partially_returned'],
    ['state', 'cancelled', 'state', 'cancelled'],
    ['cartItems', [], 'cartItems', []],
    ['cartItems', [{ sku: 'A', quantity: 1 }], 'cartItems', [{ sku: 'A', quantity: 1 }]],
    ['identifiers', ['a', 'b'], 'identifiers', ['a', 'b']],
    ['total', 80, undefined],
    ['attributes', { a: 1 }, 'attributes', { a: 1 }],
    ['firstSession', true, undefined],
    ['discounts', { a: 1 }, undefined],
    ['updated', '2026-03-01T10:02:00Z', undefined],
  ]
  const written = ['profileId', 'couponCodes', 'referralCode', 'state', 'cartItems', 'identifiers', 'attributes']

  test.each(rows)('%s %j → %s', (field, value, v2, there) => {
    const sent: Record<string, unknown> = { ...toV2({ ...full, [field]: value }) }
    expect(Object.keys(sent).toSorted()).toEqual(written.toSorted())
    if (v2 === undefined) expect(sent).not.toHaveProperty(field)
    else expect(sent[v2]).toEqual(there)
  })

  test('every field of the session has a row', () => {
    expect(new Set(rows.map(([field]) => field))).toEqual(new Set(Object.keys(emptySession('x'))))
  })
})

describe('each field of the session, and back', () => {
  const rows: [string, unknown, keyof CustomerSession, unknown][] = [
    ['integrationId', 'cart-7f3a', 'integrationId', 'cart-7f3a'],
    ['created', '2026-03-01T10:00:00Z', 'created', '2026-03-01T10:00:00Z'],
    ['updated', '2026-03-01T10:00:00Z', 'updated', '2026-03-01T10:00:00Z'],
    ['applicationId', 89, 'applicationId', 89],
    ['profileId', '', 'profileId', ''],
    ['couponCodes', ['A', 'B'], 'coupon', 'A'],
    ['couponCodes', [], 'coupon', ''],
    ['referralCode', 'FRIEND', 'referral', 'FRIEND'],
    ['state', 'partially_returned', 'state', 'partially_returned'],
    ['cartItems', [{ sku: 'A', quantity: 1 }], 'cartItems', [{ sku: 'A', quantity: 1 }]],
    ['identifiers', ['a'], 'identifiers', ['a']],
    ['attributes', { a: 1 }, 'attributes', { a: 1 }],
    ['firstSession', false, 'firstSession', false],
    ['total', 103.5, 'total', 103.5],
  ]
  test.each(rows)('%s %j → %s', (v2, value, field, here) => {
    expect(toV1({ [v2]: value })).toEqual({ [field]: here })
    // Missing, null or of another kind: the rest counts all the same.
    for (const wrong of [undefined, null, { a: NaN }, [[]]]) {
      const read = toV1({ [v2]: wrong, unknown: 1, [v2 === 'state' ? 'profileId' : 'state']: 'open' })
      expect(Object.values(read)).toContain('open')
    }
  })

  test.each(['id', 'updateCount', 'cartItemTotal', 'additionalCostTotal', 'storeIntegrationId', 'coupon', 'referral'])(
    '%s has no field here',
    name => expect(toV1({ [name]: 1 })).toEqual({}),
  )

  test('what is no state is none', () => {
    expect(toV1({ state: 'paused' })).toEqual({})
  })
})

describe('each field of an item', () => {
  const sent: Partial<CartItem> = {
    sku: 'A',
    quantity: 3,
    name: 'Mug',
    price: 99.99,
    category: 'kitchen',
    product: { name: 'Mug' },
    weight: 350,
    height: 90,
    width: 80,
    length: 80,
    attributes: { Color: 'blue' },
    additionalCosts: { giftWrap: { price: 3 } },
  }
  const readOnly: Partial<CartItem> = {
    returnedQuantity: 1,
    remainingQuantity: 2,
    position: 0,
    catalogItemID: 7,
    selectedPriceType: 'base',
    adjustmentReferenceId: '68851723-e6fa-488f-ace9-112581e6c19b',
    adjustmentEffectiveFrom: '2026-01-01T00:00:00Z',
    adjustmentEffectiveUntil: '2026-02-01T00:00:00Z',
    prices: { base: { price: 1 } },
  }
  const toItem = (item: object): any => toV2({ ...full, cartItems: [{ sku: 'A', quantity: 1, ...item }] }).cartItems[0]

  test.each(Object.entries(sent))('%s is sent', (name, value) => {
    expect(toItem({ [name]: value })[name]).toEqual(value)
  })

  test.each(Object.entries(readOnly))('%s is read-only', (name, value) => {
    expect(toItem({ [name]: value })).toEqual({ sku: 'A', quantity: 1 })
    expect(toV1({ cartItems: [{ [name]: value }] }).cartItems).toEqual([{ [name]: value }])
  })

  test.each(['currency', 'masterId', 'adjustment', '__proto__', 'constructor', 'toString'])('%s is nothing', name => {
    const item = JSON.parse(`{"sku":"A","quantity":1,"${name}":{"a":1}}`)
    expect(JSON.parse(JSON.stringify(toItem(item)))).toEqual({ sku: 'A', quantity: 1 })
  })

  test('fields that are undefined are left out, and so is what stands beside a price or a name', () => {
    const item = toItem({ name: undefined, product: { name: 'M', id: 1 }, additionalCosts: { a: { price: 1, x: 2 } } })
    expect(item).toStrictEqual({
      sku: 'A',
      quantity: 1,
      product: { name: 'M' },
      additionalCosts: { a: { price: 1 } },
    })
  })

  test('names that are members of every object are names like any other', () => {
    const item = toItem({
      attributes: JSON.parse('{"__proto__":1}'),
      additionalCosts: JSON.parse('{"__proto__":{"price":1}}'),
    })
    expect(JSON.stringify(item)).toContain('"__proto__":1')
    expect(JSON.stringify(item)).toContain('"__proto__":{"price":1}')
  })
})

const sessions: fc.Arbitrary<CustomerSession> = fc
  .record({
    integrationId: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 50 }),
    profileId: fc.string({ unit: 'grapheme' }),
    coupon: fc.string({ maxLength: 100 }),
    referral: fc.string({ maxLength: 100 }),
    state: fc.constantFrom('open' as const, 'closed' as const, 'cancelled' as const),
    cartItems: lines,
    identifiers: fc.array(fc.string(), { maxLength: 5 }),
    attributes: fc.dictionary(names, json, { maxKeys: 3 }),
    total: fc.double(),
  })
  .map(fields => ({ ...full, ...fields, identifiers: [], attributes: copyJson(fields.attributes) }) as CustomerSession)

test('whatever a session is, what is sent is what Talon.One documents, and reads back as what it was', () => {
  fc.assert(
    fc.property(sessions, session => {
      const sent = toV2(session)
      parse(sentSession, JSON.parse(JSON.stringify(sent)))
      for (const item of sent.cartItems) parse(sentItem, item)
      const back = toV1(JSON.parse(JSON.stringify(sent)))
      for (const field of ['profileId', 'coupon', 'referral', 'state'] as const)
        expect(back[field]).toBe(session[field])
      expect(back.cartItems?.map(({ sku, quantity }) => [sku, quantity])).toEqual(
        session.cartItems.map(({ sku, quantity }) => [sku, quantity]),
      )
      expect(holds(JSON.parse(JSON.stringify(sent)), sent)).toBe(true)
    }),
  )
})

test('the content of a session is what it holds: not its state, its returns, or who asked', () => {
  const content = (fields: Partial<CustomerSession>) => JSON.stringify(contentOf({ ...full, ...fields }))
  const item = { sku: 'MUG-01', quantity: 2, price: 40 }
  for (const same of [
    { state: 'closed' as const },
    { identifiers: [] },
    { total: 1 },
    { discounts: {} },
    { cartItems: [{ ...item, returnedQuantity: 1, remainingQuantity: 1 }] },
  ]) {
    expect(content(same), JSON.stringify(same)).toBe(content({}))
  }
  for (const other of [
    { coupon: '' },
    { referral: '' },
    { profileId: '' },
    { attributes: {} },
    { cartItems: [{ ...item, quantity: 3 }] },
    { cartItems: [{ ...item, price: 41 }] },
  ]) {
    expect(content(other), JSON.stringify(other)).not.toBe(content({}))
  }
})

describe('whether upstream holds what was sent', () => {
  const sent = toV2(full)
  test.each([
    ['codes of another case', { couponCodes: ['welcome10'], referralCode: 'friend' }],
    ['attributes that a rule has added', { attributes: { ShippingCity: 'Berlin', Tier: 'gold' } }],
    [
      'fields of an item that Talon.One adds',
      { cartItems: [{ sku: 'MUG-01', quantity: 2, price: 40, position: 0, name: 'Mug' }] },
    ],
    ['fields it does not tell', { couponCodes: null, cartItems: undefined }],
    ['identifiers, which are of who asked', { identifiers: ['other'] }],
  ])('yes: %s', (_, fields) => {
    expect(holds({ ...sent, ...fields }, sent)).toBe(true)
  })
  test.each([
    ['another code', { couponCodes: ['OTHER'] }],
    ['no code', { couponCodes: [] }],
    ['another referral', { referralCode: '' }],
    ['another profile', { profileId: 'guest' }],
    ['another attribute', { attributes: { ShippingCity: 'Bonn' } }],
    ['no attribute', { attributes: {} }],
    ['another quantity', { cartItems: [{ sku: 'MUG-01', quantity: 1, price: 40 }] }],
    ['one more line', { cartItems: [...sent.cartItems, { sku: 'B', quantity: 1 }] }],
    ['no line', { cartItems: [] }],
  ])('no: %s', (_, fields) => {
    expect(holds({ ...sent, ...fields }, sent)).toBe(false)
  })
})

describe('what stands outside of the table', () => {
  test.each([
    ['a b/c?d#e', 'a%20b%2Fc%3Fd%23e'],
    ['é😀%', '%C3%A9%F0%9F%98%80%25'],
    ['x'.repeat(1000), 'x'.repeat(1000)],
  ])('the id goes into the path: %s', async (integrationId, encoded) => {
    const script = createScript()
    script.answer(empty)
    await script.ask(sessionOf({ integrationId }))
    expect(script.calls[0]!.url).toBe(`https://shop.test/v2/customer_sessions/${encoded}`)
    expect(script.calls[0]!.body.customerSession).not.toHaveProperty('integrationId')
  })

  test.each([
    [{}, '', 'guest-cart-7f3a', []],
    [{}, 'customer-1', 'customer-1', ['talon-one:customer-1']],
    [{ guestProfile: () => '' }, '', '', []],
    [{ guestProfile: () => 'device-9' }, '', 'device-9', ['talon-one:device-9']],
    [{ guestProfile: () => 'device-9' }, 'customer-1', 'customer-1', ['talon-one:customer-1']],
  ])(
    'with %o the profile "%s" is sent as "%s", one after the other by %j',
    async (options, profileId, there, names) => {
      const script = createScript(options)
      script.answer(empty)
      const session = sessionOf({ profileId })
      await script.ask(session)
      expect(script.calls[0]!.body.customerSession.profileId).toBe(there)
      expect(script.upstream.serialize(session)).toEqual(names)
    },
  )

  test('what `extend` adds is sent, and what it no longer adds is taken away', async () => {
    let extension = {}
    const script = createScript({ extend: () => extension })
    const given = {
      additionalCosts: { shipping: { price: 5 } },
      loyaltyCards: ['card-1'],
      storeIntegrationId: 'store-1',
      experimentVariantAllocations: [{ experimentID: 1, variantID: 2 }],
    }
    extension = given
    script.answer(empty)
    await script.ask(sessionOf())
    expect(script.calls.at(-1)!.body.customerSession).toMatchObject(given)
    extension = {}
    script.answer(empty)
    await script.ask(sessionOf())
    expect(script.calls.at(-1)!.body.customerSession).toMatchObject({ additionalCosts: {}, loyaltyCards: [] })
  })

  test.each([
    { loyaltyCards: ['a', 'b'] },
    { storeIntegrationId: '' },
    { storeIntegrationId: 'x'.repeat(1001) },
    { additionalCosts: { a: { price: NaN } } },
    { additionalCosts: { a: { price: 1, x: 1 } } },
    { experimentVariantAllocations: [{ experimentID: 1 }] },
    { state: 'closed' },
    null,
  ])('an extension that Talon.One would not take is told, and nothing is sent: %j', async extension => {
    const script = createScript({ extend: () => extension as never })
    expect(await script.ask(sessionOf())).toMatchObject({ estimated: true })
    expect(script.calls).toEqual([])
    expect(script.reports.map(({ code }) => code)).toEqual(['invalid-option'])
  })
})

describe('limits', () => {
  test('a thousand lines of ten thousand units and codes of a hundred characters are sent as they are', async () => {
    const script = createScript()
    script.answer(empty)
    const cartItems = Array.from({ length: 1000 }, (_, index) => ({ sku: `S${index}`, quantity: 10 }))
    const code = 'X'.repeat(100)
    await script.ask(sessionOf({ cartItems, coupon: code, referral: code }))
    const { customerSession } = script.calls[0]!.body
    expect(customerSession.cartItems).toHaveLength(1000)
    expect(customerSession).toMatchObject({ couponCodes: [code], referralCode: code })
  })
})
