import { expect, test } from 'vitest'
import { createSessionHandler, memoryStore } from '../../../src/server/index.ts'
import { factsOf } from '../../../src/session/lines.ts'
import { checkOf } from '../../../src/session/check.ts'
import { adding, mutation, raw, start } from '../../support/server-client.ts'

const ROUNDS = 5000
const PLAIN = [null, true, -1, 0, 1.5, 1e21, 2 ** 53, '', '\0', '\ud800', '__proto__', 'constructor', 'A', 'EUR']
const DEEP: readonly unknown[] = [[], {}, [[]], { toString: 1 }, { quantity: 1 }, { sku: 'A' }, 'x'.repeat(20_000)]
const ODD: readonly unknown[] = [...PLAIN, ...DEEP]

// mulberry32: the same requests in every run.
function createRandom(seed: number): (limit: number) => number {
  return limit => {
    seed = (seed + 0x6d2b79f5) | 0
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4_294_967_296) * limit)
  }
}

function placesIn(value: unknown): [parent: any, key: string][] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, member]) => [[value, key] as [any, string], ...placesIn(member)])
}

test('whatever is made of valid requests to living sessions, it fails no handler, and a refused one leaves no trace', async () => {
  const below = createRandom(20_261_123)
  const store = memoryStore()
  const errors: unknown[] = []
  const handler = createSessionHandler({ store, onError: error => errors.push(error), policy: { closeSession: true } })
  const pristine = Object.getOwnPropertyNames(Object.prototype).sort()
  let next = 1
  const valid = (): any => {
    const all = [
      start(),
      adding(0, 'AB'[below(2)]!, 1 + below(3)),
      mutation(0, 'addItem', {
        item: { sku: 'C', price: 1, attributes: { a: [1] }, additionalCosts: { d: { price: 1 } } },
        quantity: 1,
      }),
      mutation(0, 'changeQuantity', { line: 'A', by: below(3) - 1 }),
      mutation(0, 'updateItem', { line: 'B', changes: { name: 'b', price: null, product: { name: 'p' } } }),
      mutation(0, 'restoreItem', { item: { sku: 'D', quantity: 1, weight: 3 }, index: 0 }),
      mutation(0, 'setAttributes', { changes: { a: { b: [1, null] } } }),
      mutation(0, 'applyCoupon', { code: 'C' }),
      mutation(0, 'clearItems'),
      mutation(0, 'adopt', { from: { integrationId: 's0', epoch: 'e_0' }, rule: 'sum' }),
      mutation(0, 'burn'),
      mutation(0, 'newer', { than: ['this', 'release'] }),
    ]
    const mutations = Array.from({ length: 1 + below(4) }, (_, index) => ({
      ...all[below(all.length)],
      n: next + index,
    }))
    return { v: 1, base: 0, check: '0123456789abcdef', mutations }
  }
  const counts: Record<number, number> = {}
  for (let round = 0; round < ROUNDS; round++) {
    // Many short lives: a session that is refused a thousand times is slow to write.
    const id = `s${Math.floor(round / 100)}`
    if (round % 100 === 0) next = 1
    const body = valid()
    for (let edits = below(3); edits > 0; edits--) {
      const [parent, key] = placesIn(body)[below(placesIn(body).length)]!
      if (below(3) === 0) delete parent[key]
      else parent[below(4) === 0 ? `${key}s` : key] = structuredClone(ODD[below(ODD.length)])
    }
    let text = JSON.stringify(body)
    if (below(20) === 0) text = text.slice(0, below(text.length)) + text.slice(below(text.length))
    const before = await store.read(id)
    const answer = await raw(handler, `/api/sessions/${id}/mutations`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: text,
    })
    counts[answer.status] = (counts[answer.status] ?? 0) + 1
    const after = await store.read(id)
    if (answer.status === 200) {
      const { session } = JSON.parse(after!.document)
      expect(answer.body.check).toBe(checkOf(session.cartItems))
      expect(factsOf(session.cartItems).units).toBeLessThanOrEqual(10_000)
      const quantities = session.cartItems.map(({ quantity }: any) => quantity)
      expect(quantities.filter((count: unknown) => !Number.isSafeInteger(count) || Number(count) < 1)).toEqual([])
      next = (answer.body.acked.w1 ?? next - 1) + 1
    } else {
      expect([text.slice(0, 300), answer.body.type, after]).toEqual([
        text.slice(0, 300),
        expect.stringMatching(/^urn:session-cart:problem:\w/),
        before,
      ])
    }
  }
  expect(errors).toEqual([])
  expect(Object.keys(counts).filter(status => Number(status) >= 500)).toEqual([])
  expect(counts[200]).toBeGreaterThan(ROUNDS / 10)
  expect(counts[400]).toBeGreaterThan(ROUNDS / 10)
  expect(Object.getOwnPropertyNames(Object.prototype).sort()).toEqual(pristine)
}, 30_000)
