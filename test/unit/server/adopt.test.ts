import { expect, test } from 'vitest'
import { createSessionHandler, memoryStore, type SessionStore } from '../../../src/server/index.ts'
import { adding, get, mutation, post, start } from '../../support/server-client.ts'

type Options = Partial<Parameters<typeof createSessionHandler>[0]>

const createHandler = (options: Options = {}) => createSessionHandler({ store: memoryStore(), ...options })
type Handler = ReturnType<typeof createHandler>

/** An `adopt` as a page sends it. */
const adopting = (n: number, integrationId: string, epoch: string, rule = 'sum', writer = 'w1') =>
  mutation(n, 'adopt', { from: { integrationId, epoch }, rule }, writer)

/** A member's session with 2 of A and 1 of B, and a guest's with 3 of A and 4 of C. Returns the guest's epoch. */
async function createTwo(handler: Handler): Promise<string> {
  await post(handler, 'member', [start(), adding(2, 'A', 2), adding(3, 'B')])
  const { body } = await post(handler, 'guest', [start('g1'), adding(2, 'A', 3, 'g1'), adding(3, 'C', 4, 'g1')])
  return body.epoch
}

const quantities = ({ session }: any) =>
  Object.fromEntries(session.cartItems.map(({ sku, quantity }: any) => [sku, quantity]))

test.for([
  ['sum', { A: 5, B: 1, C: 4 }],
  ['max', { A: 3, B: 1, C: 4 }],
  ['mine', { A: 2, B: 1, C: 4 }],
  ['theirs', { A: 3, B: 1, C: 4 }],
] as const)('%s takes the lines over and leaves the other session cancelled and empty', async ([rule, wanted]) => {
  const handler = createHandler()
  const epoch = await createTwo(handler)
  const { body } = await post(handler, 'member', [adopting(4, 'guest', epoch, rule)])
  expect(body).toMatchObject({ version: 2, acked: { w1: 4 }, rejected: [], notices: [] })
  expect(quantities(body)).toEqual(wanted)
  const left = await handler.sessions.get('guest')
  expect(left).toMatchObject({
    version: 2,
    session: { state: 'cancelled', cartItems: [], total: 0 },
    adoptedBy: { integrationId: 'member', epoch: body.epoch },
  })
})

test('the devices of the other session are told at their next sync, and what they still bring is rejected', async () => {
  const handler = createHandler()
  const epoch = await createTwo(handler)
  const { headers } = await get(handler, 'guest')
  await post(handler, 'member', [adopting(4, 'guest', epoch)])
  const news = await get(handler, 'guest', { 'If-None-Match': headers.get('etag') })
  expect(news.body).toMatchObject({ session: { state: 'cancelled', cartItems: [] }, notices: [{ code: 'adopted' }] })
  // Whoever holds the guest's id need not learn the member's.
  expect(JSON.stringify(news.body)).not.toContain('member')
  const late = await post(handler, 'guest', [adding(4, 'A', 1, 'g1')], { epoch, base: 1 })
  expect(late.body).toMatchObject({ rejected: [{ n: 4, code: 'session-closed' }], notices: [{ code: 'adopted' }, {}] })
})

test('an adopt that is sent again answers its outcome and does nothing', async () => {
  const handler = createHandler()
  const epoch = await createTwo(handler)
  const batch = [adopting(4, 'guest', epoch), adopting(5, 'guest', epoch)]
  const first = await post(handler, 'member', batch)
  expect(first.body).toMatchObject({ version: 2, acked: { w1: 5 }, rejected: [{ n: 5, code: 'adopt-rejected' }] })
  const again = await post(handler, 'member', batch)
  expect(again.body).toEqual(first.body)
  expect(await handler.sessions.get('guest')).toMatchObject({ version: 2 })
})

test('an answer after an adopt is whole, even to who could replay everything else', async () => {
  const handler = createHandler()
  const epoch = await createTwo(handler)
  const { body: known } = await get(handler, 'member')
  const fields = { epoch: known.epoch, base: 1, check: known.check }
  const { body } = await post(handler, 'member', [adding(4, 'B'), adopting(5, 'guest', epoch)], fields)
  expect(quantities(body)).toEqual({ A: 5, B: 2, C: 4 })
  const small = { epoch: body.epoch, base: 2, check: body.check }
  const rejected = await post(handler, 'member', [adopting(6, 'guest', epoch)], small)
  expect(rejected.body.session).not.toHaveProperty('cartItems')
})

