import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { isSessionCartError } from '../../../src/errors.ts'
import { apply } from '../../../src/session/apply.ts'
import { defaultLimits } from '../../../src/session/limits.ts'
import { parseArgs, parseMutation, type MutationArgs, type MutationName } from '../../../src/session/mutations.ts'
import { parseAcked, parseAnswer, parseNotice } from '../../../src/session/protocol.ts'
import { parseFields, parseSession } from '../../../src/session/received.ts'
import { emptySession, type SessionState } from '../../../src/session/session.ts'
import { withTotal } from '../../../src/session/totals.ts'
import { json, names } from '../../support/arbitraries.ts'

const AT = '2026-11-23T10:00:00Z'
const limits = defaultLimits('EUR')
const item = { sku: 'A', price: 2 }

// One of each that is accepted; every test below spoils it.
const GOOD: MutationArgs = {
  start: { currency: 'EUR', profileId: 'p', attributes: { a: 1 }, items: [{ ...item, quantity: 1 }] },
  addItem: { item, quantity: 1 },
  changeQuantity: { line: 'A', by: -1 },
  setQuantity: { line: 'A', quantity: 0 },
  updateItem: { line: 'A', changes: { price: 9 } },
  removeItem: { line: 'A' },
  clearItems: {},
  restoreItem: { item: { ...item, quantity: 1 }, index: 0 },
  applyCoupon: { code: 'C' },
  removeCoupon: {},
  applyReferral: { code: 'R' },
  removeReferral: {},
  setAttributes: { changes: { a: 1 } },
  setIdentifiers: { identifiers: ['i'] },
  setProfile: { profileId: '' },
  closeSession: {},
  cancelSession: {},
  reopenSession: {},
  returnItems: { items: [{ line: 'A', quantity: 1 }] },
  adopt: { from: { integrationId: 'other', epoch: 'e' }, rule: 'sum' },
  burn: {},
}
const NAMES = Object.keys(GOOD) as MutationName[]
const STATES: readonly SessionState[] = ['open', 'closed', 'partially_returned', 'cancelled']
const CODES = ['invalid-quantity', 'invalid-attributes', 'invalid-item', 'invalid-argument']

// What is wrong in each argument of each mutation, and the code that says so.
const WRONG: readonly [name: MutationName, spoilt: object, code: string][] = [
  ['start', { currency: '' }, 'invalid-argument'],
  ['start', { profileId: null }, 'invalid-argument'],
  ['start', { attributes: [] }, 'invalid-attributes'],
  ['start', { items: {} }, 'invalid-item'],
  ['start', { items2: [] }, 'invalid-argument'],
  ['start', { noitems: [] }, 'invalid-argument'],
  ['start', { items: [{ sku: 'A', quantity: 0 }] }, 'invalid-quantity'],
  ['start', { items: [{ sku: 'A', quantity: 1, attributes: [] }] }, 'invalid-attributes'],
  ['start', { items: [{ sku: '', quantity: 1 }] }, 'invalid-item'],
  ['addItem', { item: null }, 'invalid-item'],
  ['addItem', { item: { sku: 'A', price: null } }, 'invalid-item'],
  ['addItem', { quantity: 0 }, 'invalid-quantity'],
  ['changeQuantity', { line: 7 }, 'invalid-argument'],
  ['changeQuantity', { by: '1' }, 'invalid-quantity'],
  ['setQuantity', { line: '' }, 'invalid-argument'],
  ['setQuantity', { quantity: -1 }, 'invalid-quantity'],
  ['updateItem', { line: undefined }, 'invalid-argument'],
  ['updateItem', { changes: 'price' }, 'invalid-item'],
  ['updateItem', { changes: { quantity: 1 } }, 'invalid-quantity'],
  ['updateItem', { changes: { price: '9' } }, 'invalid-item'],
  ['updateItem', { changes: { attributes: 5 } }, 'invalid-attributes'],
  ['removeItem', { line: null }, 'invalid-argument'],
  ['clearItems', { line: 'A' }, 'invalid-argument'],
  ['restoreItem', { index: -1 }, 'invalid-argument'],
  ['restoreItem', { item }, 'invalid-quantity'],
  ['applyCoupon', { code: '\0' }, 'invalid-argument'],
  ['removeCoupon', { code: 'C' }, 'invalid-argument'],
  ['applyReferral', { code: 5 }, 'invalid-argument'],
  ['removeReferral', { code: 'R' }, 'invalid-argument'],
  ['setAttributes', { changes: 'a' }, 'invalid-attributes'],
  ['setIdentifiers', { identifiers: [''] }, 'invalid-argument'],
  ['setProfile', { profileId: 1 }, 'invalid-argument'],
  ['closeSession', { at: AT }, 'invalid-argument'],
  ['cancelSession', { at: AT }, 'invalid-argument'],
  ['reopenSession', { at: AT }, 'invalid-argument'],
  ['returnItems', { items: [{ line: 'A', quantity: 0.5 }] }, 'invalid-quantity'],
  ['returnItems', { items: [{ line: '', quantity: 1 }] }, 'invalid-item'],
  ['returnItems', { items: 'A' }, 'invalid-item'],
  ['adopt', { from: 'other' }, 'invalid-argument'],
  ['adopt', { from: { integrationId: 'other' } }, 'invalid-argument'],
  ['adopt', { from: { integrationId: '', epoch: 'e' } }, 'invalid-argument'],
  ['adopt', { rule: 'min' }, 'invalid-argument'],
  ['adopt', { rule: ['sum'] }, 'invalid-argument'],
  ['burn', { n: 1 }, 'invalid-argument'],
]

