import { expect, test } from 'vitest'
import { createSessionHandler, memoryStore } from '../../../src/server/index.ts'
import { checkOf } from '../../../src/session/check.ts'
import { adding, get, mutation, post, start } from '../../support/server-client.ts'

const PROBLEM = 'urn:session-cart:problem:'

function createServer() {
  const store = memoryStore()
  let writes = 0
  const counting = {
    ...store,
    write: (...args: Parameters<typeof store.write>) => {
      writes++
      return store.write(...args)
    },
  }
  return { handler: createSessionHandler({ store: counting }), writes: () => writes }
}

test('the first request creates the session, with an epoch that cannot be guessed', async () => {
  const { handler } = createServer()
  const { status, headers, body } = await post(handler, 's', [start(), adding(2, 'A', 3)])
  expect(status).toBe(200)
  expect(body).toMatchObject({ v: 1, version: 1, currency: 'EUR', acked: { w1: 2 }, rejected: [], estimated: false })
  expect(body.epoch).toMatch(/^[\w-]{22,}$/)
  expect(body.session).toMatchObject({
    integrationId: 's',
    state: 'open',
    total: 7.5,
    cartItems: [{ sku: 'A', quantity: 3 }],
  })
  expect(body.check).toBe(checkOf(body.session.cartItems))
  expect(headers.get('etag')).toBe(`"${body.epoch}.1.${body.check}"`)
  expect(headers.get('cache-control')).toBe('no-store')
})

test('created and updated are by the clock of the server, whatever a mutation says', async () => {
  const { handler } = createServer()
  const { body } = await post(handler, 's', [{ ...start(), at: '1999-01-01T00:00:00Z' }])
  expect(Date.parse(body.session.created)).toBeGreaterThan(Date.parse('2020-01-01'))
})

test('a batch sent again in any shape takes effect once and is answered alike', async () => {
  const { handler, writes } = createServer()
  const all = [start(), adding(2, 'A'), mutation(3, 'setQuantity', { line: 'Z', quantity: 1 }), adding(4, 'B')]
  const first = await post(handler, 's', all)
  expect(first.body.rejected).toMatchObject([{ writer: 'w1', n: 3, code: 'line-not-found' }])
  const { epoch } = first.body
  for (const batch of [all, all.slice(0, 2), all.slice(2), all.slice(1, 3), all]) {
    const again = await post(handler, 's', batch, { epoch, base: 1 })
    expect(again.body).toMatchObject({ version: 1, acked: { w1: 4 } })
    if (batch.some(({ n }) => n === 3)) expect(again.body.rejected).toMatchObject([{ n: 3, code: 'line-not-found' }])
  }
  const overlapping = await post(handler, 's', [...all.slice(2), adding(5, 'C')], { epoch, base: 1 })
  expect(overlapping.body).toMatchObject({ version: 2, acked: { w1: 5 } })
  expect(writes()).toBe(2)
  expect((await get(handler, 's')).body.session.cartItems.map(({ sku }: any) => sku)).toEqual(['A', 'B', 'C'])
})

test('a rejection advances the number and leaves a notice', async () => {
  const { handler } = createServer()
  const { body } = await post(handler, 's', [
    start(),
    mutation(2, 'changeQuantity', { line: 'Z', by: 1 }),
    adding(3, 'A'),
  ])
  expect(body.acked).toEqual({ w1: 3 })
  expect(body.notices).toMatchObject([
    { id: 'w1.2.line-not-found', code: 'line-not-found', line: 'Z', writer: 'w1', n: 2 },
  ])
  expect(body.session.cartItems).toHaveLength(1)
})

test('a gap is answered with what the server has, and nothing is applied', async () => {
  const { handler, writes } = createServer()
  await post(handler, 's', [start()])
  const { status, headers, body } = await post(handler, 's', [adding(3, 'A'), adding(1, 'B', 1, 'w2')])
  expect([status, body.type, headers.get('content-type')]).toEqual([409, `${PROBLEM}gap`, 'application/problem+json'])
  expect(body.acked).toEqual({ w1: 1, w2: 0 })
  expect(writes()).toBe(1)
})

test('a burn may jump, and who sends the burned number later is told', async () => {
  const { handler } = createServer()
  await post(handler, 's', [start()])
  const burned = await post(handler, 's', [mutation(4, 'burn'), adding(5, 'A')])
  expect(burned.body.acked).toEqual({ w1: 5 })
  expect(burned.body.rejected.map(({ n, code }: any) => [n, code])).toEqual([
    [2, 'burned'],
    [3, 'burned'],
  ])
  const late = await post(handler, 's', [adding(3, 'B')])
  expect(late.body.rejected).toContainEqual(expect.objectContaining({ writer: 'w1', n: 3, code: 'burned' }))
  expect(late.body.session.cartItems).toHaveLength(1)
})

