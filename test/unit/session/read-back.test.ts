import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { apply, replay } from '../../../src/session/apply.ts'
import { checkOf } from '../../../src/session/check.ts'
import { keepIdentity } from '../../../src/session/identity.ts'
import { accept, emptyBase, isAcked, run, type Accepted } from '../../../src/session/ledger.ts'
import { defaultLimits } from '../../../src/session/limits.ts'
import { lineKey } from '../../../src/session/line-key.ts'
import { parseMutation, type Mutation } from '../../../src/session/mutations.ts'
import { parseAnswer, type SyncAnswer } from '../../../src/session/protocol.ts'
import { parseSession } from '../../../src/session/received.ts'
import { emptySession, type CartItem, type CustomerSession } from '../../../src/session/session.ts'
import { logs, mutation } from '../../support/commands.ts'

const limits = defaultLimits('EUR')

/** A session that remembers nothing, as it comes from the disk or the server. */
function reread(session: CustomerSession): CustomerSession | undefined {
  return parseSession(JSON.parse(JSON.stringify(session)))
}

// A server with another line key, or a promotion engine that splits lines, sends lines whose keys are equal here.
function received(...cartItems: object[]): CustomerSession {
  return parseSession({ integrationId: 's', created: '2026-11-23T09:00:00Z', cartItems })!
}

function nested(levels: number): object {
  return levels === 1 ? { leaf: 1 } : { deeper: nested(levels - 1) }
}

test('every session that mutations lead to reads back byte for byte from what is stored of it', () => {
  fc.assert(
    fc.property(logs, given => {
      const session = replay(emptySession('s'), given, limits)
      expect(JSON.stringify(reread(session))).toBe(JSON.stringify(session))
    }),
    { numRuns: 1500 },
  )
})

test('attributes of any depth an item accepts read back with the session, from the disk and from an answer', () => {
  const accepted: number[] = []
  const unreadable: number[] = []
  for (let levels = 1; levels <= 40; levels++) {
    const parsed = parseMutation(mutation('addItem', { item: { sku: 'A', attributes: nested(levels) }, quantity: 1 }))
    if (!parsed) continue
    accepted.push(levels)
    const session = JSON.parse(JSON.stringify(apply(emptySession('s'), parsed, limits).session)) as object
    const answer = { v: 1, epoch: 'e', version: 1, acked: {}, session }
    if (!parseSession(session) || !parseAnswer(answer, 's')) unreadable.push(levels)
  }
  expect(accepted.length).toBeGreaterThan(10)
  expect(unreadable).toEqual([])
})

test('attributes of any depth a session accepts read back with the session, from the disk and from an answer', () => {
  const unreadable: number[] = []
  for (let levels = 1; levels <= 40; levels++) {
    const parsed = parseMutation(mutation('setAttributes', { changes: nested(levels) }))
    if (!parsed) continue
    const session = JSON.parse(JSON.stringify(apply(emptySession('s'), parsed, limits).session)) as object
    const answer = { v: 1, epoch: 'e', version: 1, acked: {}, session }
    if (!parseSession(session) || !parseAnswer(answer, 's')) unreadable.push(levels)
  }
  expect(unreadable).toEqual([])
})

test('what a mutation does depends on the session alone, not on how the session came about', () => {
  fc.assert(
    fc.property(logs, given => {
      let session = emptySession('s')
      for (const logged of given) {
        const fresh = apply(reread(session)!, logged, limits)
        const applied = apply(session, logged, limits)
        expect(JSON.stringify(applied)).toBe(JSON.stringify(fresh))
        session = applied.session
      }
    }),
    { numRuns: 1000 },
  )
})

test('of five received lines with one key each removal takes one out', () => {
  let session = received(...Array.from({ length: 5 }, (_, index) => ({ sku: 'K', quantity: index + 1 })))
  const left = [1, 2, 3, 4, 5].map(n => {
    session = apply(session, mutation('removeItem', { line: 'K' }, n), limits).session
    return session.cartItems.length
  })
  expect(left).toEqual([4, 3, 2, 1, 0])
})

test('of received lines with one key a mutation picks the same one whatever came before', () => {
  const steps = fc.array(fc.record({ isInsert: fc.boolean(), at: fc.nat(6), key: fc.constantFrom('K', 'P', 'Q') }), {
    maxLength: 8,
  })
  fc.assert(
    fc.property(fc.array(fc.constantFrom('K', 'L'), { maxLength: 5 }), steps, (start, moves) => {
      let session = received(...start.map((sku, index) => ({ sku, quantity: index + 1 })))
      for (const { isInsert, at, key } of moves) {
        const next = isInsert
          ? mutation('restoreItem', { item: { sku: key, quantity: 1 }, index: at })
          : mutation('removeItem', { line: key })
        const fresh = apply(reread(session)!, next, limits).session
        session = apply(session, next, limits).session
        expect(JSON.stringify(session.cartItems)).toBe(JSON.stringify(fresh.cartItems))
      }
    }),
    { numRuns: 500 },
  )
})

test('a line keeps its object when a line of the same sku with other attributes goes from before it', () => {
  const before: readonly CartItem[] = Object.freeze([
    { sku: 'TEE', attributes: { size: 'M' }, quantity: 1 },
    { sku: 'TEE', attributes: { size: 'L' }, quantity: 1 },
  ])
  const after = [structuredClone(before[1]!)]
  expect(keepIdentity(before, after, lineKey)[0]).toBe(before[1])
})

