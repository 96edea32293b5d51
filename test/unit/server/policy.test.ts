import { expect, test } from 'vitest'
import { isSessionCartError } from '../../../src/errors.ts'
import { createSessionHandler, isSessionProblem, memoryStore } from '../../../src/server/index.ts'
import { adding, get, mutation, post, start } from '../../support/server-client.ts'

type Options = Partial<Parameters<typeof createSessionHandler>[0]>

const createHandler = (options: Options = {}) => createSessionHandler({ store: memoryStore(), ...options })
const caught = (promise: Promise<unknown>) => promise.catch((error: unknown) => error)
const codes = ({ rejected }: any) => rejected.map(({ n, code }: any) => [n, code])

test.for([
  ['closeSession', {}],
  ['cancelSession', {}],
  ['reopenSession', {}],
  ['returnItems', { items: [{ line: 'A', quantity: 1 }] }],
  ['setIdentifiers', { identifiers: ['device-7'] }],
] as const)('%s of a browser is refused, and reaches the core once the policy lets it', async ([name, args]) => {
  const batch = [start(), adding(2, 'A'), mutation(3, name, args), adding(4, 'B')]
  const refused = await post(createHandler(), 's', batch)
  expect(refused.body).toMatchObject({
    acked: { w1: 4 },
    rejected: [{ n: 3, code: 'forbidden' }],
    notices: [{ id: 'w1.3.forbidden' }],
    session: { state: 'open', identifiers: [], cartItems: [{ sku: 'A' }, { sku: 'B' }] },
  })
  const allowed = await post(createHandler({ policy: { [name]: true } }), 's', batch)
  expect(allowed.body.acked).toEqual({ w1: 4 })
  expect(codes(allowed.body)).not.toContainEqual([3, 'forbidden'])
})

test('a guest may have guest ids only, in start as in setProfile, and an empty one', async () => {
  for (const [profileId, isFine] of [
    ['guest-7', true],
    ['', true],
    ['anna', false],
    ['Guest-7', false],
    ['a guest-7', false],
  ] as const) {
    const begun = await post(createHandler(), 's', [mutation(1, 'start', { currency: 'EUR', profileId })])
    expect([profileId, codes(begun.body)]).toEqual([profileId, isFine ? [] : [[1, 'forbidden']]])
    const set = await post(createHandler(), 's', [start(), mutation(2, 'setProfile', { profileId })])
    expect([profileId, codes(set.body), set.body.session.profileId]).toEqual(
      isFine ? [profileId, [], profileId] : [profileId, [[2, 'forbidden']], ''],
    )
  }
})

test('a signed-in shopper has the own profile or none, never a guest id', async () => {
  const handler = createHandler({ authorize: () => ({ profileId: 'anna' }) })
  const wanted = ['anna', 'guest-7', 'ann', 'anna ', '']
  const batch = [start(), ...wanted.map((profileId, index) => mutation(index + 2, 'setProfile', { profileId }))]
  const { body } = await post(handler, 's', batch)
  expect(codes(body)).toEqual([
    [3, 'forbidden'],
    [4, 'forbidden'],
    [5, 'forbidden'],
  ])
  expect(body.session.profileId).toBe('')
})

test('an authorize that fails lets nobody in and tells the operator, not the browser', async () => {
  const errors: unknown[] = []
  const handler = createHandler({
    authorize: () => Promise.reject(new Error('the password of the user database is x')),
    onError: (error, context) => errors.push([String(error), context]),
  })
  const { status, body } = await post(handler, 's', [start()])
  expect([status, body.type]).toEqual([500, 'about:blank'])
  expect(JSON.stringify(body)).not.toContain('password')
  expect(errors).toEqual([['Error: the password of the user database is x', { integrationId: 's' }]])
  expect(await handler.sessions.get('s')).toBeUndefined()
})

test('what is refused before the first start decides no currency', async () => {
  const handler = createHandler({ currencies: ['EUR', 'USD'] })
  const { body } = await post(handler, 's', [
    mutation(1, 'closeSession'),
    mutation(2, 'start', { currency: 'JPY' }),
    mutation(3, 'setQuantity', { line: 'A', quantity: 1 }),
    mutation(4, 'start', { currency: 'USD' }),
  ])
  expect(codes(body).map(([n]: [number]) => n)).toEqual([1, 2, 3])
  expect(body.currency).toBe('USD')
})

