import { expect, test } from 'vitest'
import * as fc from 'fast-check'
import { createSessionHandler, memoryStore } from '../../../src/server/index.ts'
import { adding, get, mutation, post, start } from '../../support/server-client.ts'

const PROBLEM = 'urn:session-cart:problem:'

function createServer(options: Partial<Parameters<typeof createSessionHandler>[0]> = {}) {
  const store = memoryStore()
  const writes: number[] = []
  const handler = createSessionHandler({
    ...options,
    store: {
      ...store,
      write: (id, version, document) => {
        writes.push(version)
        return store.write(id, version, document)
      },
    },
  })
  return { handler, writes }
}

const LOG = [
  start(),
  adding(2, 'A'),
  mutation(3, 'setQuantity', { line: 'Z', quantity: 1 }),
  mutation(4, 'changeQuantity', { line: 'A', by: 2 }),
  mutation(5, 'closeSession'),
  adding(6, 'B', 4),
  mutation(7, 'removeItem', { line: 'A' }),
  mutation(8, 'applyCoupon', { code: 'c'.repeat(101) }),
  adding(9, 'A', 5),
]
const OUTCOMES = [
  [3, 'line-not-found'],
  [5, 'forbidden'],
  [8, 'limit-exceeded'],
]
const ofN = ({ rejected }: any) => rejected.map(({ n, code }: any) => [n, code])

test('windows of a log, in any order and any number of times, take effect once and are answered alike', async () => {
  const window = fc.tuple(fc.nat(LOG.length - 1), fc.integer({ min: 1, max: LOG.length }))
  await fc.assert(
    fc.asyncProperty(fc.array(window, { maxLength: 25 }), async windows => {
      const { handler, writes } = createServer()
      let last = 0
      for (const [from, length] of windows) {
        const batch = LOG.slice(from, from + length)
        const { status, body } = await post(handler, 's', batch)
        if (from > last) {
          expect([status, body.type, body.acked]).toEqual([409, `${PROBLEM}gap`, { w1: last }])
          continue
        }
        last = Math.max(last, from + batch.length)
        expect(body.acked).toEqual({ w1: last })
        // Answers since version 0: every outcome so far, however it came here.
        expect(ofN(body)).toEqual(OUTCOMES.filter(([n]) => Number(n) <= last))
      }
      const { body } = await post(handler, 's', LOG)
      expect(body.session.cartItems).toEqual([
        { sku: 'B', price: 2.5, quantity: 4 },
        { sku: 'A', price: 2.5, quantity: 5 },
      ])
      expect(body.session).toMatchObject({ coupon: '', state: 'open', total: 22.5 })
      expect(ofN(body)).toEqual(OUTCOMES)
      expect(body.notices).toHaveLength(OUTCOMES.length)
      expect(writes).toEqual(Array.from({ length: body.version }, (_, version) => version))
    }),
    { numRuns: 200, seed: 20261123 },
  )
})

test('a request that changes nothing writes nothing', async () => {
  const { handler, writes } = createServer({ upstream: () => ({ discounts: {} }) })
  const { epoch } = (await post(handler, 's', LOG)).body
  await post(handler, 's', LOG)
  await post(handler, 's', [], { epoch, base: 1 })
  await post(handler, 's', [mutation(9, 'burn')], { epoch, base: 1 })
  await post(handler, 's', [adding(20, 'A')], { epoch, base: 1 })
  await get(handler, 's')
  await handler.sessions.catchUp('s')
  expect(writes).toEqual([0])
})

test('the outcome of a mutation is answered to a later sender even when the base has passed it', async () => {
  const { handler } = createServer()
  const { epoch } = (await post(handler, 's', LOG)).body
  const { body } = await post(handler, 's', LOG.slice(4, 6), { epoch, base: 1 })
  expect(ofN(body)).toEqual([
    [5, 'forbidden'],
    [8, 'limit-exceeded'],
  ])
})

test('a burn that comes after its number was taken changes nothing', async () => {
  const { handler } = createServer()
  await post(handler, 's', LOG.slice(0, 2))
  const { body } = await post(handler, 's', [mutation(2, 'burn')])
  expect(body).toMatchObject({ version: 1, rejected: [], session: { cartItems: [{ sku: 'A' }] } })
})

test('a number burned in a jump of millions is answered burned to its sender, and the answer stays short', async () => {
  const { handler } = createServer()
  await post(handler, 's', [start()])
  await post(handler, 's', [mutation(5_000_000, 'burn')])
  const { body } = await post(handler, 's', [adding(2, 'A')])
  expect(ofN(body)).toContainEqual([2, 'burned'])
  expect(body.session.cartItems).toEqual([])
  for (let batch = 1; batch <= 5; batch++) {
    const burns = Array.from({ length: 200 }, (_, index) => mutation((batch * 200 + index) * 10_000_000, 'burn'))
    await post(handler, 's', burns)
  }
  expect((await get(handler, 's')).body.rejected.length).toBeLessThanOrEqual(1000)
})
