import { expect, test } from 'vitest'
import { createSessionHandler, isSessionProblem, memoryStore } from '../../../src/server/index.ts'
import { adding, get, mutation, post, raw, start } from '../../support/server-client.ts'

type Options = Partial<Parameters<typeof createSessionHandler>[0]>

const PROBLEM = 'urn:session-cart:problem:'
const createHandler = (options: Options = {}) => createSessionHandler({ store: memoryStore(), ...options })

test('closing, cancelling, returning, reopening and identifiers are not for the browser, unless the shop says so', async () => {
  const moves = ['closeSession', 'cancelSession', 'reopenSession']
  const forbidden = [
    ...moves.map(name => [name, {}] as const),
    ['setIdentifiers', { identifiers: ['a'] }],
    ['returnItems', { items: [{ line: 'A', quantity: 1 }] }],
  ] as const
  const { body } = await post(createHandler(), 's', [
    start(),
    ...forbidden.map(([name, args], index) => mutation(index + 2, name, args)),
  ])
  expect(body.rejected.map(({ code }: any) => code)).toEqual(Array(5).fill('forbidden'))
  expect(body).toMatchObject({ acked: { w1: 6 }, session: { state: 'open', identifiers: [] } })
  const handler = createHandler({ policy: { closeSession: true, addItem: false } })
  const other = await post(handler, 's', [start(), adding(2, 'A'), mutation(3, 'closeSession')])
  expect(other.body).toMatchObject({ rejected: [{ n: 2, code: 'forbidden' }], session: { state: 'closed' } })
})

test('a known profile is believed only from authorize', async () => {
  const profile = (n: number, profileId: string) => mutation(n, 'setProfile', { profileId })
  const guests = await post(createHandler(), 's', [start(), profile(2, 'guest-7'), profile(3, 'anna')])
  expect(guests.body).toMatchObject({ rejected: [{ n: 3, code: 'forbidden' }], session: { profileId: 'guest-7' } })
  const handler = createHandler({ authorize: () => ({ profileId: 'anna' }) })
  const known = await post(handler, 's', [start(), profile(2, 'anna'), profile(3, 'bert')])
  expect(known.body).toMatchObject({ rejected: [{ n: 3, code: 'forbidden' }], session: { profileId: 'anna' } })
})

test('who is not authorized is asked to sign in, or refused, and hears of every action', async () => {
  const asked: unknown[] = []
  const handler = createHandler({
    authorize: (_request, context) => {
      asked.push(context)
      return false
    },
  })
  const anonymous = await post(handler, 's', [start(), adding(2, 'A')])
  expect([anonymous.status, anonymous.body.type]).toEqual([401, `${PROBLEM}unauthorized`])
  const signedIn = await get(handler, 's', { Authorization: 'Bearer x' })
  expect([signedIn.status, signedIn.body.type]).toEqual([403, `${PROBLEM}forbidden`])
  expect(asked).toEqual([
    { integrationId: 's', actions: ['start', 'addItem'] },
    { integrationId: 's', actions: ['read'] },
  ])
})

test("the backend's own code may do everything, on the version it means, and the browser hears of it", async () => {
  const handler = createHandler()
  const { body } = await post(handler, 's', [start(), adding(2, 'A', 3)])
  await handler.sessions.close('s', { ifVersion: 1 })
  const refused = await handler.sessions.cancel('s', { ifVersion: 1 }).catch((error: unknown) => error)
  expect(isSessionProblem(refused, 'precondition')).toBe(true)
  await handler.sessions.returnItems('s', [{ line: 'A', quantity: 1 }])
  const news = await get(handler, 's', { 'If-None-Match': `"${body.epoch}.1.${body.check}"` })
  expect(news.body).toMatchObject({ version: 3, session: { state: 'partially_returned', total: 5 } })
  const late = await post(handler, 's', [adding(3, 'B')], { epoch: body.epoch, base: 1 })
  expect(late.body).toMatchObject({
    rejected: [{ n: 3, code: 'session-closed' }],
    session: { state: 'partially_returned' },
  })
})

