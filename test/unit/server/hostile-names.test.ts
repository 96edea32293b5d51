import { expect, test } from 'vitest'
import { createSessionHandler, memoryStore, type SessionHandlerOptions } from '../../../src/server/index.ts'
import { adding, get, mutation, post, raw, start } from '../../support/server-client.ts'

const createHandler = (options: Partial<SessionHandlerOptions> = {}) =>
  createSessionHandler({ store: memoryStore(), ...options })
const JSON_TYPE = { 'Content-Type': 'application/json' }
const BATCH = JSON.stringify({ v: 1, base: 0, mutations: [start()] })

test('an id of any characters is one session, on whatever path the handler is mounted', async () => {
  const handler = createHandler()
  const ids = [
    'a/b',
    'a%2Fb',
    'ä 茶 👕',
    '...',
    'mutations',
    '?',
    '#',
    '__proto__',
    'constructor',
    'x'.repeat(1000),
    "'--",
  ]
  for (const id of ids) {
    expect((await post(handler, id, [start()])).body.session.integrationId).toBe(id)
  }
  const epochs = await Promise.all(ids.map(async id => (await get(handler, id)).body.epoch))
  expect(new Set(epochs).size).toBe(ids.length)
  const mounted = await raw(handler, `/a/deep/mount/${encodeURIComponent('a/b')}?x=1`, {})
  expect(mounted.body.epoch).toBe(epochs[0])
})

test.for([
  '',
  '%00',
  'a%00b',
  'a%0Ab',
  '%1F',
  '%7F',
  '%C2%85',
  '%',
  '%zz',
  '%ff',
  '%ED%A0%80',
  'x'.repeat(1001),
  '%F0%9F%91%95'.repeat(501),
])('no session can have the id %s', async id => {
  const handler = createHandler()
  const posted = await raw(handler, `/api/sessions/${id}/mutations`, {
    method: 'POST',
    headers: JSON_TYPE,
    body: BATCH,
  })
  const read = await raw(handler, `/api/sessions/${id}`, {})
  expect([posted.status, posted.body.type, read.status, read.body.type]).toEqual([
    404,
    'about:blank',
    404,
    'about:blank',
  ])
})

test('the methods that mean nothing here say which do', async () => {
  const handler = createHandler()
  for (const [path, method, allow] of [
    ['/api/sessions/s', 'POST', 'GET, OPTIONS'],
    ['/api/sessions/s', 'DELETE', 'GET, OPTIONS'],
    ['/api/sessions/s', 'HEAD', 'GET, OPTIONS'],
    ['/api/sessions/s/mutations', 'PUT', 'POST, OPTIONS'],
  ] as const) {
    const { status, headers } = await raw(handler, path, { method })
    expect([path, method, status, headers.get('allow')]).toEqual([path, method, 405, allow])
  }
})

const NAMES = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', '__defineGetter__']

test('names with a meaning in JavaScript are harmless as writer, sku, attribute, cost and code', async () => {
  const handler = createHandler({ upstream: ({ coupon }) => ({ discounts: JSON.parse(`{"${coupon}":1}`) }) })
  const pristine = Object.getOwnPropertyNames(Object.prototype).sort()
  for (const name of NAMES) {
    const own = (value: string) => JSON.parse(`{"${name}":${value}}`)
    const item = { sku: name, price: 2, attributes: own('{"polluted":1}'), additionalCosts: own('{"price":0.5}') }
    const gap = await post(handler, name, [mutation(2, 'clearItems', {}, name)])
    expect([name, gap.status, Object.entries(gap.body.acked)]).toEqual([name, 409, [[name, 0]]])
    const { status, body } = await post(handler, name, [
      mutation(1, 'start', { currency: 'EUR', attributes: own('"x"') }, name),
      mutation(2, 'addItem', { item, quantity: 2 }, name),
      mutation(3, 'setAttributes', { changes: own('{"polluted":1}') }, name),
      mutation(4, 'applyCoupon', { code: name }, name),
    ])
    expect([name, status, body.rejected]).toEqual([name, 200, []])
    expect(Object.entries(body.acked)).toEqual([[name, 4]])
    expect(Object.entries(body.session.attributes)).toEqual([[name, { polluted: 1 }]])
    expect(Object.entries(body.session.discounts)).toEqual([[name, 1]])
    expect(body.session.total).toBe(5)
    expect(Object.keys(body.session.cartItems[0].attributes)).toEqual([name])
  }
  expect(Object.getOwnPropertyNames(Object.prototype).sort()).toEqual(pristine)
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
})

