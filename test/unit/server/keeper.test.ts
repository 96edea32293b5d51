// An upstream that keeps sessions: stored first, then asked, one call at a time.
import { expect, test } from 'vitest'
import {
  createSessionHandler,
  memoryStore,
  type CustomerSession,
  type SessionHandlerOptions,
  type SessionStore,
  type Upstream,
  type UpstreamContext,
  type UpstreamResult,
} from '../../../src/server/index.ts'
import { createFakeClock, settle } from '../../support/clock.ts'
import { adding, get, mutation, post, start } from '../../support/server-client.ts'

interface Call {
  readonly session: CustomerSession
  readonly context: UpstreamContext
  /** Ends the call. */
  readonly say: (said: UpstreamResult | Promise<never>) => void
}

/** An upstream whose calls are ended by the test. */
function createKeeper(serialize: (session: CustomerSession) => string[] = () => []) {
  const calls: Call[] = []
  const upstream: Upstream = Object.assign(
    (session: CustomerSession, context: UpstreamContext) =>
      new Promise<UpstreamResult>(say => void calls.push({ session, context, say })),
    { serialize },
  )
  return { calls, upstream }
}

/** An upstream that answers at once. */
function answering(say: (session: CustomerSession, context: UpstreamContext) => UpstreamResult) {
  const calls: { session: CustomerSession; context: UpstreamContext }[] = []
  const upstream: Upstream = Object.assign(
    (session: CustomerSession, context: UpstreamContext) => {
      calls.push({ session, context })
      return say(session, context)
    },
    { serialize: () => [] },
  )
  return { calls, upstream }
}

function open(upstream: Upstream, options: Partial<SessionHandlerOptions> = {}) {
  const errors: string[] = []
  const clock = createFakeClock()
  const store = memoryStore()
  const onError = (error: unknown): void => void errors.push(String(error))
  const copy = () => createSessionHandler({ store, upstream, clock, onError, ...options })
  return { handler: copy(), copy, clock, errors, store: options.store ?? store }
}

const coupon = (n: number, code: string, writer = 'w1') => mutation(n, 'applyCoupon', { code }, writer)
const documentIn = async (store: SessionStore, id = 's') => JSON.parse((await store.read(id))!.document)
const skus = ({ session }: { readonly session: CustomerSession }) => session.cartItems.map(({ sku }) => sku)

test('a change is stored before upstream hears of it, and what it says is stored after', async () => {
  const { calls, upstream } = createKeeper()
  const { handler, store } = open(upstream)
  const answer = post(handler, 's', [start(), adding(2, 'A')])
  await settle()
  expect(skus(await documentIn(store))).toEqual(['A'])
  expect(calls).toMatchObject([{ session: { cartItems: [{ sku: 'A' }] }, context: { memory: undefined } }])
  calls[0]!.say({ discounts: { ten: 1 }, firstSession: false, applicationId: 7, memory: { secret: 1 } })
  const { body } = await answer
  expect(body).toMatchObject({ version: 2, estimated: false })
  expect(body.session).toMatchObject({ discounts: { ten: 1 }, firstSession: false, applicationId: 7 })
  expect(JSON.stringify(body)).not.toContain('secret')
})

test('memory comes back in the next call', async () => {
  const { calls, upstream } = answering((_, { memory }) => ({ memory: { count: ((memory as any)?.count ?? 0) + 1 } }))
  const { handler, store } = open(upstream)
  await post(handler, 's', [start(), adding(2, 'A')])
  await post(handler, 's', [adding(3, 'B')])
  expect(calls.map(({ context }) => context.memory)).toEqual([undefined, { count: 1 }])
  expect((await documentIn(store)).upstream).toEqual({ memory: { count: 2 } })
})

