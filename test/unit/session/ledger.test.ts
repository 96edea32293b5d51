import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkOf } from '../../../src/session/check.ts'
import { accept, emptyBase, fold, noticeOf, run, type Accepted, type Base } from '../../../src/session/ledger.ts'
import { defaultLimits } from '../../../src/session/limits.ts'
import type { Mutation } from '../../../src/session/mutations.ts'
import { ackedOf, mergeAcked, type SyncAnswer } from '../../../src/session/protocol.ts'
import { emptySession, type CustomerSession } from '../../../src/session/session.ts'

const limits = defaultLimits('EUR')
const AT = '2026-11-23T10:00:00Z'

function mutation(n: number, name: string, args: object, writer = 'w'): Mutation {
  return { writer, n, name, args, at: AT }
}

const add = (n: number, sku: string, writer = 'w'): Mutation =>
  mutation(n, 'addItem', { item: { sku, price: 1.1 }, quantity: 1 }, writer)

function wholeAnswer(session: CustomerSession, version: number, fields: Partial<SyncAnswer> = {}): SyncAnswer {
  const check = checkOf(session.cartItems)
  const rest = {
    currency: 'EUR',
    acked: {},
    rejected: [],
    notices: [],
    estimated: false,
    effects: [],
    changes: undefined,
  }
  return { ...rest, epoch: 'e', version, session, check, ...fields }
}

function smallAnswer(session: CustomerSession, version: number, fields: Partial<SyncAnswer> = {}): SyncAnswer {
  const { cartItems: _, ...changes } = session
  return { ...wholeAnswer(session, version, fields), session: undefined, changes }
}

const log = [mutation(1, 'start', { currency: 'EUR' }), add(2, 'A'), add(3, 'B')]
const server = run(emptyBase('s').session, log, limits).session
const synced: Base = { ...emptyBase('s'), epoch: 'e', version: 3, session: server, acked: { w: 3 } }

function accepted(result: ReturnType<typeof accept>): Accepted {
  if (typeof result === 'string') throw new Error(`The answer is ${result}.`)
  return result
}

test('a newer whole answer replaces the base and settles what it acknowledges', () => {
  const pending = [...log, add(4, 'C')]
  const result = accepted(accept(emptyBase('s'), pending, wholeAnswer(server, 1, { acked: { w: 3 } }), limits))
  expect(result.base).toMatchObject({ epoch: 'e', version: 1, session: server, acked: { w: 3 }, gone: false })
  expect(result.pending).toEqual([pending[3]])
  expect(result.settled.map(({ mutation: { n }, outcome }) => [n, outcome.status])).toEqual([
    [1, 'accepted'],
    [2, 'accepted'],
    [3, 'accepted'],
  ])
})

test('a rejection reaches its mutation with code and reason', () => {
  const rejected = [{ writer: 'w', n: 4, code: 'coupon-rejected', reason: 'CouponExpired' }] as const
  const pending = [mutation(4, 'applyCoupon', { code: 'X' }), add(5, 'C')]
  const result = accepted(accept(synced, pending, wholeAnswer(server, 4, { acked: { w: 4 }, rejected }), limits))
  expect(result.settled).toEqual([
    { mutation: pending[0], outcome: { status: 'rejected', code: 'coupon-rejected', reason: 'CouponExpired' } },
  ])
  expect(result.pending).toEqual([pending[1]])
})

test('an older answer and an answer of another epoch change nothing', () => {
  expect(accept(synced, [], wholeAnswer(server, 2), limits)).toBe('stale')
  expect(accept(synced, [], wholeAnswer(server, 9, { epoch: 'other' }), limits)).toBe('stale')
})

test('an answer of an equal version still delivers what it acknowledges', () => {
  const pending = [add(4, 'C')]
  const result = accepted(accept(synced, pending, smallAnswer(server, 3, { acked: { w: 4 } }), limits))
  expect(result.base.session).toBe(server)
  expect(result.pending).toEqual([])
  expect(result.settled).toHaveLength(1)
})

test('acknowledgements never go back', () => {
  const { base } = accepted(accept(synced, [], wholeAnswer(server, 4, { acked: { w: 1, other: 2 } }), limits))
  expect(base.acked).toEqual({ w: 3, other: 2 })
  expect(mergeAcked({ a: 2 }, { a: 1 })).toEqual({ a: 2 })
  expect([ackedOf({ a: 2 }, 'a'), ackedOf({}, 'a'), ackedOf({}, 'constructor')]).toEqual([2, 0, 0])
})

test('a small answer leads to the lines of the server by replay, and keeps the fields it names', () => {
  const pending = [add(4, 'C'), mutation(5, 'removeItem', { line: 'A' }), add(6, 'D')]
  const rejected = [{ writer: 'w', n: 5, code: 'forbidden' }] as const
  const next = { ...run(server, [pending[0]!], limits).session, discounts: { X: 0.5 } }
  const result = accepted(accept(synced, pending, smallAnswer(next, 4, { acked: { w: 5 }, rejected }), limits))
  expect(result.base.session).toEqual(next)
  expect(result.pending).toEqual([pending[2]])
})

test('a small answer that does not lead to the lines of the server is diverged', () => {
  expect(accept(synced, [add(4, 'C')], smallAnswer(server, 4, { acked: { w: 4 } }), limits)).toBe('diverged')
  expect(fold(synced, [], { acked: {}, rejected: [], changes: undefined }, limits)).toEqual(server)
})

test('a fold replays only what it newly acknowledges', () => {
  const answer = { acked: { w: 4 }, rejected: [], changes: undefined }
  expect(fold(synced, [...log, add(4, 'C'), add(5, 'D')], answer, limits)).toEqual(
    run(server, [add(4, 'C')], limits).session,
  )
})