test('a mutation may be called like a member of every object', async () => {
  const { body } = await post(createHandler(), 's', [start(), ...NAMES.map((name, index) => mutation(index + 2, name))])
  expect(body.rejected.map(({ code }: any) => code)).toEqual(NAMES.map(() => 'malformed'))
  expect(body.acked).toEqual({ w1: NAMES.length + 1 })
})

test.for([
  ['start', { currency: 'EUR', discounts: { all: 1e9 } }],
  ['start', { currency: 'EUR', state: 'closed' }],
  ['start', { currency: 'EUR', items: [{ sku: 'A', quantity: 1, returnedQuantity: 1 }] }],
  ['addItem', { item: { sku: 'A', total: 0 }, quantity: 1 }],
  ['addItem', { item: { sku: 'A', position: 1 }, quantity: 1 }],
  ['addItem', { item: { sku: 'A', quantity: 2 }, quantity: 1 }],
  ['addItem', { item: { sku: 'A', prices: {} }, quantity: 1 }],
  ['updateItem', { line: 'A', changes: { returnedQuantity: 3 } }],
  ['updateItem', { line: 'A', changes: { quantity: -1 } }],
  ['updateItem', { line: 'A', changes: { catalogItemID: 1 } }],
  ['restoreItem', { item: { sku: 'A', quantity: 1, remainingQuantity: 1 }, index: 0 }],
  ['setAttributes', { changes: {}, firstSession: true }],
  ['clearItems', { created: '2020' }],
  ['burn', { applicationId: 1 }],
] as const)('a field that belongs to the server cannot be sent: %s %j', async ([name, args]) => {
  const { status, body } = await post(createHandler(), 's', [mutation(1, name, args)])
  expect([status, body.type, body.n]).toEqual([400, 'urn:session-cart:problem:malformed', 1])
})

test('what stands beside the mutations of a request is passed over', async () => {
  const handler = createHandler()
  const fields = { session: { total: -5, discounts: { a: 9 } }, version: 99, acked: { w1: 50 }, currency: 'XXX' }
  const { body } = await post(handler, 's', [start(), adding(2, 'A')], fields)
  expect(body).toMatchObject({ version: 1, currency: 'EUR', acked: { w1: 2 }, session: { total: 2.5, discounts: {} } })
})

test('a page of another site is refused with GET and POST alike, and its preflight too', async () => {
  const handler = createHandler({ origins: ['https://shop.example'] })
  await post(handler, 's', [start()])
  const foreign = [
    { 'Sec-Fetch-Site': 'cross-site' },
    { Origin: 'https://evil.example' },
    { Origin: 'https://shop.example.evil.example' },
    { Origin: 'https://shop.example:8443' },
    { Origin: 'http://shop.test.evil.example' },
    { Origin: 'null' },
    { Origin: '' },
  ]
  for (const headers of foreign) {
    const answers = [await post(handler, 's', [], {}, headers), await get(handler, 's', headers)]
    answers.push(await raw(handler, '/api/sessions/s', { method: 'OPTIONS', headers }))
    for (const { status, body, headers: answered } of answers) {
      expect([headers, status, body.type]).toEqual([headers, 403, 'urn:session-cart:problem:forbidden'])
      expect([answered.has('access-control-allow-origin'), answered.get('vary')]).toEqual([false, 'Origin'])
    }
  }
})

test('a page on the list may send, hear and read the ETag, and is answered by name, never with a star', async () => {
  const handler = createHandler({ origins: ['https://shop.example'] })
  const headers = { Origin: 'https://shop.example', 'Sec-Fetch-Site': 'cross-site' }
  const preflight = await raw(handler, '/api/sessions/s/mutations', {
    method: 'OPTIONS',
    headers: { ...headers, 'Access-Control-Request-Headers': 'authorization,content-type' },
  })
  expect(preflight.headers.get('access-control-allow-headers')).toBe('authorization,content-type')
  expect(preflight.headers.get('access-control-allow-methods')).toBe('GET, POST')
  const problem = await get(handler, 'none', headers)
  const answer = await post(handler, 's', [start()], {}, headers)
  for (const { headers: answered } of [preflight, problem, answer]) {
    expect(answered.get('access-control-allow-origin')).toBe('https://shop.example')
    expect(answered.get('access-control-allow-credentials')).toBe('true')
    expect(answered.get('access-control-expose-headers')).toContain('ETag')
    expect([answered.get('vary'), answered.get('x-content-type-options')]).toEqual(['Origin', 'nosniff'])
  }
})
