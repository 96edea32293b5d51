import { expect, test } from 'vitest'
import { createTalonOneWorld, KEYS } from '../../support/talon-one-client.ts'

const line = { sku: 'A', quantity: 1 }
const withItem = (fields: object) => ({ cartItems: [{ ...line, ...fields }] })
const lines = (count: number, quantity = 1) => ({
  cartItems: Array.from({ length: count }, () => ({ sku: 'A', quantity })),
})

test('an attribute that is not defined makes an update invalid, in these words', async () => {
  const { put, deeds } = createTalonOneWorld()
  const answer = await put('c', { attributes: { MyAttribute: 1 } })
  expect([answer.status, answer.body]).toEqual([
    400,
    {
      message: 'The submitted data was invalid',
      errors: [
        {
          title: 'Unknown',
          details: 'The attribute "MyAttribute" is not defined on CustomerSession entities.',
          source: { pointer: '/attributes/MyAttribute' },
        },
      ],
    },
  ])
  expect(deeds()).toEqual([])
})

test('pointers may have a prefix', async () => {
  const { put } = createTalonOneWorld({ pointerPrefix: '/customerSession' })
  const { body } = await put('c', { attributes: { My: 1 } })
  expect(body.errors[0].source).toEqual({ pointer: '/customerSession/attributes/My' })
})

test('an attribute of a wrong type, and a state that is none, are named in these words', async () => {
  const { put } = createTalonOneWorld()
  const { body } = await put('c', { attributes: { City: false }, state: 'partially_returned' })
  expect(body.errors).toEqual([
    {
      title: 'Invalid type',
      details: 'Value of "City" attribute (false) is not a string',
      source: { pointer: '/attributes/City' },
    },
    {
      title: 'enum',
      details: 'state must be one of the following: "open", "closed", "cancelled"',
      source: { pointer: '/state' },
    },
  ])
})

const BAD: readonly (readonly [string, object, string])[] = [
  ['a field of v1', { total: 1 }, '/total'],
  ['a null', { couponCodes: null }, '/couponCodes'],
  ['a number for a profile', { profileId: 1 }, '/profileId'],
  ['six identifiers', { identifiers: ['1', '2', '3', '4', '5', '6'] }, '/identifiers'],
  ['two loyalty cards', { loyaltyCards: ['card1', 'card2'] }, '/loyaltyCards'],
  ['a short loyalty card', { loyaltyCards: ['abc'] }, '/loyaltyCards/0'],
  ['a long coupon', { couponCodes: ['x'.repeat(101)] }, '/couponCodes/0'],
  ['a long referral', { referralCode: 'x'.repeat(101) }, '/referralCode'],
  ['an empty store', { storeIntegrationId: '' }, '/storeIntegrationId'],
  ['too many items', lines(1001), '/cartItems'],
  ['too many units', lines(1, 10_001), '/cartItems'],
  ['no sku', { cartItems: [{ quantity: 1 }] }, '/cartItems/0/sku'],
  ['an empty sku', withItem({ sku: '' }), '/cartItems/0/sku'],
  ['no units', withItem({ quantity: 0 }), '/cartItems/0/quantity'],
  ['half a unit', withItem({ quantity: 0.5 }), '/cartItems/0/quantity'],
  ['a price in words', withItem({ price: '3' }), '/cartItems/0/price'],
  ['a product without name', withItem({ product: {} }), '/cartItems/0/product/name'],
  ['what the server computes', withItem({ position: 0 }), '/cartItems/0/position'],
  ['an unknown item attribute', withItem({ attributes: { Foo: 1 } }), '/cartItems/0/attributes/Foo'],
  ['an unknown cost', { additionalCosts: { toll: { price: 1 } } }, '/additionalCosts/toll'],
  [
    'a cost of another scope',
    withItem({ additionalCosts: { shipping: { price: 1 } } }),
    '/cartItems/0/additionalCosts/shipping',
  ],
  ['a cost without price', { additionalCosts: { shipping: {} } }, '/additionalCosts/shipping/price'],
]