test('a notice names its mutation and its line, wherever it is made', () => {
  expect(noticeOf(mutation(7, 'removeItem', { line: 'A' }), { code: 'forbidden' })).toEqual({
    id: 'w.7.forbidden',
    line: 'A',
    writer: 'w',
    n: 7,
    code: 'forbidden',
    at: AT,
  })
})

test('what runs on the device tells what was rejected and what changed', () => {
  const result = run(server, [mutation(4, 'setQuantity', { line: 'Z', quantity: 2 }), add(5, 'A')], limits)
  expect(result.rejected).toMatchObject([{ writer: 'w', n: 4, code: 'line-not-found' }])
  expect(result.notices.map(({ id }) => id)).toEqual(['w.4.line-not-found'])
  expect(result.session.cartItems[0]?.quantity).toBe(2)
})

const command = fc.oneof(
  fc.record({
    name: fc.constant('addItem'),
    sku: fc.constantFrom('A', 'B', 'C'),
    quantity: fc.integer({ min: 1, max: 3 }),
  }),
  fc.record({
    name: fc.constantFrom('removeItem', 'setQuantity'),
    sku: fc.constantFrom('A', 'B', 'C'),
    quantity: fc.nat(4),
  }),
  fc.record({
    name: fc.constantFrom('applyCoupon', 'clearItems'),
    sku: fc.constantFrom('A', 'B'),
    quantity: fc.nat(1),
  }),
)

function argsOf({ name, sku, quantity }: { name: string; sku: string; quantity: number }): object {
  if (name === 'addItem') return { item: { sku, price: quantity / 10 }, quantity }
  if (name === 'applyCoupon') return { code: sku }
  if (name === 'clearItems') return {}
  return name === 'removeItem' ? { line: sku } : { line: sku, quantity }
}

test('whatever answers are repeated, late or small, the client ends where the server is', () => {
  fc.assert(
    fc.property(
      fc.array(command, { minLength: 1, maxLength: 25 }),
      fc.array(fc.record({ upTo: fc.nat(26), isSmall: fc.boolean(), late: fc.nat(3) }), { maxLength: 12 }),
      (commands, exchanges) => {
        let n = 0
        const pendingAll = [
          mutation(++n, 'start', { currency: 'EUR' }),
          ...commands.map(one => mutation(++n, one.name, argsOf(one))),
        ]
        let state: Accepted = { base: emptyBase('s'), pending: pendingAll, settled: [] }
        let remote = { session: emptyBase('s').session, version: 0, n: 0 }
        const told: string[] = []
        const old: SyncAnswer[] = []
        const deliver = (answer: SyncAnswer): void => {
          const result = accept(state.base, state.pending, answer, limits)
          if (typeof result === 'string') return
          expect(result.base.version).toBeGreaterThanOrEqual(state.base.version)
          told.push(...result.settled.map(({ mutation: settled }) => String(settled.n)))
          state = result
        }
        const exchange = (upTo: number, isSmall: boolean): void => {
          const fresh = pendingAll.slice(remote.n, Math.max(remote.n, Math.min(upTo, pendingAll.length)))
          const isBase = state.base.version === remote.version && state.base.version > 0
          const done = run(remote.session, fresh, limits)
          if (fresh.length) remote = { session: done.session, version: remote.version + 1, n: remote.n + fresh.length }
          const all = run(emptyBase('s').session, pendingAll.slice(0, remote.n), limits)
          const answer = isSmall && isBase ? smallAnswer : wholeAnswer
          old.push(answer(remote.session, remote.version, { acked: { w: remote.n }, rejected: all.rejected }))
        }
        for (const { upTo, isSmall, late } of exchanges) {
          exchange(upTo, isSmall)
          deliver(old.at(-1 - late) ?? old.at(-1)!)
        }
        exchange(pendingAll.length, false)
        deliver(old.at(-1)!)
        expect(JSON.stringify(state.base.session)).toBe(JSON.stringify(remote.session))
        expect(state.pending).toEqual([])
        expect(told).toEqual(pendingAll.map(one => String(one.n)))
      },
    ),
    { numRuns: 2000 },
  )
})

test('each notice has an id of its own, however many one mutation brings', () => {
  const items = [1, 2, 3, 4].map(price => ({ sku: 'A', price, quantity: 1 }))
  const start = mutation(1, 'start', { currency: 'EUR', items })
  const later = mutation(2, 'addItem', { item: { sku: 'A', price: 5 }, quantity: 1 })
  const tenth = mutation(1, 'addItem', { item: { sku: 'A', price: 6 }, quantity: 1 }, 'w.1')
  const { notices } = run(emptyBase('s').session, [start, later, tenth], limits)
  expect(notices.map(({ id, from, to }) => [id, from, to])).toEqual([
    ['w.1.price-changed', 1, 2],
    ['w.1.price-changed.2', 2, 3],
    ['w.1.price-changed.3', 3, 4],
    ['w.2.price-changed', 4, 5],
    ['w.1.1.price-changed', 5, 6],
  ])
})

test('nothing is known of a session that nobody has confirmed', () => {
  expect(emptyBase('s')).toEqual({
    epoch: undefined,
    version: 0,
    session: emptySession('s'),
    acked: {},
    estimated: false,
    effects: [],
    gone: false,
  })
})

test('the notice of a rejection says what was rejected, unless that is long', () => {
  const long = mutation(4, 'setQuantity', { line: 'Z'.repeat(1000), quantity: 1 })
  const { notices } = run(server, [mutation(5, 'setQuantity', { line: 'Z', quantity: 1 }), long], limits)
  expect(notices.map(notice => notice.mutation)).toEqual([
    { name: 'setQuantity', args: { line: 'Z', quantity: 1 } },
    undefined,
  ])
})