test('pages of other sites are refused, those on the list get their headers', async () => {
  const handler = createHandler({ origins: ['https://shop.example'] })
  const send = (headers: object) => post(handler, 's', [start()], {}, headers)
  expect((await send({ 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403)
  expect((await send({ Origin: 'https://evil.example' })).status).toBe(403)
  expect((await send({ Origin: 'null' })).status).toBe(403)
  expect((await send({ Origin: 'http://shop.test', 'Sec-Fetch-Site': 'same-origin' })).status).toBe(200)
  const listed = await send({ Origin: 'https://shop.example', 'Sec-Fetch-Site': 'cross-site' })
  expect(listed.headers.get('access-control-allow-origin')).toBe('https://shop.example')
  const preflight = await raw(handler, '/api/sessions/s/mutations', {
    method: 'OPTIONS',
    headers: { Origin: 'https://shop.example' },
  })
  expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([
    204,
    'https://shop.example',
  ])
})

test('bodies and batches over their limits are too large, declared or not', async () => {
  const handler = createHandler({ maxBodySize: 10_000, maxBatch: 5 })
  const big = await post(handler, 's', [start(), mutation(2, 'setAttributes', { changes: { a: 'x'.repeat(20_000) } })])
  expect([big.status, big.body.type]).toEqual([413, `${PROBLEM}too-large`])
  const many = await post(
    handler,
    's',
    Array.from({ length: 6 }, (_, index) => adding(index + 1, 'A')),
  )
  expect(many.body.type).toBe(`${PROBLEM}too-large`)
  const endless = new ReadableStream({
    pull: controller => controller.enqueue(new TextEncoder().encode(' '.repeat(4000))),
  })
  const init = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: endless, duplex: 'half' }
  expect((await raw(handler, '/api/sessions/s/mutations', init as RequestInit)).status).toBe(413)
})

test('only JSON is read, and only the known paths and methods answer', async () => {
  const handler = createHandler()
  const form = { method: 'POST', headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body: 'a=1' }
  expect((await raw(handler, '/api/sessions/s/mutations', form)).status).toBe(415)
  expect((await raw(handler, '/api/sessions/s/mutations', { method: 'DELETE' })).status).toBe(405)
  for (const path of [
    '/api/sessions/%00',
    '/api/sessions/%2e%2e/mutations',
    `/api/sessions/${'x'.repeat(1001)}`,
    '/api/sessions/%zz',
  ]) {
    const { status } = await raw(
      handler,
      path,
      path.endsWith('mutations') ? { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}' } : {},
    )
    expect([path, status >= 400 && status < 500]).toEqual([path, true])
  }
})

test('names that JavaScript gives a meaning are names like any other', async () => {
  const handler = createHandler()
  for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
    const item = JSON.parse(`{"sku":"${name}","price":1,"attributes":{"__proto__":{"polluted":1}}}`)
    const batch = [mutation(1, 'start', { currency: 'EUR' }, name), mutation(2, 'addItem', { item, quantity: 1 }, name)]
    const { status, body } = await post(handler, name, batch)
    expect([name, status, body.session?.cartItems?.[0]?.sku]).toEqual([name, 200, name])
    expect((await post(handler, name, batch)).body.version).toBe(1)
  }
  expect(({} as Record<string, unknown>).polluted).toBeUndefined()
})

test('5000 requests mutated from a valid one never make the server fail, nor change a session by a refused one', async () => {
  const errors: unknown[] = []
  const handler = createHandler({ onError: error => errors.push(error) })
  const batch = [
    start(),
    adding(2, 'A', 2),
    mutation(3, 'updateItem', { line: 'A', changes: { name: 'x', attributes: { a: 1 } } }),
    mutation(4, 'restoreItem', { item: { sku: 'B', quantity: 1 }, index: 0 }),
    mutation(5, 'applyCoupon', { code: 'C' }),
    mutation(6, 'adopt', { from: { integrationId: 's0', epoch: 'e_0' }, rule: 'sum' }),
  ]
  const valid = JSON.stringify({ v: 1, base: 0, mutations: batch })
  const odd = [
    'null',
    '-1',
    '1e999',
    '"\\u0000"',
    '"\\ud800"',
    '[]',
    '{}',
    '"__proto__"',
    'true',
    '1.5',
    '[[[[[]]]]]',
    '""',
    '{"__proto__":1}',
  ]
  // One value anywhere in the request becomes another one.
  const twisted = (): string => {
    const body = JSON.parse(valid)
    const places: [any, string][] = []
    const walk = (value: any): void => {
      for (const key of Object.keys(value)) {
        places.push([value, key])
        if (typeof value[key] === 'object') walk(value[key])
      }
    }
    walk(body)
    const [parent, key] = places[below(places.length)]!
    parent[key] = 'ODD'
    return JSON.stringify(body).replace('"ODD"', odd[below(odd.length)]!)
  }
  let state = 7
  const below = (limit: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return Math.floor((state / 4_294_967_296) * limit)
  }
  const counts: Record<number, number> = {}
  let parsed = 0
  for (let round = 0; round < 5000; round++) {
    const text = round % 4 ? twisted() : valid.slice(0, below(valid.length)) + valid.slice(below(valid.length))
    const id = `s${round}`
    const init = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: text }
    const { status } = await raw(handler, `/api/sessions/${id}/mutations`, init)
    counts[status] = (counts[status] ?? 0) + 1
    try {
      JSON.parse(text)
      parsed++
    } catch {
      // Counted as what it is: not JSON.
    }
    if (status !== 200) expect(await handler.sessions.get(id)).toBeUndefined()
  }
  console.table([{ requests: 5000, 'parse as JSON': parsed, ...counts }])
  expect(parsed).toBeGreaterThan(2500)
  expect(Object.keys(counts).filter(status => Number(status) >= 500)).toEqual([])
  expect(errors).toEqual([])
}, 30_000)
