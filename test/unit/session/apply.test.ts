import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { apply } from '../../../src/session/apply.ts'
import { defaultLimits, type Limits } from '../../../src/session/limits.ts'
import type { MutationArgs, MutationName } from '../../../src/session/mutations.ts'
import { toInput } from '../../../src/session/schemas.ts'
import { emptySession, type CustomerSession, type LineInput } from '../../../src/session/session.ts'

const AT = '2026-11-23T10:00:00Z'
const limits = defaultLimits('EUR')

function run<Name extends MutationName>(
  session: CustomerSession,
  name: Name,
  args: MutationArgs[Name],
  within: Limits = limits,
): ReturnType<typeof apply> {
  return apply(session, { writer: 'w', n: 1, name, args, at: AT }, within)
}

function filled(...lines: [sku: string, price: number | undefined, quantity: number][]): CustomerSession {
  return lines.reduce(
    (session, [sku, price, quantity]) =>
      run(session, 'addItem', { item: price === undefined ? { sku } : { sku, price }, quantity }).session,
    run(emptySession('s'), 'start', { currency: 'EUR' }).session,
  )
}

function isDeepFrozen(value: unknown): boolean {
  return (
    typeof value !== 'object' || value === null || (Object.isFrozen(value) && Object.values(value).every(isDeepFrozen))
  )
}

const two = filled(['A', 2, 3], ['B', 0.5, 4])

test('start begins a session with what it is given', () => {
  const items = [
    { sku: 'A', price: 1, quantity: 2 },
    { sku: 'A', quantity: 1 },
  ]
  const { session } = run(emptySession('s'), 'start', {
    currency: 'EUR',
    profileId: 'guest-1',
    attributes: { a: 1 },
    items,
  })
  expect(session).toMatchObject({ created: AT, updated: AT, profileId: 'guest-1', attributes: { a: 1 }, total: 3 })
  expect(session.cartItems).toEqual([{ sku: 'A', price: 1, quantity: 3 }])
})

test('start without anything begins an empty session of nobody', () => {
  expect(run(emptySession('s'), 'start', { currency: 'EUR' }).session).toEqual({
    ...emptySession('s'),
    created: AT,
    updated: AT,
  })
})

test('start in another currency is refused, before and after the session began', () => {
  for (const session of [emptySession('s'), two]) {
    const applied = run(session, 'start', { currency: 'USD' })
    expect(applied.outcome).toMatchObject({ code: 'currency-mismatch' })
    expect(applied.session).toBe(session)
  }
})

test('start on a session that began changes nothing', () => {
  expect(run(two, 'start', { currency: 'EUR', profileId: 'x', items: [{ sku: 'Z', quantity: 1 }] }).session).toBe(two)
})

test('addItem adds to its line; given fields replace, absent ones stay', () => {
  const { session, notices } = run(two, 'addItem', { item: { sku: 'A', name: 'Apple' }, quantity: 2 })
  expect(session.cartItems[0]).toEqual({ sku: 'A', price: 2, name: 'Apple', quantity: 5 })
  expect(notices).toEqual([])
})

test('a price that changes is remarked on, a price that appears is not', () => {
  expect(run(two, 'addItem', { item: { sku: 'A', price: 3 }, quantity: 1 }).notices).toEqual([
    { code: 'price-changed', line: 'A', from: 2, to: 3 },
  ])
  expect(run(two, 'updateItem', { line: 'A', changes: { price: 3 } }).notices).toHaveLength(1)
  expect(run(filled(['A', undefined, 1]), 'addItem', { item: { sku: 'A', price: 3 }, quantity: 1 }).notices).toEqual([])
})

test('changeQuantity removes a line at or below nought and grants a removal of what is gone', () => {
  expect(run(two, 'changeQuantity', { line: 'A', by: -3 }).session.cartItems).toHaveLength(1)
  expect(run(two, 'changeQuantity', { line: 'A', by: -99 }).session.cartItems).toHaveLength(1)
  expect(run(two, 'changeQuantity', { line: 'Z', by: -1 })).toMatchObject({
    outcome: { status: 'accepted' },
    session: two,
  })
  expect(run(two, 'changeQuantity', { line: 'Z', by: 1 }).outcome).toMatchObject({ code: 'line-not-found' })
  expect(run(two, 'changeQuantity', { line: 'Z', by: 0 }).outcome).toMatchObject({ code: 'line-not-found' })
  expect(run(two, 'changeQuantity', { line: 'A', by: 0 }).session.cartItems).toBe(two.cartItems)
})