test('a malformed mutation is named and nothing of its batch is applied', async () => {
  const { handler, writes } = createServer()
  for (const wrong of [adding(2, 'A', 1.5), mutation(2, 'addItem', { item: { sku: 'A', total: 5 }, quantity: 1 })]) {
    const { status, body } = await post(handler, 's', [start(), wrong])
    expect([status, body.type]).toEqual([400, `${PROBLEM}malformed`])
    expect(body).toMatchObject({ writer: 'w1', n: 2 })
  }
  expect(writes()).toBe(0)
})

test('another version of the protocol is refused', async () => {
  const { handler } = createServer()
  const { status, body } = await post(handler, 's', [start()], { v: 2 })
  expect([status, body.type]).toEqual([426, `${PROBLEM}unsupported-version`])
})

test('a session that is not there any more is gone: missing, another epoch, a base above its version', async () => {
  const { handler } = createServer()
  expect((await post(handler, 'none', [adding(1, 'A')], { base: 3, epoch: 'e_x' })).status).toBe(410)
  const { body } = await post(handler, 's', [start()])
  for (const fields of [
    { base: 1, epoch: 'e_other' },
    { base: 7, epoch: body.epoch },
  ]) {
    const gone = await post(handler, 's', [adding(2, 'A')], fields)
    expect([gone.status, gone.body.type]).toEqual([410, `${PROBLEM}session-gone`])
  }
  const missing = await get(handler, 'none')
  expect([missing.status, missing.body.type]).toEqual([404, `${PROBLEM}session-gone`])
  const etag = `"e_other.1.0123456789abcdef"`
  expect((await get(handler, 's', { 'If-None-Match': etag })).status).toBe(410)
})

test('an unchanged session is a 304, a changed one comes whole with what changed since', async () => {
  const { handler } = createServer()
  const { body, headers } = await post(handler, 's', [start(), adding(2, 'A')])
  const etag = headers.get('etag')!
  const same = await get(handler, 's', { 'If-None-Match': etag })
  expect([same.status, same.body, same.headers.get('etag')]).toEqual([304, undefined, etag])
  await post(handler, 's', [adding(1, 'B', 1, 'w2'), mutation(2, 'removeItem', { line: 'A' }, 'w2')], {
    epoch: body.epoch,
    base: 1,
  })
  const news = await get(handler, 's', { 'If-None-Match': etag })
  expect(news.body).toMatchObject({ version: 2, acked: { w2: 2 }, session: { cartItems: [{ sku: 'B' }] } })
  expect(news.body.acked).not.toHaveProperty('w1')
})

test('an answer is small only for who can work the lines out', async () => {
  const { handler } = createServer()
  const { epoch, check } = (await post(handler, 's', [start(), adding(2, 'A')])).body
  const small = await post(handler, 's', [adding(3, 'B')], { epoch, base: 1, check })
  expect(small.body.session).not.toHaveProperty('cartItems')
  expect(small.body.session.total).toBe(5)
  const whole = async (n: number, fields: object) =>
    (await post(handler, 's', [adding(n, 'C')], { epoch, ...fields })).body.session
  expect(await whole(4, { base: 2 })).toHaveProperty('cartItems')
  expect(await whole(5, { base: 3, check: '0'.repeat(16) })).toHaveProperty('cartItems')
  expect(await whole(6, { base: 1, check })).toHaveProperty('cartItems')
})

test('every writer of the request and all that changed since the base are acknowledged', async () => {
  const { handler } = createServer()
  const { epoch } = (await post(handler, 's', [start('a'), adding(1, 'A', 1, 'b')])).body
  await post(handler, 's', [adding(2, 'A', 1, 'b')], { epoch, base: 1 })
  const { body } = await post(handler, 's', [adding(1, 'C', 1, 'c')], { epoch, base: 1 })
  expect(body.acked).toEqual({ b: 2, c: 1 })
})

test('a session has one currency', async () => {
  const { handler } = createServer()
  await post(handler, 's', [start()])
  const other = await post(handler, 's', [mutation(1, 'start', { currency: 'USD' }, 'w2')])
  expect(other.body.rejected).toMatchObject([{ writer: 'w2', n: 1, code: 'currency-mismatch' }])
  const wrong = await post(handler, 's', [mutation(2, 'addItem', { item: { sku: 'A', currency: 'USD' }, quantity: 1 })])
  expect(wrong.body.rejected).toContainEqual(expect.objectContaining({ writer: 'w1', n: 2, code: 'currency-mismatch' }))
})