test('a session that is not there, is another one, was closed or taken before is rejected alone', async () => {
  const handler = createHandler()
  const epoch = await createTwo(handler)
  await post(handler, 'third', [start(), adopting(2, 'guest', epoch)])
  const paid = await handler.sessions.apply('paid', [{ name: 'start', args: { currency: 'EUR' } }])
  await handler.sessions.close('paid')
  const open = await handler.sessions.apply('open', [{ name: 'start', args: { currency: 'EUR' } }])
  const { body } = await post(handler, 'member', [
    adopting(4, 'nobody', epoch),
    adopting(5, 'open', `${open.epoch}x`),
    adopting(6, 'paid', paid.epoch),
    adopting(7, 'guest', epoch),
    adopting(8, 'member', epoch),
    adopting(9, 'a\u0001b', epoch),
    adding(10, 'D'),
  ])
  expect(body.rejected.map(({ n, code }: any) => [n, code])).toEqual([
    [4, 'adopt-rejected'],
    [5, 'adopt-rejected'],
    [6, 'adopt-rejected'],
    [7, 'adopt-rejected'],
    [8, 'invalid-argument'],
    [9, 'forbidden'],
  ])
  expect(quantities(body)).toEqual({ A: 2, B: 1, D: 1 })
  expect(await handler.sessions.get('open')).toMatchObject({ version: 1, session: { state: 'open' } })
  expect(await handler.sessions.get('guest')).toMatchObject({ version: 2, adoptedBy: { integrationId: 'third' } })
})

test('another currency, too many lines and too many units reject the adopt alone and leave the other session', async () => {
  const handler = createHandler({ limits: { maxItems: 3, maxUnits: 10 } })
  const epoch = await createTwo(handler)
  const dollars = await post(handler, 'dollars', [mutation(1, 'start', { currency: 'USD' }), adding(2, 'A')])
  const many = await post(handler, 'many', [start(), adding(2, 'A'), adding(3, 'D'), adding(4, 'E')])
  const { body } = await post(handler, 'member', [
    adopting(4, 'dollars', dollars.body.epoch),
    adopting(5, 'many', many.body.epoch),
    adding(6, 'B'),
    adopting(7, 'guest', epoch),
    adopting(8, 'guest', epoch, 'mine'),
  ])
  expect(body.rejected.map(({ n, code }: any) => [n, code])).toEqual([
    [4, 'currency-mismatch'],
    [5, 'limit-exceeded'],
    [7, 'limit-exceeded'],
  ])
  expect(quantities(body)).toEqual({ A: 2, B: 2, C: 4 })
  for (const id of ['dollars', 'many']) {
    expect(await handler.sessions.get(id)).toMatchObject({ version: 1, session: { state: 'open' } })
  }
})

test('a closed session adopts nothing', async () => {
  const handler = createHandler()
  const epoch = await createTwo(handler)
  await handler.sessions.close('member')
  const { body } = await post(handler, 'member', [adopting(4, 'guest', epoch)])
  expect(body.rejected).toMatchObject([{ n: 4, code: 'session-closed' }])
  expect(await handler.sessions.get('guest')).toMatchObject({ version: 1 })
})

test('authorize is asked for both sessions; without its leave the adopt alone is forbidden and nothing is read', async () => {
  const asked: unknown[] = []
  const reads: string[] = []
  const store = memoryStore()
  const watched: SessionStore = {
    ...store,
    read(id) {
      reads.push(id)
      return store.read(id)
    },
  }
  let isOpen = false
  const handler = createHandler({
    store: watched,
    authorize(_request, context) {
      asked.push(context)
      return (isOpen || !context.actions.includes('adopt') || context.actions.length > 1) && {}
    },
  })
  const epoch = await createTwo(handler)
  asked.length = reads.length = 0
  const refused = await post(handler, 'member', [adopting(4, 'guest', epoch), adding(5, 'B')])
  expect(asked).toEqual([
    { integrationId: 'member', actions: ['adopt', 'addItem'] },
    { integrationId: 'guest', actions: ['adopt'] },
  ])
  expect(reads).toEqual(['member'])
  expect(refused.body.rejected).toMatchObject([{ n: 4, code: 'forbidden' }])
  expect(quantities(refused.body)).toEqual({ A: 2, B: 2 })
  isOpen = true
  const taken = await post(handler, 'member', [adopting(6, 'guest', epoch)])
  expect(quantities(taken.body)).toEqual({ A: 5, B: 2, C: 4 })
})