test('setQuantity sets, removes at nought, and needs its line otherwise', () => {
  expect(run(two, 'setQuantity', { line: 'B', quantity: 9 }).session.cartItems[1]?.quantity).toBe(9)
  expect(run(two, 'setQuantity', { line: 'B', quantity: 0 }).session.cartItems).toHaveLength(1)
  expect(run(two, 'setQuantity', { line: 'Z', quantity: 0 }).outcome).toEqual({ status: 'accepted' })
  expect(run(two, 'setQuantity', { line: 'Z', quantity: 1 }).outcome).toMatchObject({ code: 'line-not-found' })
})

test('a line never holds fewer units than came back of it', () => {
  const [apples, ...others] = two.cartItems
  // A server opens a session again of which something came back.
  const session = { ...two, cartItems: [{ ...apples!, returnedQuantity: 2, remainingQuantity: 1 }, ...others] }
  expect(run(session, 'setQuantity', { line: 'A', quantity: 2 }).session.cartItems[0]).toMatchObject({
    quantity: 2,
    remainingQuantity: 0,
  })
  const refused = run(session, 'setQuantity', { line: 'A', quantity: 1 })
  expect(refused.outcome).toMatchObject({ code: 'invalid-quantity' })
  expect(refused.session).toBe(session)
})

test('updateItem moves a line to another key, merges onto one that is there, and drops what is null', () => {
  expect(run(two, 'updateItem', { line: 'A', changes: { sku: 'C', price: null } }).session.cartItems[0]).toEqual({
    sku: 'C',
    quantity: 3,
  })
  const merged = run(two, 'updateItem', { line: 'A', changes: { sku: 'B' } })
  expect(merged.session.cartItems).toEqual([{ sku: 'B', price: 2, quantity: 7 }])
  expect(merged.notices).toEqual([{ code: 'price-changed', line: 'B', from: 0.5, to: 2 }])
  const upwards = run(two, 'updateItem', { line: 'B', changes: { sku: 'A' } })
  expect(upwards.session.cartItems).toEqual([{ sku: 'A', price: 0.5, quantity: 7 }])
  expect(run(two, 'updateItem', { line: 'Z', changes: {} }).outcome).toMatchObject({ code: 'line-not-found' })
})

test('removeItem and clearItems take out what is there', () => {
  expect(run(two, 'removeItem', { line: 'A' }).session.cartItems).toEqual([two.cartItems[1]])
  expect(run(two, 'removeItem', { line: 'Z' }).session).toBe(two)
  expect(run(two, 'clearItems', {}).session).toMatchObject({ cartItems: [], total: 0 })
})

test('restoreItem puts a line back at its place, at the end when that is gone, into its line when that came back', () => {
  const item = { sku: 'C', price: 1, quantity: 1 }
  expect(run(two, 'restoreItem', { item, index: 1 }).session.cartItems.map(({ sku }) => sku)).toEqual(['A', 'C', 'B'])
  expect(run(two, 'restoreItem', { item, index: 99 }).session.cartItems.map(({ sku }) => sku)).toEqual(['A', 'B', 'C'])
  expect(run(two, 'restoreItem', { item: { ...item, sku: 'B' }, index: 0 }).session.cartItems[1]?.quantity).toBe(5)
})

test('codes, identifiers and profile are set and removed', () => {
  const coupon = run(two, 'applyCoupon', { code: 'C' }).session
  const referral = run(coupon, 'applyReferral', { code: 'R' }).session
  expect(referral).toMatchObject({ coupon: 'C', referral: 'R' })
  expect(run(referral, 'removeCoupon', {}).session).toMatchObject({ coupon: '', referral: 'R' })
  expect(run(referral, 'removeReferral', {}).session).toMatchObject({ coupon: 'C', referral: '' })
  expect(run(two, 'setIdentifiers', { identifiers: ['a', 'b'] }).session.identifiers).toEqual(['a', 'b'])
  expect(run(two, 'setProfile', { profileId: 'anna' }).session.profileId).toBe('anna')
})

test('setAttributes merges shallowly and null deletes', () => {
  const first = run(two, 'setAttributes', { changes: { a: { deep: 1 }, b: 2 } }).session
  expect(run(first, 'setAttributes', { changes: { a: { other: 1 }, b: null } }).session.attributes).toEqual({
    a: { other: 1 },
  })
})