test('batches that come during a call are merged into one call more, and no call overlaps', async () => {
  const { calls, upstream } = createKeeper()
  const { handler, copy, clock } = open(upstream)
  const other = copy()
  const first = post(handler, 's', [start(), adding(2, 'A')])
  await settle()
  const rest = [
    post(handler, 's', [adding(1, 'B', 1, 'w2')]),
    post(other, 's', [adding(1, 'C', 1, 'w3')]),
    post(other, 's', [adding(1, 'D', 1, 'w4')]),
  ]
  await clock.advance(200)
  expect(calls).toHaveLength(1)
  calls[0]!.say({ discounts: { old: 1 } })
  await clock.advance(200)
  expect(calls).toHaveLength(2)
  expect(skus(calls[1]!).sort()).toEqual(['A', 'B', 'C', 'D'])
  calls[1]!.say({ discounts: { all: 4 } })
  await clock.advance(200)
  for (const { body } of await Promise.all([first, ...rest])) {
    expect(body).toMatchObject({ estimated: false, session: { discounts: { all: 4 } } })
    expect(body.session.cartItems).toHaveLength(4)
  }
  expect(calls).toHaveLength(2)
})

test('sessions of one name are called for one after the other, on all servers; others do not wait', async () => {
  const { calls, upstream } = createKeeper(({ attributes }) => [String(attributes.profile)])
  const { handler, copy, clock } = open(upstream)
  const begin = (profile: string, id: string, by = handler) =>
    post(by, id, [start(), mutation(2, 'setAttributes', { changes: { profile } })])
  const answers = [begin('p', 's1'), begin('p', 's2', copy()), begin('q', 's3')]
  await clock.advance(300)
  expect(calls.map(({ session }) => session.attributes.profile)).toEqual(['p', 'q'])
  for (const { say } of calls) say({})
  await clock.advance(300)
  expect(calls).toHaveLength(3)
  calls[2]!.say({})
  await clock.advance(300)
  for (const { body } of await Promise.all(answers)) expect(body.estimated).toBe(false)
})

test('a code that is turned down is taken back, and upstream hears of the session without it', async () => {
  const { calls, upstream } = answering(({ coupon: code }) =>
    code.startsWith('BAD') ? { rejected: [{ kind: 'coupon', reason: 'CouponExpired' }] } : {},
  )
  const { handler } = open(upstream)
  await post(handler, 's', [start(), adding(2, 'A')])
  const { body } = await post(handler, 's', [coupon(3, 'BAD')])
  expect(body).toMatchObject({ estimated: false, session: { coupon: '' } })
  expect(body.rejected).toMatchObject([{ n: 3, code: 'coupon-rejected', reason: 'CouponExpired' }])
  expect(calls.map(({ session }) => session.coupon)).toEqual(['', 'BAD', ''])
})

test('a code brought in on one server is turned down in the call of another one', async () => {
  const { calls, upstream } = createKeeper()
  const { handler, copy, clock } = open(upstream)
  const first = post(handler, 's', [start(), adding(2, 'A')])
  await settle()
  const second = post(copy(), 's', [coupon(1, 'BAD', 'w2')])
  await settle()
  calls[0]!.say({})
  // The first server finds that more was written, and calls for it.
  await settle()
  expect(calls[1]).toMatchObject({ session: { coupon: 'BAD' }, context: { introduced: [{ writer: 'w2', n: 1 }] } })
  calls[1]!.say({ rejected: [{ kind: 'coupon', reason: 'CouponNotFound' }] })
  await settle()
  calls[2]!.say({})
  await clock.advance(100)
  expect((await first).body).toMatchObject({ estimated: false, session: { coupon: '' } })
  expect((await second).body.rejected).toMatchObject([{ writer: 'w2', n: 1, reason: 'CouponNotFound' }])
})

test('of two bad codes in one batch both are turned down, one after the other', async () => {
  const { upstream } = answering(({ coupon: code }) =>
    code.startsWith('BAD') ? { rejected: [{ kind: 'coupon', reason: code }] } : {},
  )
  const { handler } = open(upstream)
  const { body } = await post(handler, 's', [start(), coupon(2, 'BAD-1'), coupon(3, 'BAD-2')])
  expect(body).toMatchObject({ estimated: false, session: { coupon: '' } })
  expect(body.rejected.map(({ n, reason }: any) => [n, reason])).toEqual([
    [3, 'BAD-2'],
    [2, 'BAD-1'],
  ])
})