function codeOf(name: MutationName, args: unknown): string {
  try {
    parseArgs(name, args)
  } catch (error) {
    if (isSessionCartError(error)) return error.code
    throw error
  }
  return 'accepted'
}

function sessionIn(state: SessionState) {
  return withTotal({ ...emptySession('s'), created: AT, state, cartItems: Object.freeze([{ ...item, quantity: 3 }]) })
}

const mutation = (name: string, args: object) => ({ writer: 'w', n: 1, name, args, at: AT })

test('every mutation is accepted as it has to be and refused with its code where it is spoilt', () => {
  for (const name of NAMES) expect([codeOf(name, GOOD[name]), name]).toEqual(['accepted', name])
  expect(new Set(WRONG.map(([name]) => name))).toEqual(new Set(NAMES))
  for (const [name, spoilt, code] of WRONG) {
    const args = { ...GOOD[name], ...spoilt }
    expect([codeOf(name, args), name, spoilt]).toEqual([code, name, spoilt])
    expect(parseMutation(mutation(name, args))).toBeUndefined()
  }
})

test('an argument that cannot be read is refused, with what stood in the way', () => {
  const cause = new Error('This one is gone.')
  const item = {
    get sku(): string {
      throw cause
    },
  }
  expect(() => parseArgs('addItem', { item, quantity: 1 })).toThrow(
    expect.objectContaining({ code: 'invalid-argument', cause }),
  )
})

test('arguments of anything at all are a frozen copy or one of four errors', () => {
  const spoilt = fc.oneof(fc.anything(), json, fc.dictionary(names, json))
  fc.assert(
    fc.property(fc.constantFrom(...NAMES), fc.boolean(), fc.nat(), spoilt, (name, isWhole, at, value) => {
      const fields = Object.keys(GOOD[name])
      const args = isWhole ? value : { ...GOOD[name], [fields[at % fields.length] ?? 'x']: value }
      const code = codeOf(name, args)
      if (code === 'accepted') expect(parseMutation(mutation(name, args as object))?.name).toBe(name)
      else expect(CODES).toContain(code)
    }),
    { numRuns: 4000 },
  )
})

test('apply never throws, whatever the name, the arguments and the state', () => {
  const anyName = fc.oneof(fc.constantFrom(...NAMES), names)
  fc.assert(
    fc.property(anyName, fc.constantFrom(...STATES), fc.anything(), fc.nat(), (name, state, value, at) => {
      const session = sessionIn(state)
      const good: object = (Object.hasOwn(GOOD, name) && GOOD[name as MutationName]) || {}
      const fields = Object.keys(good)
      for (const args of [value, { ...good, [fields[at % fields.length] ?? 'x']: value }]) {
        const { session: next, outcome } = apply(session, mutation(name, args as object), limits)
        if (outcome.status === 'rejected') expect(next).toBe(session)
        if (!Object.hasOwn(GOOD, name)) expect(next).toBe(session)
      }
    }),
    { numRuns: 4000 },
  )
})

test('a mutation of a newer release passes, is kept as it is and has no effect in any state', () => {
  for (const name of ['wrapItem', '', '__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
    const args = JSON.parse('{"__proto__":{"isAdmin":true},"deep":[{"er":null}]}') as object
    const parsed = parseMutation(mutation(name, args))!
    expect(JSON.stringify(parsed)).toBe(JSON.stringify(mutation(name, args)))
    for (const state of STATES) expect(apply(sessionIn(state), parsed, limits).session.state).toBe(state)
  }
})

test('what is parsed is detached from what was given', () => {
  for (const name of NAMES) {
    const given = structuredClone(GOOD[name]) as Record<string, unknown>
    const parsed = parseMutation(mutation(name, given))!
    for (const [field, value] of Object.entries(given)) {
      if (typeof value === 'object') Object.assign(value as object, { sku: 'Z', line: 'Z', 0: 'Z' })
      given[field] = 'Z'
    }
    expect(parsed.args).toEqual(GOOD[name])
    expect(Object.isFrozen(parsed)).toBe(true)
  }
})

test('nothing that is parsed or applied reaches the prototypes', () => {
  const evil = JSON.parse('{"__proto__":{"isAdmin":1},"constructor":{"prototype":{"isAdmin":1}}}') as object
  const before = Object.getOwnPropertyNames(Object.prototype).length
  for (const name of NAMES) parseMutation(mutation(name, { ...GOOD[name], ...evil }))
  const lines = [{ sku: '__proto__', quantity: 1, attributes: evil, ...evil }]
  const session = parseSession({ integrationId: 's', attributes: evil, discounts: {}, cartItems: lines, ...evil })!
  const add = mutation('addItem', { item: { sku: '__proto__', attributes: evil }, quantity: 1 })
  const set = mutation('setAttributes', { changes: evil })
  for (const each of [add, set]) apply(session, each, limits)
  parseFields(evil)
  parseAcked(evil)
  parseNotice(evil)
  parseAnswer({ v: 1, epoch: 'e', version: 1, acked: evil, session: evil }, 's')
  expect(({} as { isAdmin?: number }).isAdmin).toBeUndefined()
  expect(Object.getOwnPropertyNames(Object.prototype)).toHaveLength(before)
})