test('a request adopts ten sessions at most, and the policy may forbid it', async () => {
  const handler = createHandler()
  const batch = [start()]
  for (let n = 2; n <= 12; n++) {
    const { epoch } = await handler.sessions.apply(`s${n}`, [
      { name: 'start', args: { currency: 'EUR' } },
      { name: 'addItem', args: { item: { sku: 'A' }, quantity: 1 } },
    ])
    batch.push(adopting(n, `s${n}`, epoch))
  }
  const { body } = await post(handler, 'member', batch)
  expect(body.rejected).toMatchObject([{ n: 12, code: 'forbidden' }])
  expect(quantities(body)).toEqual({ A: 10 })
  const strict = createHandler({ policy: { adopt: false } })
  const epoch = await createTwo(strict)
  const { body: refused } = await post(strict, 'member', [adopting(4, 'guest', epoch)])
  expect(refused.rejected).toMatchObject([{ n: 4, code: 'forbidden' }])
})

test('lines that are taken over are priced like lines that are added', async () => {
  const priced: string[] = []
  const handler = createHandler({
    priceItem({ sku, quantity }) {
      priced.push(`${sku} ${quantity}`)
      return sku === 'C' ? { price: 9, limit: 2, reason: 'OutOfStock' } : { price: 2.5 }
    },
  })
  // The backend's prices are believed: nothing is priced before the adopt.
  const { epoch } = await handler.sessions.apply('guest', [
    { name: 'start', args: { currency: 'EUR' } },
    { name: 'addItem', args: { item: { sku: 'A', price: 1 }, quantity: 1 } },
    { name: 'addItem', args: { item: { sku: 'C', price: 1 }, quantity: 4 } },
  ])
  await post(handler, 'member', [start(), adding(2, 'A', 2), adding(3, 'B')])
  priced.length = 0
  const { body } = await post(handler, 'member', [adopting(4, 'guest', epoch)])
  expect(priced).toEqual(['A 3', 'C 4'])
  expect(body.session.cartItems).toEqual([
    { sku: 'A', price: 2.5, quantity: 3 },
    { sku: 'B', price: 2.5, quantity: 1 },
    { sku: 'C', price: 9, quantity: 2 },
  ])
  expect(body.notices).toMatchObject([
    { code: 'quantity-limited', line: 'C', from: 4, to: 2, reason: 'OutOfStock' },
    { code: 'price-changed', line: 'C', from: 1, to: 9 },
  ])
})

test('a price that changes with their line is told', async () => {
  const handler = createHandler()
  const { epoch } = await handler.sessions.apply('guest', [
    { name: 'start', args: { currency: 'EUR' } },
    { name: 'addItem', args: { item: { sku: 'B', price: 3 }, quantity: 1 } },
  ])
  await post(handler, 'member', [start(), adding(2, 'A'), adding(3, 'B')])
  const { body } = await post(handler, 'member', [adopting(4, 'guest', epoch, 'theirs')])
  expect(body.notices).toMatchObject([{ id: 'w1.4.price-changed', line: 'B', from: 2.5, to: 3 }])
})

test('promotions are asked for both sessions as they will be', async () => {
  const asked: unknown[] = []
  const handler = createHandler({
    upstream({ integrationId, state, total }) {
      asked.push([integrationId, state, total])
      return { discounts: total ? { half: total / 2 } : {} }
    },
  })
  const epoch = await createTwo(handler)
  asked.length = 0
  const { body } = await post(handler, 'member', [adopting(4, 'guest', epoch)])
  expect(asked).toEqual([
    ['member', 'open', 25],
    ['guest', 'cancelled', 0],
  ])
  expect(body.session.discounts).toEqual({ half: 12.5 })
  expect(await handler.sessions.get('guest')).toMatchObject({ estimated: false, session: { discounts: {} } })
})

test('a session may begin with an adopt, and chains of them lead on', async () => {
  const handler = createHandler()
  const epoch = await createTwo(handler)
  const { body } = await post(handler, 'new', [start(), adopting(2, 'guest', epoch)])
  expect(quantities(body)).toEqual({ A: 3, C: 4 })
  const next = await post(handler, 'member', [adopting(4, 'new', body.epoch)])
  expect(quantities(next.body)).toEqual({ A: 5, B: 1, C: 4 })
})

test("the backend's own code may adopt, once for a key, and follow to where the lines went", async () => {
  const handler = createHandler()
  const epoch = await createTwo(handler)
  const adopt = { name: 'adopt', args: { from: { integrationId: 'guest', epoch }, rule: 'max' } } as const
  const once = await handler.sessions.apply('member', [adopt], { key: 'login-7' })
  expect([once.rejected, quantities(once)]).toEqual([[], { A: 3, B: 1, C: 4 }])
  expect(await handler.sessions.apply('member', [adopt], { key: 'login-7' })).toEqual(once)
  const left = await handler.sessions.get('guest')
  expect((await handler.sessions.get(left!.adoptedBy!.integrationId))?.epoch).toBe(left!.adoptedBy!.epoch)
})