test.for(BAD)('an update with %s is refused', async ([, session, pointer]) => {
  const { put, deeds } = createTalonOneWorld()
  const { status, body } = await put('c', session)
  expect([status, body.message]).toEqual([400, 'The submitted data was invalid'])
  expect(body.errors.map(({ source }: any) => source.pointer)).toEqual([pointer])
  expect(deeds()).toEqual([])
})

test.for([
  ['the most', lines(1000, 10)],
  ['the longest codes', { couponCodes: ['x'.repeat(100)], referralCode: '😀'.repeat(100) }],
  ['five identifiers and a card', { identifiers: ['1', '2', '3', '4', '5'], loyaltyCards: ['card'] }],
  ['a field of an item that is nobody’s', withItem({ uuId: 7 })],
  ['a null for an attribute', { attributes: { City: null } }],
  [
    'all of an item',
    withItem({
      name: 'A',
      price: 1,
      category: 'c',
      product: { name: 'P' },
      weight: 1,
      height: 1,
      width: 1,
      length: 1,
      attributes: { Color: 'red' },
      additionalCosts: { giftWrap: { price: 1 } },
    }),
  ],
] as const)('an update with %s is taken', async ([, session]) => {
  expect((await createTalonOneWorld().put('c', session)).status).toBe(200)
})

test.for([
  ['an update that is no JSON', 'PUT', '', '{'],
  ['an update without a session', 'PUT', '', {}],
  ['an update that is a list', 'PUT', '', []],
  ['a return without items', 'POST', '/returns', { return: {} }],
  ['content that is no list', 'PUT', '', { customerSession: {}, responseContent: 'customerSession' }],
  ['a moment that is not dry', 'PUT', '?now=2027-01-01T00:00:00Z', { customerSession: {} }],
  ['a moment in the past', 'PUT', '?dry=true&now=2026-01-01T00:00:00Z', { customerSession: {} }],
] as const)('%s is refused', async ([, method, rest, body]) => {
  const { send } = createTalonOneWorld()
  const answer = await send(method, `/v2/customer_sessions/c${rest}`, body)
  expect([answer.status, typeof answer.body.message]).toEqual([400, 'string'])
})

test('errors may be null', async () => {
  const { send } = createTalonOneWorld()
  const { body } = await send('PUT', '/v2/customer_sessions/c', '{')
  expect(body).toEqual({ message: 'The body is not JSON.', errors: null })
})

test.for([
  ['an unknown key', { key: '99' }],
  ['a key that has expired', { key: 'old' }],
  ['another scheme', { headers: { authorization: 'Bearer ab12' } }],
  ['no key', { headers: { authorization: '' } }],
] as const)('%s is not authorised', async ([, manner]) => {
  const expires = Date.parse('2026-11-23T10:00:00Z')
  const { put, deeds } = createTalonOneWorld({
    apiKeys: [...KEYS, { key: 'old', applicationId: 7, currency: 'EUR', expires }],
  })
  const answer = await put('c', {}, manner)
  expect([answer.status, answer.body]).toEqual([401, { message: 'Invalid API key', errors: null, StatusCode: 401 }])
  expect(deeds()).toEqual([])
})

test.for([
  ['PUT', '/v1/customer_sessions/c'],
  ['POST', '/v2/customer_sessions/c'],
  ['DELETE', '/v2/customer_sessions/c'],
  ['PUT', '/v2/customer_sessions/'],
  ['GET', '/v2/customer_sessions/c/reopen'],
  ['PUT', '/v2/customer_sessions/%E0%A4%A'],
  ['GET', '/'],
] as const)('%s %s leads nowhere', async ([method, path]) => {
  const { send } = createTalonOneWorld()
  const answer = await send(method, path, method === 'GET' ? undefined : {})
  expect([answer.status, answer.body]).toEqual([404, '404 page not found'])
})

test('a session nobody knows is not found', async () => {
  const { get, reopen } = createTalonOneWorld()
  const { status, body } = await get('nobody')
  expect([status, body.StatusCode]).toEqual([404, 404])
  expect((await reopen('nobody')).status).toBe(404)
})
