import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { createSessionHandler, memoryStore, type SessionHandlerOptions } from '../../../src/server/index.ts'
import { totalsOf } from '../../../src/session/totals.ts'
import { createFakeClock } from '../../support/clock.ts'
import { adding, get, mutation, post, start } from '../../support/server-client.ts'

function createShop(upstream: SessionHandlerOptions['upstream'], options: Partial<SessionHandlerOptions> = {}) {
  const errors: string[] = []
  const onError = (error: unknown) => errors.push(String(error))
  return { handler: createSessionHandler({ store: memoryStore(), upstream, onError, ...options }), errors }
}
const coupon = (n: number, code: string) => mutation(n, 'applyCoupon', { code })
const only = (...good: string[]): SessionHandlerOptions['upstream'] => {
  return ({ coupon: code }) =>
    code === '' || good.includes(code)
      ? { discounts: code === '' ? {} : { [code]: 1 } }
      : { rejected: [{ kind: 'coupon', reason: 'CouponNotFound', message: `no ${code}` }] }
}
const codes = (list: any) => list.map(({ n, code }: any) => [n, code])

test('of several codes in one batch the last good one holds, and each bad one after it is rejected', async () => {
  const { handler } = createShop(only('GOOD'))
  const batch = [start(), coupon(2, 'BAD-1'), coupon(3, 'GOOD'), coupon(4, 'BAD-2'), coupon(5, 'BAD-3')]
  const { body } = await post(handler, 's', batch)
  expect(codes(body.rejected)).toEqual([
    [5, 'coupon-rejected'],
    [4, 'coupon-rejected'],
  ])
  expect(body.rejected[0]).toMatchObject({ reason: 'CouponNotFound', message: 'no BAD-3' })
  expect(body).toMatchObject({ version: 1, estimated: false, session: { coupon: 'GOOD', discounts: { GOOD: 1 } } })
})

test('a code that was taken out again in its batch is not rejected', async () => {
  const { handler } = createShop(only())
  const { body } = await post(handler, 's', [start(), coupon(2, 'BAD'), mutation(3, 'removeCoupon'), adding(4, 'A')])
  expect(body).toMatchObject({ rejected: [], notices: [], session: { coupon: '' } })
})

test('coupon and referral are turned down apart from each other', async () => {
  const { handler } = createShop(({ referral }) =>
    referral
      ? { rejected: [{ kind: 'referral', reason: 'ReferralNotFound' }], discounts: { C: 1 } }
      : { discounts: { C: 1 } },
  )
  const batch = [start(), coupon(2, 'C'), mutation(3, 'applyReferral', { code: 'R' })]
  const { body } = await post(handler, 's', batch)
  expect(body.rejected).toMatchObject([{ n: 3, code: 'referral-rejected', reason: 'ReferralNotFound' }])
  expect(body.session).toMatchObject({ coupon: 'C', referral: '', discounts: { C: 1 } })
})

test('a code given while upstream was down and refused when it is back stays, and is told of by a notice', async () => {
  let isDown = true
  const { handler, errors } = createShop((session, context) => {
    if (isDown) throw new Error('down')
    return only()!(session, context)
  })
  const first = await post(handler, 's', [start(), coupon(2, 'BAD')])
  expect(first.body).toMatchObject({ estimated: true, rejected: [], session: { coupon: 'BAD' } })
  isDown = false
  const { body } = await get(handler, 's')
  expect(body).toMatchObject({ estimated: false, rejected: [], session: { coupon: 'BAD' } })
  expect(body.notices).toMatchObject([{ code: 'coupon-not-applied', from: 'BAD', reason: 'CouponNotFound' }])
  expect(errors).toEqual(['Error: down'])
})

test('a refused code that is good again and refused again is told of twice', async () => {
  let good: string[] = ['C']
  const { handler } = createShop((session, context) => only(...good)!(session, context))
  await post(handler, 's', [start(), coupon(2, 'C')])
  for (const [n, list] of [
    [3, []],
    [4, []],
    [5, ['C']],
    [6, []],
  ] as const) {
    good = [...list]
    await post(handler, 's', [adding(n, 'A')])
  }
  const { notices, epoch } = (await get(handler, 's')).body
  expect(notices.map(({ id }: any) => id)).toEqual([`${epoch}.2.coupon-not-applied`, `${epoch}.5.coupon-not-applied`])
})

