import { safeParse } from 'valibot'
import { expect, test, vi } from 'vitest'
import { createSessionHandler, memoryStore, type SessionStore } from '../../../src/server/index.ts'
import { checkOf } from '../../../src/session/check.ts'
import { factsOf } from '../../../src/session/lines.ts'
import { createRandom } from '../../support/random.ts'
import { adding, mutation, raw, start } from '../../support/server-client.ts'

// Mutations are the only thing the handler has valibot parse: each call is a schema that a request has reached.
vi.mock(import('valibot'), async importOriginal => {
  const original = await importOriginal()
  return { ...original, safeParse: vi.fn(original.safeParse) }
})

const ROUNDS = Number(process.env.HOSTILE ?? 5000)
const SEED = 20_261_123

const PLAIN = [null, true, -1, 0, 1.5, 1e21, 2 ** 53, '', '\0', '\ud800', '__proto__', 'constructor', 'A', 'EUR']
const DEEP: readonly unknown[] = [[], {}, [[]], { toString: 1 }, { quantity: 1 }, { sku: 'A' }, 'x'.repeat(20_000)]
const ODD: readonly unknown[] = [...PLAIN, ...DEEP]
// Fields of the server, and names that every object has.
const FORGED = ['total', 'discounts', 'effects', 'state', 'firstSession', 'returnedQuantity', '__proto__', 'toString']

const random = createRandom(SEED)
const below = (limit: number): number => Math.floor(random() * limit)
const oneOf = <Entry>(list: readonly Entry[]): Entry => list[below(list.length)]!

function validMutation(): any {
  const items = [{ line: 'A', quantity: 1 }]
  return oneOf([
    start(),
    adding(0, oneOf(['A', 'B']), 1 + below(3)),
    mutation(0, 'addItem', {
      item: { sku: 'C', price: 1, attributes: { a: [1] }, additionalCosts: { d: { price: 1 } } },
      quantity: 1,
    }),
    mutation(0, 'changeQuantity', { line: 'A', by: below(3) - 1 }),
    mutation(0, 'setQuantity', { line: 'A', quantity: below(3) }),
    mutation(0, 'updateItem', { line: 'B', changes: { name: 'b', price: null, product: { name: 'p' } } }),
    mutation(0, 'removeItem', { line: 'B' }),
    mutation(0, 'restoreItem', { item: { sku: 'D', quantity: 1, weight: 3 }, index: 0 }),
    mutation(0, 'setAttributes', { changes: { a: { b: [1, null] } } }),
    mutation(0, 'setIdentifiers', { identifiers: ['i'] }),
    mutation(0, 'setProfile', { profileId: oneOf(['guest-7', 'anna']) }),
    mutation(0, 'applyCoupon', { code: 'C' }),
    mutation(0, 'removeReferral'),
    mutation(0, 'clearItems'),
    // Whose epoch nobody knows.
    mutation(0, 'adopt', { from: { integrationId: 's0', epoch: 'e_0' }, rule: 'sum' }),
    mutation(0, oneOf(['cancelSession', 'reopenSession'])),
    ...(below(10) === 0 ? [mutation(0, 'closeSession')] : []),
    mutation(0, 'returnItems', { items }),
    mutation(0, 'burn'),
    mutation(0, 'newer', { than: ['this', 'release'] }),
  ])
}

function placesIn(value: unknown): [parent: any, key: string][] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, member]) => [[value, key] as [any, string], ...placesIn(member)])
}

function put(parent: any, key: string, value: unknown): void {
  // Assigned, `__proto__` would not be in the JSON.
  Object.defineProperty(parent, key, { value, enumerable: true, configurable: true, writable: true })
}

function edit(body: unknown): void {
  const [parent, key] = oneOf(placesIn(body))
  const odd: unknown = structuredClone(oneOf(ODD))
  const way = below(6)
  if (way === 0) put(parent, `${key}s`, odd)
  else if (way === 1 && !Array.isArray(parent)) put(parent, oneOf(FORGED), odd)
  else if (way === 2) delete parent[key]
  else put(parent, key, odd)
}

// What a browser may do is as little as the policy says, however it asks.
function expectSound(document: string): any {
  const { session } = JSON.parse(document)
  expect(factsOf(session.cartItems).units).toBeLessThanOrEqual(10_000)
  const quantities = session.cartItems.map(({ quantity }: any) => quantity)
  expect(quantities.filter((count: unknown) => !Number.isSafeInteger(count) || Number(count) < 1)).toEqual([])
  expect(session).toMatchObject({
    state: expect.stringMatching(/^(open|closed)$/),
    profileId: expect.stringMatching(/^(guest-.*)?$/s),
    identifiers: [],
    discounts: {},
  })
  return session
}

