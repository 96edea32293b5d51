import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { apply } from '../../../src/session/apply.ts'
import { defaultLimits } from '../../../src/session/limits.ts'
import { lineKey } from '../../../src/session/line-key.ts'
import { parseArgs, parseMutation } from '../../../src/session/mutations.ts'
import { parseAnswer } from '../../../src/session/protocol.ts'
import { emptySession } from '../../../src/session/session.ts'
import { logs, mutation } from '../../support/commands.ts'

const limits = defaultLimits('EUR')

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) {
    Object.freeze(value)
    for (const member of Object.values(value)) deepFreeze(member)
  }
  return value
}

function isDeepFrozen(value: unknown): boolean {
  return (
    typeof value !== 'object' || value === null || (Object.isFrozen(value) && Object.values(value).every(isDeepFrozen))
  )
}

test('every mutation that is logged reads back as it is', () => {
  fc.assert(
    fc.property(logs, given => {
      for (const logged of given) {
        expect(parseMutation(JSON.parse(JSON.stringify(logged)))).toEqual(logged)
        expect(isDeepFrozen(logged.args)).toBe(true)
      }
    }),
    { numRuns: 500 },
  )
})

test('a mutation modifies neither the session nor itself, and what it leads to is frozen to the ground', () => {
  fc.assert(
    fc.property(logs, given => {
      let session = emptySession('s')
      for (const logged of given) {
        const before = JSON.stringify([session, logged])
        const applied = apply(deepFreeze(session), deepFreeze(logged), limits)
        expect(JSON.stringify([session, logged])).toBe(before)
        expect(isDeepFrozen(applied.session)).toBe(true)
        if (applied.outcome.status === 'rejected') expect(applied.session).toBe(session)
        session = applied.session
      }
    }),
    { numRuns: 500 },
  )
})

test('a line that a mutation leaves as it was is the very same object', () => {
  fc.assert(
    fc.property(logs, given => {
      let session = emptySession('s')
      for (const logged of given) {
        const next = apply(session, logged, limits).session
        const before = new Map(session.cartItems.map(item => [lineKey(item), item]))
        session = next
        if (logged.name === 'updateItem') continue
        for (const item of next.cartItems) {
          const old = before.get(lineKey(item))
          if (JSON.stringify(old) === JSON.stringify(item)) expect(item).toBe(old)
        }
      }
    }),
    { numRuns: 500 },
  )
})

test('1000 lines fit and the next one is refused, as is a cart seeded with 1001', () => {
  const lines = (count: number) => Array.from({ length: count }, (_, index) => ({ sku: `S${index}`, quantity: 1 }))
  const start = (count: number) =>
    apply(emptySession('s'), mutation('start', { currency: 'EUR', items: lines(count) }), limits)
  const full = start(1000)
  expect(full.outcome).toEqual({ status: 'accepted' })
  const added = apply(full.session, mutation('addItem', { item: { sku: 'new' }, quantity: 1 }, 2), limits)
  expect(added.outcome).toMatchObject({ code: 'limit-exceeded' })
  expect(added.session).toBe(full.session)
  expect(start(1001).outcome).toMatchObject({ code: 'limit-exceeded' })
})

test('10 000 units fit and the next one is refused, on whatever way it comes', () => {
  const full = apply(emptySession('s'), mutation('addItem', { item: { sku: 'A' }, quantity: 10_000 }), limits)
  expect(full.outcome).toEqual({ status: 'accepted' })
  const ways: [string, object][] = [
    ['addItem', { item: { sku: 'A' }, quantity: 1 }],
    ['addItem', { item: { sku: 'B' }, quantity: 1 }],
    ['changeQuantity', { line: 'A', by: 1 }],
    ['changeQuantity', { line: 'A', by: Number.MAX_SAFE_INTEGER }],
    ['setQuantity', { line: 'A', quantity: 10_001 }],
    ['restoreItem', { item: { sku: 'B', quantity: 1 }, index: 0 }],
  ]
  for (const [name, args] of ways) {
    expect(apply(full.session, mutation(name, args, 2), limits).outcome).toMatchObject({ code: 'limit-exceeded' })
  }
})

test('attributes of 10 MB are refused by their length', () => {
  const huge = { text: 'x'.repeat(10_000_000) }
  for (const [name, args] of [
    ['addItem', { item: { sku: 'A', attributes: huge }, quantity: 1 }],
    ['setAttributes', { changes: huge }],
    ['start', { currency: 'EUR', attributes: huge }],
  ] as const) {
    const logged = mutation(name, parseArgs(name, args))
    expect(apply(emptySession('s'), logged, limits).outcome).toMatchObject({ code: 'limit-exceeded' })
  }
})

test('an answer without its optional members reads as one in which nothing is to be told', () => {
  const parsed = parseAnswer({ v: 1, epoch: 'e', version: 1, acked: {}, session: {} }, 's')
  expect(parsed).toMatchObject({ currency: '', rejected: [], notices: [], effects: [], estimated: false, check: '' })
})

test('null among what an answer lists is no rejection and no notice', () => {
  const answer = { v: 1, epoch: 'e', version: 1, acked: {}, session: {} }
  expect(parseAnswer({ ...answer, rejected: [null] }, 's')).toBeUndefined()
  expect(parseAnswer({ ...answer, notices: [null] }, 's')).toBeUndefined()
})