test('a currency the shop does not have is refused, and a session nobody started has the first', async () => {
  const handler = createHandler({ currencies: ['EUR', 'USD'] })
  const wrong = await post(handler, 's', [mutation(1, 'start', { currency: 'JPY' }), adding(2, 'A')])
  expect(wrong.body).toMatchObject({ currency: 'EUR', rejected: [{ n: 1, code: 'currency-mismatch' }] })
  const odd = await post(createHandler(), 's', [mutation(1, 'start', { currency: 'euro' })])
  expect(odd.body).toMatchObject({ currency: '', rejected: [{ n: 1, code: 'invalid-argument' }] })
})

test('a backend call with a key takes effect once, whatever version it names', async () => {
  const handler = createHandler()
  await post(handler, 's', [start(), adding(2, 'A', 3)])
  const again = () => handler.sessions.close('s', { key: 'order-1044', ifVersion: 1 })
  expect(await again()).toMatchObject({ version: 2, rejected: [], session: { state: 'closed' } })
  expect(await again()).toMatchObject({ version: 2, rejected: [] })
  const other = await handler.sessions.close('s', { key: 'order-1045' })
  expect(other.rejected).toMatchObject([{ n: 1, code: 'illegal-transition' }])
  expect((await handler.sessions.close('s', { key: 'order-1045' })).rejected).toEqual(other.rejected)
})

test('a backend call that cannot be meant says so and changes nothing', async () => {
  const handler = createHandler()
  expect(isSessionProblem(await caught(handler.sessions.close('none')), 'session-gone')).toBe(true)
  await post(handler, 's', [start()])
  const early = await caught(handler.sessions.close('s', { ifVersion: 9 }))
  expect(early).toMatchObject({ problem: 'precondition', status: 412, members: { version: 1 } })
  const wrong: [() => Promise<unknown>, string][] = [
    [() => handler.sessions.get('..'), 'invalid-argument'],
    [() => handler.sessions.close('s', { key: 'a b' }), 'invalid-argument'],
    [() => handler.sessions.apply('s', [{ name: 'adopt', args: {} } as any]), 'invalid-argument'],
    [
      () => handler.sessions.apply('s', [{ name: 'setQuantity', args: { line: 'A', quantity: 0.5 } }]),
      'invalid-quantity',
    ],
    [() => handler.sessions.apply('s', [{ writer: 'w', n: 0 } as any]), 'invalid-argument'],
  ]
  for (const [call, code] of wrong) {
    const error = await caught(call())
    expect([String(error), isSessionCartError(error, code as any)]).toEqual([String(error), true])
  }
  expect(await handler.sessions.get('s')).toMatchObject({ version: 1, session: { state: 'open' } })
})

test('the backend may create a session, name any profile and return goods; the browser hears of all of it', async () => {
  const handler = createHandler({ priceItem: () => ({ price: 99 }) })
  const made = await handler.sessions.apply('s', [
    { name: 'start', args: { currency: 'EUR', profileId: 'anna' } },
    { name: 'addItem', args: { item: { sku: 'A', price: 2.5 }, quantity: 3 } },
  ])
  expect(made).toMatchObject({ version: 1, currency: 'EUR', session: { profileId: 'anna', total: 7.5 } })
  const { headers } = await get(handler, 's')
  await handler.sessions.close('s')
  await handler.sessions.reopen('s')
  await handler.sessions.close('s')
  await handler.sessions.returnItems('s', [{ line: 'A', quantity: 1 }])
  const tooMany = await handler.sessions.returnItems('s', [{ line: 'A', quantity: 3 }])
  expect(tooMany.rejected).toMatchObject([{ n: 1, code: 'invalid-quantity' }])
  const news = await get(handler, 's', { 'If-None-Match': headers.get('etag') })
  expect(news.body.session).toMatchObject({
    state: 'partially_returned',
    total: 5,
    cartItems: [{ quantity: 3, returnedQuantity: 1, remainingQuantity: 2 }],
  })
  expect(news.body.notices).toEqual([])
})

test("a browser cannot write under the backend's names", async () => {
  const handler = createHandler()
  for (const writer of ['backend', 'backend-order-1044']) {
    const { body } = await post(handler, 's', [mutation(1, 'burn', {}, writer)])
    expect(body).toMatchObject({ type: 'urn:session-cart:problem:malformed', index: 0, writer, n: 1 })
  }
  expect((await post(handler, 's', [start('backendless')])).status).toBe(200)
})