test('a code that any answer has told of as taken is not turned down in the call after it', async () => {
  const { calls, upstream } = createKeeper()
  const { handler, clock } = open(upstream)
  const first = post(handler, 's', [start(), adding(2, 'A')])
  await settle()
  const second = post(handler, 's', [coupon(1, 'BAD', 'w2')])
  await settle()
  calls[0]!.say(Promise.reject(new Error('lost')))
  expect((await first).body).toMatchObject({ estimated: true, acked: { w2: 1 }, rejected: [] })
  await clock.advance(100)
  calls[1]!.say({ rejected: [{ kind: 'coupon', reason: 'CouponNotFound' }] })
  const { body } = await second
  expect(body).toMatchObject({ estimated: false, rejected: [], session: { coupon: 'BAD' } })
  expect(body.notices).toMatchObject([{ code: 'coupon-not-applied', from: 'BAD' }])
})

test('an upstream that is slow or fails leaves an estimate, and the next request asks it again', async () => {
  const { calls, upstream } = createKeeper()
  const { handler, clock, errors } = open(upstream)
  const answer = post(handler, 's', [start(), adding(2, 'A'), coupon(3, 'BAD')])
  await clock.advance(2000)
  expect((await answer).body).toMatchObject({ estimated: true, rejected: [], session: { coupon: 'BAD' } })
  expect(errors).toEqual(['Error: No answer within 2000 ms.'])
  const gaveUpAt = clock.now()
  await clock.advance(5000)
  const next = get(handler, 's')
  await settle()
  expect(calls[1]!.context).toMatchObject({ interrupted: gaveUpAt, introduced: [], memory: undefined })
  calls[1]!.say({ rejected: [{ kind: 'coupon', reason: 'CouponExpired' }] })
  const { body } = await next
  expect(body).toMatchObject({ estimated: false, rejected: [], session: { coupon: 'BAD' } })
  expect(body.notices).toMatchObject([{ code: 'coupon-not-applied', from: 'BAD', reason: 'CouponExpired' }])
})

test('an upstream that says nothing yet leaves an estimate at once, and its code is not taken back later', async () => {
  let isDown = true
  const { upstream } = answering(() =>
    isDown ? { estimated: true, memory: 1 } : { rejected: [{ kind: 'coupon', reason: 'CouponExpired' }] },
  )
  const { handler, store } = open(upstream)
  const { body } = await post(handler, 's', [start(), coupon(2, 'BAD')])
  expect(body).toMatchObject({ estimated: true, rejected: [] })
  expect((await documentIn(store)).upstream).toEqual({ memory: 1 })
  isDown = false
  const later = await get(handler, 's')
  expect(later.body).toMatchObject({ estimated: false, rejected: [], session: { coupon: 'BAD' } })
})

test('when a server dies during its call, another one calls a while later, and hears of it', async () => {
  const { calls, upstream } = createKeeper()
  const { copy, clock, store } = open(upstream)
  let isDead = false
  const alive = <Result>(job: () => Promise<Result>) => (isDead ? new Promise<Result>(() => {}) : job())
  const mortal: SessionStore = {
    ...store,
    read: id => alive(() => store.read(id)),
    write: (id, version, document) => alive(() => store.write(id, version, document)),
  }
  const first = createSessionHandler({ store: mortal, upstream, clock })
  void post(first, 's', [start(), adding(2, 'A'), coupon(3, 'BAD')])
  await settle()
  const { until } = (await documentIn(store)).upstream.call
  isDead = true
  const other = copy()
  const early = get(other, 's')
  await clock.advance(2100)
  expect((await early).body).toMatchObject({ estimated: true })
  await clock.advance(900)
  const late = get(other, 's')
  await settle()
  expect(calls).toHaveLength(2)
  expect(calls[1]!.context.interrupted).toBe(until)
  // Nobody can say whether who brought the code in was answered.
  calls[1]!.say({ discounts: { ten: 1 }, rejected: [{ kind: 'coupon', reason: 'CouponNotFound' }] })
  const { body } = await late
  expect(body).toMatchObject({ estimated: false, rejected: [], session: { coupon: 'BAD', discounts: { ten: 1 } } })
  expect(body.notices).toMatchObject([{ code: 'coupon-not-applied' }])
  expect((await documentIn(store)).upstream).toEqual({})
})

