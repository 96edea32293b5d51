import { expect, test } from 'vitest'
import { createTalonOneWorld } from '../../support/talon-one-client.ts'

const statuses = (answers: readonly { readonly status: number }[]) => answers.map(({ status }) => status)
const of = (what: string) => ({
  message: `Too many requests are updating this ${what} at the same time`,
  errors: [],
  StatusCode: 409,
})

test('three updates of a session are taken one after the other, and a fourth is sent away, late', async () => {
  const { put, talonOne, clock, deeds } = createTalonOneWorld({ latency: 100 })
  const answers = [1, 2, 3, 4].map(n => put('c', { profileId: `p${n}` }))
  await clock.advance(99)
  expect(talonOne.requests.map(({ status }) => status)).toEqual([undefined, undefined, undefined, undefined])
  await clock.advance(1)
  expect(await answers[3]).toMatchObject({ status: 409, body: of('session') })
  expect(deeds()).toEqual(['c created'])
  await clock.advance(100)
  expect(deeds()).toHaveLength(2)
  await clock.advance(100)
  expect(statuses(await Promise.all(answers))).toEqual([200, 200, 200, 409])
  expect(talonOne.session('c')).toMatchObject({ profileId: 'p3' })
})

test('so it is with the sessions of a profile', async () => {
  const { put, clock, deeds } = createTalonOneWorld({ latency: 10 })
  const answers = ['a', 'b', 'c', 'd'].map(id => put(id, { profileId: 'p' }))
  const others = ['e', 'f', 'g', 'h'].map(id => put(id, {}))
  await clock.advance(10)
  expect(await answers[3]).toMatchObject({ status: 409, body: of('profile') })
  expect(statuses(await Promise.all(others))).toEqual([200, 200, 200, 200])
  expect(deeds()).toEqual(['a created', 'e created', 'f created', 'g created', 'h created'])
  await clock.advance(20)
  expect(statuses(await Promise.all(answers))).toEqual([200, 200, 200, 409])
})

test('a session that has a profile counts for it without naming it', async () => {
  const { put, returns, clock } = createTalonOneWorld({ latency: 10 })
  const first = put('a', { profileId: 'p', state: 'closed', cartItems: [{ sku: 'A', quantity: 1 }] })
  await clock.advance(10)
  await first
  const answers = [put('b', { profileId: 'p' }), put('c', { profileId: 'p' }), put('d', { profileId: 'p' })]
  const fourth = returns('a', [{ position: 0 }])
  await clock.advance(30)
  await Promise.all(answers)
  expect((await fourth).status).toBe(409)
})

test('reading is not counted, and waits for nobody', async () => {
  const { put, get, clock } = createTalonOneWorld({ latency: 10 })
  const first = put('c', {})
  await clock.advance(10)
  await first
  const answers = [put('c', {}), put('c', {}), put('c', {})]
  const reads = [1, 2, 3, 4].map(() => get('c'))
  await clock.advance(10)
  expect(statuses(await Promise.all(reads))).toEqual([200, 200, 200, 200])
  await clock.advance(20)
  expect(statuses(await Promise.all(answers))).toEqual([200, 200, 200])
})

test('more requests than are allowed in a time are too many, without a word of when to come again', async () => {
  const { put, clock } = createTalonOneWorld({ rateLimit: { requests: 2, ms: 1000 } })
  expect(statuses([await put('a', {}), await put('b', {})])).toEqual([200, 200])
  const third = await put('c', {})
  expect([third.status, third.body, third.headers.has('retry-after')]).toEqual([429, 'Too Many Requests', false])
  await clock.advance(1000)
  expect((await put('c', {})).status).toBe(200)
})
