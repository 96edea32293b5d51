import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { keepIdentity, keepLines } from '../../../src/session/identity.ts'
import { lineKey } from '../../../src/session/line-key.ts'
import { emptySession, type CartItem } from '../../../src/session/session.ts'
import { lines } from '../../support/arbitraries.ts'

const copy = (items: readonly CartItem[]): readonly CartItem[] => items.map(item => ({ ...item }))

test('the lines are those that came, and each that did not change is the object it was', () => {
  const edits = fc.array(fc.record({ at: fc.nat(5), kind: fc.constantFrom('remove', 'more', 'move') }), {
    maxLength: 4,
  })
  fc.assert(
    fc.property(lines, edits, (before, steps) => {
      let after = copy(before)
      for (const { at, kind } of steps) {
        const item = after[at]
        if (!item) continue
        const rest = after.filter(each => each !== item)
        if (kind === 'more')
          after = after.map(each => (each === item ? { ...item, quantity: item.quantity + 1 } : each))
        else after = kind === 'move' ? [item, ...rest] : rest
      }
      const kept = keepIdentity(before, after, lineKey)
      expect(kept).toEqual(after)
      expect(Object.isFrozen(kept) || kept === before).toBe(true)
      for (const item of kept) {
        const old = before.find(each => JSON.stringify(each) === JSON.stringify(item))
        if (old) expect(item).toBe(old)
      }
    }),
    { numRuns: 1000 },
  )
})

test('a list in which nothing changed is the list it was, and an equal one too', () => {
  fc.assert(
    fc.property(lines, before => {
      expect(keepIdentity(before, before, lineKey)).toBe(before)
      expect(keepIdentity(before, copy(before), lineKey)).toBe(before)
    }),
  )
})

test('a list that lost, gained or reordered lines is another one', () => {
  const before = Object.freeze([
    { sku: 'A', quantity: 1 },
    { sku: 'B', quantity: 2 },
  ])
  for (const after of [before.slice(0, 1), [...before, { sku: 'C', quantity: 1 }], [before[1]!, before[0]!], []]) {
    expect(keepIdentity(before, after, lineKey)).not.toBe(before)
    expect(keepIdentity(before, after, lineKey)).toEqual(after)
  }
})

test('a line that was changed there and back with other members is a new object', () => {
  const before = Object.freeze([{ sku: 'A', quantity: 1, name: 'Apple' }])
  const after = [{ sku: 'A', quantity: 1, name: 'Pear' }]
  expect(keepIdentity(before, after, lineKey)[0]).toBe(after[0])
})

test('a session keeps the objects of the lines that are shown', () => {
  const shown = { ...emptySession('s'), cartItems: Object.freeze([{ sku: 'A', quantity: 1 }]) }
  const session = { ...shown, coupon: 'SUMMER', cartItems: [{ sku: 'A', quantity: 1 }] }
  const kept = keepLines(shown, session, lineKey)
  expect(kept).toEqual(session)
  expect(kept.cartItems).toBe(shown.cartItems)
  expect(Object.isFrozen(kept)).toBe(true)
})

test('a session is taken as it is when the line key of the app fails on a line', () => {
  const shown = { ...emptySession('s'), cartItems: [{ sku: 'A', quantity: 1 }] }
  const session = { ...emptySession('s'), cartItems: [{ sku: 'B', quantity: 1 }] }
  const failing = (): string => {
    throw new TypeError('no size')
  }
  expect(keepLines(shown, session, failing)).toBe(session)
})
