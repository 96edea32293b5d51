import { expect, test } from 'vitest'
import { createSessionHandler, memoryStore } from '../../../src/server/index.ts'
import { adding, mutation, post } from '../../support/server-client.ts'

const createHandler = (currencies?: string[]) => createSessionHandler({ store: memoryStore(), currencies })
const starting = (n: number, currency: string, more: object = {}, writer = 'w1') =>
  mutation(n, 'start', { currency, ...more }, writer)

test('a currency the shop does not sell in is rejected, and the next start may bring one it does', async () => {
  const handler = createHandler(['EUR', 'JPY'])
  const { body } = await post(handler, 's', [starting(1, 'USD'), starting(2, 'JPY')])
  expect(body).toMatchObject({ currency: 'JPY', rejected: [{ n: 1, code: 'currency-mismatch' }] })
})

test('what is no currency is rejected, and nothing is stored of it', async () => {
  const { body } = await post(createHandler(), 's', [starting(1, 'x'.repeat(1000))])
  expect(body).toMatchObject({ currency: '', rejected: [{ code: 'invalid-argument' }], session: { created: '' } })
})

test('what takes effect before any start goes by the shop’s first currency', async () => {
  const handler = createHandler(['JPY', 'EUR'])
  await post(handler, 's', [adding(1, 'A')])
  const { body } = await post(handler, 's', [starting(1, 'EUR', {}, 'w2')])
  expect(body).toMatchObject({ currency: 'JPY', rejected: [{ writer: 'w2', code: 'currency-mismatch' }] })
})

test('what takes no effect leaves the currency open', async () => {
  const handler = createHandler(['JPY', 'EUR'])
  const nothing = [
    mutation(1, 'burn'),
    mutation(2, 'closeSession'),
    mutation(3, 'setQuantity', { line: 'A', quantity: 1 }),
  ]
  await post(handler, 's', nothing)
  expect((await post(handler, 's', [starting(4, 'EUR')])).body.currency).toBe('EUR')
})

test('a start that is rejected for something else still says the currency', async () => {
  const seeded = starting(1, 'EUR', { profileId: 'anna', items: [{ sku: 'A', quantity: 1 }] })
  const { body } = await post(createHandler(), 's', [seeded])
  expect(body).toMatchObject({ currency: 'EUR', rejected: [{ code: 'forbidden' }], session: { cartItems: [] } })
})

test('a message is not cut in the middle of a character', async () => {
  const lines = ['👕'.repeat(400), `x${'👕'.repeat(400)}`]
  const batch = lines.map((line, index) => mutation(index + 1, 'setQuantity', { line, quantity: 1 }))
  const { body } = await post(createHandler(), 's', batch)
  expect(body.rejected).toHaveLength(2)
  for (const { message } of body.rejected) expect(message).not.toMatch(/\p{Surrogate}/u)
})