test('upstream is asked again from the moment it named, and no sooner', async () => {
  const times: number[] = []
  const { upstream, calls } = answering((_, { now }) => {
    times.push(now())
    return times.length === 1 ? { again: now() + 30_000 } : {}
  })
  const { handler, clock, store } = open(upstream)
  await post(handler, 's', [start(), adding(2, 'A')])
  const { body } = await get(handler, 's')
  expect(body.estimated).toBe(false)
  expect(calls).toHaveLength(1)
  await clock.advance(30_000)
  await get(handler, 's')
  await get(handler, 's')
  expect(calls).toHaveLength(2)
  expect((await documentIn(store)).upstream).toEqual({})
})

test('who asks to be asked again still hears of the call that was interrupted', async () => {
  let count = 0
  const { upstream, calls } = answering((_, { now }) => {
    count++
    if (count === 1) throw new Error('lost')
    return count === 2 ? { again: now() + 10 } : {}
  })
  const { handler, clock } = open(upstream)
  await post(handler, 's', [start(), adding(2, 'A')])
  const lostAt = clock.now()
  await get(handler, 's')
  await clock.advance(10)
  await get(handler, 's')
  await post(handler, 's', [adding(3, 'B')])
  expect(calls.map(({ context }) => context.interrupted)).toEqual([undefined, lostAt, lostAt, undefined])
})

test('the session whose lines were taken over is told upstream, too', async () => {
  const { upstream, calls } = answering(() => ({}))
  const { handler } = open(upstream)
  const { body } = await post(handler, 'old', [start(), adding(2, 'A')])
  const from = { integrationId: 'old', epoch: body.epoch }
  await post(handler, 'new', [start(), mutation(2, 'adopt', { from, rule: 'sum' })])
  const states = calls.map(({ session }) => [session.integrationId, session.state, session.cartItems.length])
  expect(states).toEqual([
    ['old', 'open', 1],
    ['new', 'open', 1],
    ['old', 'cancelled', 0],
  ])
})

test('a mutation that changes nothing upstream is about makes no call', async () => {
  const { upstream, calls } = answering(() => ({}))
  const { handler } = open(upstream)
  await post(handler, 's', [start(), adding(2, 'A')])
  await post(handler, 's', [mutation(3, 'burn')])
  await get(handler, 's')
  expect(calls).toHaveLength(1)
})

test('a preview asks what would be, and nothing of it is kept', async () => {
  const asked: string[] = []
  const { upstream } = answering(({ coupon: code }) => ({ discounts: code ? { [code]: 1 } : {} }))
  const previewing = Object.assign(upstream, {
    preview: (session: CustomerSession) => {
      asked.push(session.coupon)
      return Promise.resolve(
        session.coupon === 'BAD'
          ? { rejected: [{ kind: 'coupon' as const, reason: 'CouponNotFound' }] }
          : { discounts: { [session.coupon]: 5 }, effects: [{ effectType: 'acceptCoupon' }] },
      )
    },
  })
  const { handler, store } = open(previewing)
  await post(handler, 's', [start(), adding(2, 'A')])
  const before = await store.read('s')
  const good = await handler.sessions.preview('s', [{ name: 'applyCoupon', args: { code: 'GOOD' } }])
  expect(good).toMatchObject({ rejected: [], effects: [{ effectType: 'acceptCoupon' }], estimated: false })
  expect(good.session).toMatchObject({ coupon: 'GOOD', discounts: { GOOD: 5 } })
  const bad = await handler.sessions.preview('s', [{ name: 'applyCoupon', args: { code: 'BAD' } }])
  expect(bad).toMatchObject({ session: { coupon: '' }, rejected: [{ n: 1, reason: 'CouponNotFound' }] })
  expect(await store.read('s')).toEqual(before)
  expect(asked).toEqual(['GOOD', 'BAD'])
  await expect(handler.sessions.preview('none', [])).rejects.toMatchObject({ problem: 'session-gone' })
})

test('a preview never calls an upstream that would keep it', async () => {
  const { upstream, calls } = answering(() => ({}))
  const { handler, errors } = open(upstream)
  await post(handler, 's', [start(), adding(2, 'A')])
  const { estimated } = await handler.sessions.preview('s', [{ name: 'clearItems', args: {} }])
  expect(estimated).toBe(true)
  expect(calls).toHaveLength(1)
  expect(errors).toEqual(['TypeError: This upstream keeps sessions and has no preview.'])
})
