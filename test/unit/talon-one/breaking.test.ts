// Answers and moments that could leave a session without promotions for ever, or a shop without Talon.One.
import { expect, test } from 'vitest'
import { createSessionHandler, memoryStore, type SessionHandlerOptions } from '../../../src/server/index.ts'
import { talonOne, type TalonOneOptions } from '../../../src/talon-one/index.ts'
import { createFakeClock } from '../../support/clock.ts'
import { createScript, empty, sessionOf } from '../../support/scripted-talon-one.ts'
import { adding, mutation, post, start } from '../../support/server-client.ts'

type Fetch = NonNullable<TalonOneOptions['fetch']>

function shopWith(fetch: Fetch, options: Partial<TalonOneOptions & SessionHandlerOptions> = {}) {
  const clock = createFakeClock()
  const errors: any[] = []
  const upstream = talonOne({ baseUrl: 'https://shop.test', apiKey: 'c0ffee', fetch, lineKey: options.lineKey })
  const onError = (error: unknown): void => void errors.push(error)
  const handler = createSessionHandler({ store: memoryStore(), upstream, clock, onError, ...options })
  return { handler, clock, errors }
}

const answer = (effects: unknown): Promise<Response> => Promise.resolve(Response.json({ effects }))

function nested(depth: number): unknown {
  let value: unknown = 1
  for (let level = 0; level < depth; level++) value = { inner: value }
  return value
}

test.each([10, 20, 25, 26, 27, 28, 29, 30, 31, 32, 33, 40])(
  'an effect %d deep is handed on or passed over, and the rest holds',
  async depth => {
    const discount = { effectType: 'setDiscount', props: { name: 'A', value: 1 } }
    const deep = { effectType: 'customEffect', props: { payload: nested(depth) } }
    const { handler } = shopWith(() => answer([discount, deep]))
    const { body } = await post(handler, 's', [start(), adding(2, 'A')])
    expect(body).toMatchObject({ estimated: false, session: { discounts: { A: 1 } } })
    expect(body.effects).toHaveLength(depth <= 26 ? 2 : 1)
  },
)

test('a line key that cannot name a free item costs its notice, not the promotions', async () => {
  const free = { effectType: 'addFreeItem', props: { sku: 'TEA', name: 'Tea' } }
  const discount = { effectType: 'setDiscount', props: { name: 'A', value: 1 } }
  const lineKey = ({ sku, attributes }: any): string => `${sku}/${attributes.size.toLowerCase()}`
  const { handler, errors } = shopWith(() => answer([free, discount]), { lineKey })
  const item = { sku: 'TEE', price: 2, attributes: { size: 'M' } }
  const { body } = await post(handler, 's', [start(), mutation(2, 'addItem', { item, quantity: 1 })])
  expect(body).toMatchObject({ estimated: false, session: { discounts: { A: 1 } } })
  expect(body.notices).toMatchObject([{ code: 'free-item', line: 'TEA', message: 'Tea' }])
  expect(errors.map(({ code }) => code)).toEqual(['unreadable'])
})

test('an answer without end makes no session too large', async () => {
  let count = 0
  const fetch: Fetch = () => {
    const body = `${'m'.repeat(30_000)}${++count}`
    return answer([{ effectType: 'showNotification', props: { notificationType: body, title: '', body } }])
  }
  const store = memoryStore()
  const { handler, errors } = shopWith(fetch, { store, maxSessionSize: 100_000 })
  await post(handler, 's', [start()])
  for (let n = 2; n < 12; n++) {
    const { body } = await post(handler, 's', [adding(n, 'A')])
    expect(body).toMatchObject({ estimated: false, effects: [] })
  }
  expect((await store.read('s'))!.document.length).toBeLessThan(100_000)
  expect(String(errors[0])).toMatch(/Effects of/)
})

test('a call that was given less than its time says nothing of Talon.One', async () => {
  const script = createScript()
  const controller = new AbortController()
  script.answer(() => {
    controller.abort(new Error('No answer within 5 ms.'))
    return 'nothing'
  })
  await expect(script.ask(sessionOf(), { signal: controller.signal })).rejects.toThrow('No answer within 5 ms.')
  script.answer(empty)
  // While a breaker is open no call would be made.
  await script.ask(sessionOf(), { interrupted: script.now })
  expect(script.deeds()).toEqual(['PUT open', 'PUT open'])
})

test.each([
  ['Talon.One itself', { status: 500, body: { message: 'Internal error' } }, 3],
  ['a gateway', { status: 502, text: '<h1>Bad Gateway</h1>' }, 1],
])('what %s answers in its trouble is kept under the key, or never was', async (_, trouble, count) => {
  const script = createScript()
  let interrupted: number | undefined
  for (let attempt = 0; attempt < 3; attempt++) {
    script.answer(trouble)
    await script.ask(sessionOf(), { interrupted }).catch(() => (interrupted = script.now))
    script.now += 20_000
  }
  const keys = new Set(script.calls.map(({ headers }) => headers['idempotency-key']))
  expect(keys.size).toBe(count)
})

test('after trouble of its own a close is looked for before it is made again', async () => {
  const script = createScript()
  const closed = sessionOf({ state: 'closed' })
  script.answer({ status: 500, body: { message: 'Internal error' } })
  expect(await script.ask(closed)).toMatchObject({ estimated: true })
  expect(script.reports).toMatchObject([{ code: 'unavailable', status: 500 }])
  script.now += 1000
  script.answer(call => ({ body: { customerSession: { state: 'closed', at: call.url }, effects: [] } }))
  expect((await script.ask(closed)).estimated).toBeUndefined()
  expect(script.deeds()).toEqual(['PUT closed', 'GET'])
})

test.each([
  [' old ', 'OLD'],
  ['straße', 'STRASSE'],
])('a refusal of %j is heard as one of %j', async (coupon, value) => {
  const script = createScript()
  script.answer({
    body: { effects: [{ effectType: 'rejectCoupon', props: { value, rejectionReason: 'CouponExpired' } }] },
  })
  expect((await script.ask(sessionOf({ coupon }))).rejected).toMatchObject([
    { kind: 'coupon', reason: 'CouponExpired' },
  ])
})

test('a close that was refused is made anew once the session was reopened', async () => {
  const script = createScript()
  const refusal = { status: 400, body: { message: 'The submitted data was invalid' } }
  const plan = [
    ['open', [empty]],
    ['closed', [refusal]],
    ['closed', []],
    ['open', [empty]],
    ['closed', [empty]],
  ] as const
  for (const [state, answers] of plan) {
    script.answer(...answers)
    await script.ask(sessionOf({ state }))
  }
  expect(script.deeds()).toEqual(['PUT open', 'PUT closed', 'PUT open', 'PUT closed'])
})