test('returnItems counts what comes back, from several lines or twice from one, never more than there is', () => {
  const closed = run(two, 'closeSession', {}).session
  const lines = (quantity: number) => ({
    items: [
      { line: 'A', quantity },
      { line: 'A', quantity: 1 },
      { line: 'B', quantity: 4 },
    ],
  })
  const { session } = run(closed, 'returnItems', lines(1))
  expect(session.cartItems).toMatchObject([
    { returnedQuantity: 2, remainingQuantity: 1 },
    { returnedQuantity: 4, remainingQuantity: 0 },
  ])
  expect(session).toMatchObject({ state: 'partially_returned', total: 2 })
  const refused = run(closed, 'returnItems', lines(3))
  expect(refused.outcome).toMatchObject({ code: 'invalid-quantity' })
  expect(refused.session).toBe(closed)
  expect(run(closed, 'returnItems', { items: [{ line: 'Z', quantity: 1 }] }).outcome).toMatchObject({
    code: 'line-not-found',
  })
})

test('limits hold to the last unit, and a cart that is over them can still shrink', () => {
  const tight = { ...limits, maxItems: 2, maxUnits: 7 }
  expect(run(two, 'addItem', { item: { sku: 'C' }, quantity: 1 }, tight).outcome).toMatchObject({
    code: 'limit-exceeded',
  })
  expect(run(two, 'changeQuantity', { line: 'A', by: 1 }, tight).outcome).toMatchObject({ code: 'limit-exceeded' })
  const over = { ...limits, maxItems: 1, maxUnits: 1 }
  expect(run(two, 'changeQuantity', { line: 'A', by: -1 }, over).outcome).toEqual({ status: 'accepted' })
  expect(run(two, 'updateItem', { line: 'A', changes: { name: 'x' } }, over).outcome).toEqual({ status: 'accepted' })
  const code = (length: number) => run(two, 'applyCoupon', { code: 'x'.repeat(length) }).outcome.status
  expect([code(100), code(101)]).toEqual(['accepted', 'rejected'])
  const identifiers = (count: number) =>
    run(two, 'setIdentifiers', { identifiers: Array(count).fill('i') }).outcome.status
  expect([identifiers(5), identifiers(6)]).toEqual(['accepted', 'rejected'])
  const text = (length: number) => run(two, 'setAttributes', { changes: { a: 'x'.repeat(length) } }).outcome.status
  expect([text(9992), text(9993)]).toEqual(['accepted', 'rejected'])
})

test('prices and costs keep to their bounds, and below nought only where the shop allows it', () => {
  const add = (item: object, within = limits) =>
    run(two, 'addItem', { item: { sku: 'N', ...item }, quantity: 1 }, within).outcome
  expect(add({ price: 1e15 })).toEqual({ status: 'accepted' })
  expect(add({ price: 1e15 + 0.125 })).toMatchObject({ code: 'invalid-item' })
  expect(add({ price: -0.01 })).toMatchObject({ code: 'invalid-item' })
  expect(add({ additionalCosts: { deposit: { price: -1 } } })).toMatchObject({ code: 'invalid-item' })
  expect(add({ price: -5 }, { ...limits, minPrice: -5 })).toEqual({ status: 'accepted' })
  expect(add({ currency: 'USD' })).toMatchObject({ code: 'currency-mismatch' })
  expect(add({ currency: 'EUR' })).toEqual({ status: 'accepted' })
})

test('lines that a mutation does not touch keep their identity, and everything is frozen', () => {
  const { session } = run(two, 'changeQuantity', { line: 'A', by: 1 })
  expect(session.cartItems[1]).toBe(two.cartItems[1])
  expect(isDeepFrozen(session)).toBe(true)
  expect(isDeepFrozen(run(two, 'setAttributes', { changes: Object.freeze({ a: 1 }) }).session)).toBe(true)
})

test('the app decides what a line is', () => {
  const bySku = { ...limits, lineKey: ({ sku }: { sku: string }) => sku.toLowerCase() }
  const session = run(two, 'addItem', { item: { sku: 'a', attributes: { size: 'M' } }, quantity: 1 }, bySku).session
  expect(session.cartItems).toHaveLength(2)
  expect(session.cartItems[0]).toMatchObject({ sku: 'a', quantity: 4 })
  const broken = {
    ...limits,
    lineKey: () => {
      throw new Error('the app')
    },
  }
  expect(run(two, 'removeItem', { line: 'A' }, broken)).toMatchObject({ outcome: { code: 'malformed' }, session: two })
})

test('an unknown mutation has no effect', () => {
  for (const name of ['wrapItem', '__proto__', 'constructor', 'toString']) {
    const applied = apply(two, { writer: 'w', n: 1, name, args: {}, at: AT }, limits)
    expect(applied).toEqual({ session: two, outcome: { status: 'accepted' }, notices: [] })
  }
})

