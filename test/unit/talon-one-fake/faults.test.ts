import { expect, test } from 'vitest'
import type { Fault } from '../../support/talon-one/types.ts'
import { createTalonOneWorld, tenthOff } from '../../support/talon-one-client.ts'

test.for([
  ['connection lost before processing', []],
  ['answer lost', ['c created']],
] as const)('%s: the client hears of no answer', async ([fault, done]) => {
  const { put, talonOne, deeds } = createTalonOneWorld()
  talonOne.failNext(fault)
  await expect(put('c', {})).rejects.toThrow(TypeError)
  expect(deeds()).toEqual(done)
  expect((await put('d', {})).status).toBe(200)
})

test.for([
  ['gateway error', 502, []],
  ['server error', 500, []],
  ['gateway timeout', 504, ['c created']],
  ['page of a firewall', 200, ['c created']],
] as const)('%s: a page comes instead of JSON', async ([fault, status, done]) => {
  const { put, talonOne, deeds } = createTalonOneWorld()
  talonOne.failNext(fault)
  const answer = await put('c', {})
  expect([answer.status, answer.headers.get('content-type'), deeds()]).toEqual([status, 'text/html', done])
  expect(answer.body).toMatch(/^<html>/)
})

test.for([
  ['too many requests', 429],
  ['too many updates', 409],
  ['unauthorized', 401],
] as const)('%s: as if there were a reason', async ([fault, status]) => {
  const { put, talonOne, deeds } = createTalonOneWorld()
  talonOne.failNext(fault, 2)
  for (const expected of [status, status, 200]) expect((await put('c', {})).status).toBe(expected)
  expect(deeds()).toEqual(['c created'])
})

test('processed late: it happens after the client has gone', async () => {
  const { put, talonOne, clock, deeds } = createTalonOneWorld({ lateness: 1000, random: () => 0.5 })
  talonOne.failNext('processed late')
  const departure = new AbortController()
  const answer = put('c', { profileId: 'late' }, { signal: departure.signal })
  await clock.advance(499)
  departure.abort()
  await expect(answer).rejects.toThrow(/abort/)
  await put('c', { profileId: 'in time' })
  await clock.advance(1)
  expect(talonOne.session('c')).toMatchObject({ profileId: 'late' })
  expect(deeds()).toEqual(['c created', 'c updated'])
})

test('answer never comes: the client has to go, and what it asked for was done', async () => {
  const { put, talonOne, clock, deeds } = createTalonOneWorld()
  talonOne.failNext('answer never comes')
  const departure = new AbortController()
  const answer = put('c', {}, { signal: departure.signal })
  await clock.advance(3_600_000)
  departure.abort()
  await expect(answer).rejects.toThrow(/abort/)
  expect(deeds()).toEqual(['c created'])
})

test('slow answer: it comes, late', async () => {
  const { put, talonOne, clock, deeds } = createTalonOneWorld({ lateness: 1000, random: () => 0.5 })
  talonOne.failNext('slow answer')
  let status = 0
  const answer = put('c', {}).then(({ status: heard }) => (status = heard))
  await clock.advance(499)
  expect([deeds(), status]).toEqual([['c created'], 0])
  await clock.advance(1)
  expect(await answer).toBe(200)
})

test.for([
  ['answer cut half way', 'cut'],
  ['answer never ends', 'waiting'],
] as const)('%s', async ([fault, outcome]) => {
  const { talonOne, clock } = createTalonOneWorld()
  talonOne.failNext(fault)
  const response = await talonOne.handle(
    new Request('https://shop.talon.example/v2/customer_sessions/c', {
      method: 'PUT',
      headers: { authorization: 'ApiKey-v1 ab12' },
      body: JSON.stringify({ customerSession: {} }),
    }),
  )
  expect(response.status).toBe(200)
  const reader = response.body!.getReader()
  const { value } = await reader.read()
  expect(new TextDecoder().decode(value)).toMatch(/^\{"effects"/)
  const rest = reader.read().then(
    ({ done }) => (done ? 'done' : 'more'),
    () => 'cut',
  )
  await clock.advance(0)
  expect(await Promise.race([rest, Promise.resolve('waiting')])).toBe(outcome)
})

test('sparse answer: optional fields are missing, and what is empty is null', async () => {
  const { put, talonOne } = createTalonOneWorld({ campaigns: tenthOff() })
  talonOne.failNext('sparse answer')
  const { body } = await put('c', {})
  expect(body).toMatchObject({ effects: [], createdCoupons: null, createdReferrals: null })
  const { customerSession } = body
  expect(customerSession).toMatchObject({ state: 'open', cartItems: null, couponCodes: null, total: 0 })
  for (const field of ['id', 'updateCount', 'updated', 'cartItemAdditionalCostTotal'])
    expect(customerSession).not.toHaveProperty(field)
})

test('new effect type: one more effect, which is not kept', async () => {
  const { put, get, talonOne } = createTalonOneWorld()
  talonOne.failNext('new effect type')
  expect((await put('c', {})).body.effects).toMatchObject([{ effectType: 'lightFireworks' }])
  expect((await get('c')).body.effects).toEqual([])
})

test('while it is down nothing gets through, and what was under way is lost', async () => {
  const { put, talonOne, clock, deeds } = createTalonOneWorld({ latency: 100 })
  const answers = [put('c', {}), put('c', {})]
  const outcomes = Promise.allSettled(answers)
  await clock.advance(100)
  talonOne.isDown = true
  await expect(put('d', {})).rejects.toThrow(TypeError)
  await clock.advance(100)
  expect((await outcomes).map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
  talonOne.isDown = false
  expect(deeds()).toEqual(['c created'])
  const again = put('c', {})
  await clock.advance(100)
  expect((await again).status).toBe(200)
})

test('chance may decide about every fault, and none strikes unasked', async () => {
  const asked = new Set<Fault>()
  const { put } = createTalonOneWorld({ faults: { strikes: fault => !asked.add(fault) } })
  expect((await put('c', {})).status).toBe(200)
  expect([...asked].sort()).toEqual([
    'answer cut half way',
    'answer lost',
    'answer never comes',
    'answer never ends',
    'connection lost before processing',
    'gateway error',
    'gateway timeout',
    'new effect type',
    'page of a firewall',
    'processed late',
    'server error',
    'slow answer',
    'sparse answer',
    'too many requests',
    'too many updates',
    'unauthorized',
  ])
})

test('a client that leaves does not stop what it asked for', async () => {
  const { put, clock, deeds } = createTalonOneWorld({ latency: 100 })
  const departure = new AbortController()
  const answer = put('c', {}, { signal: departure.signal })
  await clock.advance(50)
  departure.abort()
  await expect(answer).rejects.toThrow(/abort/)
  await clock.advance(50)
  expect(deeds()).toEqual(['c created'])
})