test('upstream has its time, is told when it is up, and the session is whole without it', async () => {
  const clock = createFakeClock()
  const signals: AbortSignal[] = []
  const hang: SessionHandlerOptions['upstream'] = (_, { signal }) => {
    signals.push(signal)
    return new Promise(() => {})
  }
  const { handler, errors } = createShop(hang, { clock, upstreamTimeout: 700 })
  const answer = post(handler, 's', [start(), adding(2, 'A')])
  await clock.advance(699)
  expect([signals[0]!.aborted, errors.length]).toEqual([false, 0])
  await clock.advance(1)
  expect((await answer).body).toMatchObject({ estimated: true, session: { total: 2.5 } })
  expect(signals[0]!.aborted).toBe(true)
  expect(errors).toEqual(['Error: No answer within 700 ms.'])
  expect(clock.waiting()).toBe(0)
})

test('while upstream is down the last discounts stay, effects go, and asking in vain writes nothing', async () => {
  let isDown = false
  const { handler } = createShop(() => {
    if (isDown) throw new Error('down')
    return { discounts: { D: 1 }, effects: [{ effectType: 'showBanner' }] }
  })
  const first = await post(handler, 's', [start(), adding(2, 'A')])
  expect(first.body.effects).toEqual([{ effectType: 'showBanner' }])
  isDown = true
  const second = await post(handler, 's', [adding(3, 'A')])
  expect(second.body).toMatchObject({ version: 2, estimated: true, effects: [], session: { discounts: { D: 1 } } })
  const etag = second.headers.get('etag')
  expect((await get(handler, 's', { 'If-None-Match': etag })).status).toBe(304)
})

test.for(
  [
    undefined,
    null,
    'text',
    [],
    { rejected: 'all' },
    { rejected: [{ kind: 'voucher' }] },
    { rejected: [{ kind: 'coupon', reason: 7 }] },
    { discounts: { a: '1' } },
    { discounts: { a: NaN } },
    { discounts: { a: Infinity } },
    { discounts: [1] },
    { discounts: { a: null } },
    { effects: ['text'] },
    { effects: [{ at: new Date(0) }] },
    { notices: [{ id: 'no code' }] },
    { notices: [{ code: '' }] },
    { notices: [{ code: 'x', id: 7 }] },
    { firstSession: 'yes' },
  ].map(odd => [inspect(odd), odd] as const),
)('a result that is not one, %s, is a failure the operator hears of', async ([, odd]) => {
  const { handler, errors } = createShop(() => odd as never)
  const { status, body } = await post(handler, 's', [start(), adding(2, 'A')])
  expect([status, body.estimated, body.session.total, errors.length]).toEqual([200, true, 2.5, 1])
  expect((await handler.sessions.get('s'))?.session.discounts).toEqual({})
})

test('what upstream returned is copied: it may use its object again', async () => {
  const result = { discounts: { D: 1 }, effects: [{ list: [1] }] }
  const { handler } = createShop(() => result)
  const { session } = await handler.sessions.apply('s', [{ name: 'start', args: { currency: 'EUR' } }])
  result.discounts.D = 5
  expect(session.discounts).toEqual({ D: 1 })
})

test('notices of upstream come once by their id, or each time without one', async () => {
  const { handler } = createShop(() => ({
    notices: [
      { id: 'hello', code: 'welcome' },
      { code: 'again', line: 'A' },
    ],
  }))
  await post(handler, 's', [start()])
  const { body } = await post(handler, 's', [adding(2, 'A')])
  expect(body.notices.map(({ id, code }: any) => [id, code])).toEqual([
    ['hello', 'welcome'],
    [`${body.epoch}.1.1.again`, 'again'],
    [`${body.epoch}.2.1.again`, 'again'],
  ])
})

test('discounts sum into what is payable, exactly and never below nothing', async () => {
  let discounts: Record<string, number> = { a: 0.1, b: 0.2 }
  const { handler } = createShop(() => ({ discounts }))
  const first = await post(handler, 's', [start(), adding(2, 'A')])
  expect(totalsOf(first.body.session, true)).toMatchObject({
    total: 2.5,
    discount: 0.3,
    payable: 2.2,
    estimated: false,
  })
  discounts = { a: 2.4, b: 0.2 }
  const second = await post(handler, 's', [mutation(3, 'setAttributes', { changes: { a: 1 } })])
  expect(totalsOf(second.body.session, true)).toMatchObject({ discount: 2.6, payable: 0 })
})