test(
  'whatever is made of valid requests to living sessions, it fails no handler, and a refused one leaves no trace',
  async () => {
    const began = performance.now()
    const kept = memoryStore()
    const written: string[] = []
    const store: SessionStore = {
      read: id => kept.read(id),
      write(id, ...rest) {
        written.push(id)
        return kept.write(id, ...rest)
      },
      writeAll(writes) {
        written.push(...writes.map(({ id }) => id))
        return kept.writeAll(writes)
      },
    }
    const errors: unknown[] = []
    const handler = createSessionHandler({
      store,
      onError: error => errors.push(error),
      policy: { closeSession: true },
    })
    const pristine = Object.getOwnPropertyNames(Object.prototype).sort()
    const answers: Record<string, number> = {}
    let parsed = 0
    let reached = 0
    let rejected = 0
    let known = { n: 0, epoch: undefined as string | undefined, version: 0 }
    for (let round = 0; round < ROUNDS; round++) {
      // Many short lives: a session that is refused a thousand times is slow to write.
      const id = `s${Math.floor(round / 100)}`
      if (round % 100 === 0) known = { n: 0, epoch: undefined, version: 0 }
      const { epoch, version: base } = below(2) === 0 ? known : { epoch: undefined, version: 0 }
      const length = 1 + below(4)
      const mutations = Array.from({ length }, (_, index) => ({ ...validMutation(), n: known.n + 1 + index }))
      const body = { v: 1, epoch, base, check: '0123456789abcdef', mutations }
      for (let edits = 1 + below(2); edits > 0; edits--) edit(body)
      let text = JSON.stringify(body)
      if (below(20) === 0) text = text.slice(0, below(text.length)) + text.slice(below(text.length))
      const isJson = (): boolean => {
        try {
          return JSON.parse(text) !== undefined
        } catch {
          return false
        }
      }
      const before = await kept.read(id)
      written.length = 0
      vi.mocked(safeParse).mockClear()
      const answer = await raw(handler, `/api/sessions/${id}/mutations`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: text,
      })
      if (isJson()) {
        parsed++
        if (vi.mocked(safeParse).mock.calls.length > 0) reached++
      }
      const after = await kept.read(id)
      const kind = [answer.status, answer.body.type?.split(':').at(-1)].join(' ').trim()
      answers[kind] = (answers[kind] ?? 0) + 1
      if (answer.status === 200) {
        expect(written.filter(other => other !== id)).toEqual([])
        expect(written.length).toBeLessThanOrEqual(1)
        expect(after!.version).toBe((before?.version ?? 0) + written.length)
        expect(answer.body.check).toBe(checkOf(expectSound(after!.document).cartItems))
        rejected += answer.body.rejected.filter(({ writer, n }: any) => writer === 'w1' && n > known.n).length
        known = { n: answer.body.acked.w1 ?? known.n, epoch: answer.body.epoch, version: answer.body.version }
      } else {
        expect([text.slice(0, 300), answer.status, answer.body.type, written, after]).toEqual([
          text.slice(0, 300),
          expect.toSatisfy(status => status >= 400 && status < 500),
          expect.stringMatching(/^urn:session-cart:problem:\w/),
          [],
          before,
        ])
      }
    }
    const told = Object.entries(answers).map(([kind, count]) => `${kind}: ${count}`)
    const seconds = ((performance.now() - began) / 1000).toFixed(1)
    console.log(
      `${ROUNDS} hostile requests of seed ${SEED} in ${seconds} s: ${parsed} parse as JSON, ${reached} of them reach a ` +
        `mutation's schema. ${told.join(', ')}; in the 200s ${rejected} mutations were rejected.`,
    )
    expect(errors).toEqual([])
    expect(reached).toBeGreaterThan(ROUNDS / 2)
    expect(answers['200']).toBeGreaterThan(ROUNDS / 10)
    expect(answers['400 malformed']).toBeGreaterThan(ROUNDS / 10)
    expect(rejected).toBeGreaterThan(ROUNDS / 100)
    expect(Object.getOwnPropertyNames(Object.prototype).sort()).toEqual(pristine)
  },
  // For what hangs.
  60_000 + ROUNDS * 20,
)