test('garbage never makes apply throw, and a rejected mutation leaves the very same session', () => {
  const names = fc.oneof(
    fc.constantFrom(
      'addItem',
      'setQuantity',
      'updateItem',
      'restoreItem',
      'returnItems',
      'start',
      'setAttributes',
      '__proto__',
    ),
    fc.string(),
  )
  fc.assert(
    fc.property(names, fc.anything(), fc.boolean(), (name, args, isClosed) => {
      const session = isClosed ? run(two, 'closeSession', {}).session : two
      const mutation = { writer: 'w', n: 1, name, args: args as object, at: AT }
      const applied = apply(session, mutation, limits)
      const again = apply(session, mutation, limits)
      expect(JSON.stringify(again.outcome)).toBe(JSON.stringify(applied.outcome))
      if (applied.outcome.status === 'rejected') expect(applied.session).toBe(session)
    }),
    { numRuns: 5000 },
  )
})

test('a refusal says what was too much, and how much there may be', () => {
  const tight: Limits = {
    ...limits,
    maxItems: 2,
    maxUnits: 8,
    maxAttributesLength: 10,
    maxCodeLength: 3,
    maxIdentifiers: 1,
    maxPrice: 5,
  }
  const closed: CustomerSession = { ...two, state: 'closed' }
  const messageOf = (applied: ReturnType<typeof apply>): string | undefined =>
    applied.outcome.status === 'rejected' ? applied.outcome.message : undefined
  const long = { note: 'a long one' }
  expect(
    [
      run(two, 'start', { currency: 'USD' }),
      run(two, 'addItem', { item: { sku: 'C' }, quantity: 1 }, tight),
      run(two, 'addItem', { item: { sku: 'A' }, quantity: 2 }, tight),
      run(two, 'addItem', { item: { sku: 'A', price: 6 }, quantity: 1 }, tight),
      run(two, 'addItem', { item: { sku: 'A', currency: 'USD' }, quantity: 1 }),
      run(two, 'setAttributes', { changes: long }, tight),
      run(two, 'applyCoupon', { code: 'LONG' }, tight),
      run(two, 'applyReferral', { code: 'LONG' }, tight),
      run(two, 'setIdentifiers', { identifiers: ['a', 'b'] }, tight),
      run(two, 'setQuantity', { line: 'Z', quantity: 1 }),
      run(two, 'returnItems', { items: [{ line: 'A', quantity: 1 }] }),
      run(closed, 'returnItems', { items: [] }),
      run(closed, 'returnItems', { items: [{ line: 'A', quantity: 5 }] }),
      run(closed, 'clearItems', {}),
      run(two, 'addItem', {} as MutationArgs['addItem']),
    ].map(messageOf),
  ).toEqual([
    expect.stringMatching(/EUR.*USD/),
    expect.stringMatching(/^lines: 3 .* 2\b/),
    expect.stringMatching(/^units: 9 .* 8\b/),
    expect.stringMatching(/price.* 6 .* 5\b/),
    expect.stringMatching(/USD.*EUR/),
    expect.stringMatching(/^characters of attributes: 21 .* 10\b/),
    expect.stringMatching(/coupon.* 4 .* 3\b/),
    expect.stringMatching(/referral.* 4 .* 3\b/),
    expect.stringMatching(/^identifiers: 2 .* 1\b/),
    expect.stringMatching(/\bZ\b/),
    expect.stringMatching(/returnItems.*open/),
    expect.stringMatching(/^returnItems: nothing/),
    expect.stringMatching(/^5 of line A .* 3 are left/),
    expect.stringMatching(/clearItems.*closed/),
    expect.stringMatching(/addItem/),
  ])
  expect(run(closed, 'returnItems', { items: [] }).outcome).toMatchObject({ code: 'invalid-argument' })
  expect(run(two, 'addItem', {} as MutationArgs['addItem']).outcome).toMatchObject({ code: 'malformed' })
})

test('a line as an app could have given it has none of the fields of the server', () => {
  const line = {
    sku: 'A',
    quantity: 1,
    name: 'Apple',
    position: 3,
    skuOfOld: 'X',
    oldsku: 'X',
    quantityLimit: 5,
    inquantity: 5,
  }
  expect(toInput({ ...line, product: { name: 'Fruit', id: 7 } } as LineInput)).toEqual({
    sku: 'A',
    quantity: 1,
    name: 'Apple',
    product: { name: 'Fruit' },
  })
})
