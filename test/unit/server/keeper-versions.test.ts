// What the calls to an upstream that keeps sessions do to versions, receipts and waiting.
import { expect, test } from 'vitest'
import {
  createSessionHandler,
  memoryStore,
  type CustomerSession,
  type SessionStore,
  type Upstream,
  type UpstreamContext,
  type UpstreamResult,
} from '../../../src/server/index.ts'
import { createFakeClock, settle } from '../../support/clock.ts'
import { adding, get, mutation, post, start } from '../../support/server-client.ts'

type Say = (session: CustomerSession, context: UpstreamContext) => UpstreamResult | Promise<UpstreamResult>

const keeping = (say: Say): Upstream => Object.assign(say, { serialize: () => [] })
const close = { name: 'closeSession', args: {} } as const

test('a version that was told stays good while upstream is asked in vain', async () => {
  const handler = createSessionHandler({ store: memoryStore(), upstream: keeping(() => ({ estimated: true })) })
  const { body } = await post(handler, 's', [start(), adding(2, 'A')])
  await get(handler, 's')
  await get(handler, 's')
  const { session, rejected } = await handler.sessions.close('s', { ifVersion: body.version })
  expect({ state: session.state, rejected }).toEqual({ state: 'closed', rejected: [] })
})

test('and while it is asked once more and says the same', async () => {
  const clock = createFakeClock()
  const upstream = keeping((_, { now }) => ({ discounts: { ten: 1 }, again: now() + 10 }))
  const handler = createSessionHandler({ store: memoryStore(), upstream, clock })
  const { body } = await post(handler, 's', [start(), adding(2, 'A')])
  await clock.advance(10)
  expect((await get(handler, 's')).body.version).toBeGreaterThan(body.version)
  await expect(handler.sessions.close('s', { ifVersion: body.version })).resolves.toMatchObject({ rejected: [] })
})

test('but not when promotions came, or another change', async () => {
  let discounts = {}
  const clock = createFakeClock()
  const upstream = keeping((_, { now }) => ({ discounts, again: now() + 10 }))
  const handler = createSessionHandler({ store: memoryStore(), upstream, clock })
  const { body } = await post(handler, 's', [start(), adding(2, 'A')])
  discounts = { ten: 1 }
  await clock.advance(10)
  const late = await get(handler, 's')
  const problem = { problem: 'precondition' }
  await expect(handler.sessions.close('s', { ifVersion: body.version })).rejects.toMatchObject(problem)
  await clock.advance(10)
  await get(handler, 's')
  await post(handler, 's', [mutation(3, 'removeItem', { line: 'none' })])
  await expect(handler.sessions.apply('s', [close], { ifVersion: late.body.version })).rejects.toMatchObject(problem)
  await expect(handler.sessions.close('s', { ifVersion: 99 })).rejects.toMatchObject(problem)
})

test('a code that was answered as taken is not turned down later, whatever the clocks say', async () => {
  const clock = createFakeClock()
  const store = memoryStore()
  const says: ((said: UpstreamResult) => void)[] = []
  const upstream = keeping(() => new Promise(say => void says.push(say)))
  // Whose turn it is when both wait is for their random bytes to say.
  const waiting = (byte: number) => (length: number) =>
    length === 1 ? new Uint8Array([byte]) : crypto.getRandomValues(new Uint8Array(length))
  const one = createSessionHandler({ store, upstream, clock, random: waiting(0) })
  const fast = { ...clock, now: () => clock.now() + 500 }
  const other = createSessionHandler({ store, upstream, clock: fast, random: waiting(255) })
  const first = post(one, 's', [start(), adding(2, 'A')])
  await clock.advance(100)
  const second = post(other, 's', [mutation(1, 'applyCoupon', { code: 'BAD' }, 'w2')])
  await clock.advance(1400)
  const third = post(one, 's', [adding(1, 'B', 1, 'w3')])
  await clock.advance(700)
  expect((await second).body).toMatchObject({ estimated: true, rejected: [], session: { coupon: 'BAD' } })
  expect(says).toHaveLength(2)
  says[1]!({ rejected: [{ kind: 'coupon', reason: 'CouponNotFound' }] })
  await settle()
  says[2]?.({})
  const { body } = await third
  expect(body).toMatchObject({ estimated: false, rejected: [], session: { coupon: 'BAD' } })
  expect(body.notices).toMatchObject([{ code: 'coupon-not-applied' }])
  await first
})

test('a store whose writes never hit ends the request', async () => {
  const clock = createFakeClock()
  const store = memoryStore()
  let isStuck = false
  const stuck: SessionStore = {
    ...store,
    write: (...write) => (isStuck ? Promise.resolve(false) : store.write(...write)),
  }
  const upstream = keeping(() => {
    isStuck = true
    return {}
  })
  const handler = createSessionHandler({ store: stuck, upstream, clock })
  const answer = post(handler, 's', [start(), adding(2, 'A')])
  await clock.advance(60_000)
  expect((await answer).status).toBe(503)
})

test('who gets its turn when hardly any time is left makes no call', async () => {
  const clock = createFakeClock()
  const store = memoryStore()
  const calls: { id: string; say: (said: UpstreamResult) => void }[] = []
  const upstream: Upstream = Object.assign(
    ({ integrationId: id }: CustomerSession) => new Promise<UpstreamResult>(say => void calls.push({ id, say })),
    { serialize: () => ['p'] },
  )
  const handler = createSessionHandler({ store, upstream, clock })
  const first = post(handler, 's1', [start()])
  await settle()
  const second = post(handler, 's2', [start()])
  await clock.advance(1800)
  calls[0]!.say({})
  await clock.advance(100)
  expect((await first).body.estimated).toBe(false)
  // What is known not to have been sent needs no looking after.
  expect((await second).body.estimated).toBe(true)
  expect(calls).toHaveLength(1)
  expect(JSON.parse((await store.read('s2'))!.document).upstream).toEqual({})
})

test('a write of which the store did not say that it was done holds nobody up', async () => {
  const clock = createFakeClock()
  const store = memoryStore()
  let count = 0
  const forgetful: SessionStore = {
    ...store,
    async write(...write) {
      const isWritten = await store.write(...write)
      if (++count === 1) throw new Error('lost')
      return isWritten
    },
  }
  const upstream = keeping(() => ({ rejected: [{ kind: 'coupon', reason: 'CouponNotFound' }] }))
  const handler = createSessionHandler({ store: forgetful, upstream, clock })
  const answer = post(handler, 's', [start(), mutation(2, 'applyCoupon', { code: 'BAD' })])
  await clock.advance(60)
  const { body } = await answer
  expect(body).toMatchObject({ estimated: false, session: { coupon: '' }, rejected: [{ n: 2 }] })
})

test('the backend reads what is to be paid of the version that was told, and of no other', async () => {
  const upstream = keeping(() => ({ discounts: { ten: 0.5 } }))
  const handler = createSessionHandler({ store: memoryStore(), upstream })
  const { body } = await post(handler, 's', [start(), adding(2, 'A', 2)])
  const seen = await handler.sessions.get('s', { ifVersion: body.version })
  expect(seen?.totals).toMatchObject({ total: 5, discount: 0.5, payable: 4.5, estimated: false })
  await post(handler, 's', [adding(3, 'B')])
  await expect(handler.sessions.get('s', { ifVersion: body.version })).rejects.toMatchObject({
    problem: 'precondition',
  })
  await expect(handler.sessions.get('none', { ifVersion: 1 })).rejects.toMatchObject({ problem: 'precondition' })
  expect(await handler.sessions.get('none', { ifVersion: 0 })).toBeUndefined()
})