test('lists of any lines keep every object whose line is there unchanged, and say what they were given', () => {
  const lists = fc.uniqueArray(
    fc.record({ sku: fc.constantFrom('A', 'B'), attributes: fc.record({ size: fc.nat(3) }), quantity: fc.nat(2) }),
    { selector: lineKey, maxLength: 8 },
  )
  fc.assert(
    fc.property(lists, lists, (before, after) => {
      const kept = keepIdentity(before, after, lineKey)
      expect(kept).toEqual(after)
      for (const item of kept) {
        const old = before.find(line => lineKey(line) === lineKey(item))
        if (old && JSON.stringify(old) === JSON.stringify(item)) expect(item).toBe(old)
      }
    }),
    { numRuns: 1000 },
  )
})

test('whatever a faulty line key throws, the mutation is rejected and nothing is thrown', () => {
  for (const thrown of [new Error('the app'), undefined, 'text', Symbol('s'), Object.create(null)]) {
    const faulty = {
      ...limits,
      lineKey: () => {
        throw thrown
      },
    }
    const add = mutation('addItem', { item: { sku: 'A' }, quantity: 1 })
    expect(apply(emptySession('s'), add, faulty).outcome).toMatchObject({ code: 'malformed' })
  }
})

test('a closed session that has no creation date is not filled by a start', () => {
  const session = parseSession({ integrationId: 's', state: 'closed' })!
  const start = mutation('start', { currency: 'EUR', items: [{ sku: 'A', quantity: 1 }] })
  expect(apply(session, start, limits).session.cartItems).toEqual([])
})

test('two notices of one mutation have two ids', () => {
  const items = [
    { sku: 'A', price: 1, quantity: 1 },
    { sku: 'A', price: 2, quantity: 1 },
    { sku: 'B', price: 1, quantity: 1 },
    { sku: 'B', price: 2, quantity: 1 },
  ]
  const { notices } = run(emptySession('s'), [mutation('start', { currency: 'EUR', items })], limits)
  expect(notices).toHaveLength(2)
  expect(new Set(notices.map(({ id }) => id)).size).toBe(2)
})

test('two writers that take answers in any order, late, twice and small, end where the server is', () => {
  const steps = fc.array(
    fc.record({ writer: fc.nat(1), count: fc.nat(3), deliver: fc.nat(4), isSmall: fc.boolean() }),
    { maxLength: 16 },
  )
  fc.assert(
    fc.property(logs, steps, (given, exchanges) => {
      const started = mutation('start', { currency: 'EUR' }, 1, 'w0')
      const all = given.map((one, index) => ({ ...one, writer: `w${index % 2}` }))
      const counts: Record<string, number> = { w0: 1, w1: 0 }
      const own = [started, ...all.map(one => ({ ...one, n: ++counts[one.writer]! }))]
      const clients = ['w0', 'w1'].map((writer): { writer: string; state: Accepted; inbox: unknown[] } => ({
        writer,
        state: { base: emptyBase('s'), pending: own.filter(one => one.writer === writer), settled: [] },
        inbox: [],
      }))
      let server: { session: CustomerSession; version: number; acked: Record<string, number> } = {
        session: emptySession('s'),
        version: 0,
        acked: {},
      }
      const rejections: SyncAnswer['rejected'][number][] = []
      const ask = (client: (typeof clients)[number], count: number, isSmall: boolean): void => {
        const fresh = client.state.pending.filter(one => !isAcked(server.acked, one)).slice(0, count)
        const isOwnOnly = client.state.base.version === server.version && server.version > 0
        // The shop does not let browsers empty a cart, whatever `apply` would say.
        const isRefused = ({ name }: Mutation): boolean => name === 'clearItems' || name === 'removeItem'
        const allowed = fresh.filter(one => !isRefused(one))
        const refused = fresh.filter(isRefused).map(({ writer, n }) => ({ writer, n, code: 'forbidden' as const }))
        const done = run(server.session, allowed, limits)
        rejections.push(...done.rejected, ...refused)
        if (fresh.length) {
          const acked = { ...server.acked, [client.writer]: fresh.at(-1)!.n }
          server = { session: done.session, version: server.version + 1, acked }
        }
        const { session, version } = server
        const shown = isSmall && isOwnOnly ? { ...session, cartItems: undefined } : session
        // What the client knows already need not be said again.
        const acked = isOwnOnly ? { [client.writer]: server.acked[client.writer] ?? 0 } : server.acked
        const body = { v: 1, epoch: 'e', version, acked, rejected: rejections, session: shown }
        client.inbox.push(JSON.parse(JSON.stringify({ ...body, check: checkOf(session.cartItems) })))
      }
      const take = (client: (typeof clients)[number], body: unknown): string => {
        const result = accept(client.state.base, client.state.pending, parseAnswer(body, 's')!, limits)
        expect(result).not.toBe('diverged')
        if (typeof result === 'string') return result
        expect(result.base.version).toBeGreaterThanOrEqual(client.state.base.version)
        for (const [writer, n] of Object.entries(client.state.base.acked)) {
          expect(result.base.acked[writer]).toBeGreaterThanOrEqual(n)
        }
        client.state = result
        return 'taken'
      }
      for (const { writer, count, deliver, isSmall } of exchanges) {
        const client = clients[writer]!
        ask(client, count, isSmall)
        take(client, client.inbox.at(-1 - deliver) ?? client.inbox.at(-1))
      }
      for (const client of clients) ask(client, Infinity, false)
      for (const client of clients) {
        ask(client, Infinity, false)
        expect(take(client, client.inbox.at(-1))).toBe('taken')
        expect(client.state.pending).toEqual([])
        expect(JSON.stringify(client.state.base.session)).toBe(JSON.stringify(server.session))
        for (const late of client.inbox) take(client, late)
        expect(client.state.base.version).toBe(server.version)
        expect(JSON.stringify(client.state.base.session)).toBe(JSON.stringify(server.session))
      }
    }),
    { numRuns: 1000 },
  )
})
