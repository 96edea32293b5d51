import { expect, test } from 'vitest'
import { createTalonOneWorld } from '../../support/talon-one-client.ts'

const key = (name: string) => ({ headers: { 'idempotency-key': name } })
const DAY_MS = 86_400_000

test('an answer is given again for a day, whatever is asked', async () => {
  const { put, clock, deeds, talonOne } = createTalonOneWorld()
  const first = await put('c', { state: 'closed' }, key('k'))
  await clock.advance(DAY_MS - 1)
  const second = await put('c', { state: 'cancelled' }, key('k'))
  expect(second).toMatchObject({ status: 200, body: first.body })
  expect(deeds()).toEqual(['c created', 'c closed'])
  expect(talonOne.requests.map(({ isReplay, idempotencyKey }) => [isReplay, idempotencyKey])).toEqual([
    [false, 'k'],
    [true, 'k'],
  ])
  await clock.advance(1)
  await put('c', { state: 'cancelled' }, key('k'))
  expect(deeds()).toEqual(['c created', 'c closed', 'c cancelled'])
})

test('a request that waits for the one before it hears its answer', async () => {
  const { put, clock, deeds } = createTalonOneWorld({ latency: 10 })
  const answers = [put('c', { state: 'closed' }, key('k')), put('c', { state: 'closed' }, key('k'))]
  await clock.advance(20)
  const [first, second] = await Promise.all(answers)
  expect([second!.status, second!.body]).toEqual([200, first!.body])
  expect(deeds()).toEqual(['c created', 'c closed'])
})

test('where only returns have it, an update is carried out again', async () => {
  const { put, returns, deeds } = createTalonOneWorld({ idempotency: 'returns' })
  const session = { state: 'closed', cartItems: [{ sku: 'A', quantity: 3 }] }
  await put('c', session, key('k'))
  expect((await put('c', session, key('k'))).status).toBe(400)
  for (let n = 0; n < 2; n++) expect((await returns('c', [{ position: 0, quantity: 1 }], key('r'))).status).toBe(200)
  expect(deeds()).toEqual(['c created', 'c closed', 'c returned 1 of 0'])
})

test('where nothing has it, a return is made twice', async () => {
  const { put, returns, deeds } = createTalonOneWorld({ idempotency: 'nowhere' })
  await put('c', { state: 'closed', cartItems: [{ sku: 'A', quantity: 3 }] })
  for (let n = 0; n < 2; n++) await returns('c', [{ position: 0, quantity: 1 }], key('r'))
  expect(deeds().slice(2)).toEqual(['c returned 1 of 0', 'c returned 1 of 0'])
})

test('a refusal is not kept, unless all answers are', async () => {
  for (const [replays, status] of [
    ['success', 200],
    ['all', 400],
  ] as const) {
    const { put } = createTalonOneWorld({ replays })
    expect((await put('c', { state: 'cancelled' }, key('k'))).status).toBe(400)
    expect((await put('c', {}, key('k'))).status).toBe(status)
  }
})

test('a key has at most 255 characters, and belongs to one Application', async () => {
  const { put, deeds } = createTalonOneWorld()
  expect((await put('c', {}, key('x'.repeat(256)))).status).toBe(400)
  await put('c', {}, key('x'.repeat(255)))
  await put('c', {}, { ...key('x'.repeat(255)), key: 'cd34' })
  expect(deeds()).toEqual(['c created', 'c created'])
})
