import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkOf } from '../../../src/session/check.ts'
import { keepIdentity } from '../../../src/session/identity.ts'
import { canonicalJson } from '../../../src/session/json.ts'
import { changedRange } from '../../../src/session/line-changes.ts'
import { lineKey } from '../../../src/session/line-key.ts'
import { factsOf, positionOf, recount, withLine } from '../../../src/session/lines.ts'
import { emptySession, type CartItem } from '../../../src/session/session.ts'

const sku = fc.oneof(fc.constantFrom('A', '[', '["A"]', '["A",{"a":1}]', '__proto__'), fc.string({ minLength: 1 }))
const attributes = fc.option(
  fc.dictionary(fc.constantFrom('a', 'b', '__proto__'), fc.oneof(fc.integer(), fc.string())),
  {
    nil: undefined,
  },
)

test('keys tell lines apart: equal keys mean equal sku and equal attributes', () => {
  const item = fc.record({ sku, attributes })
  fc.assert(
    fc.property(item, item, (one, other) => {
      const isSame =
        one.sku === other.sku && canonicalJson(one.attributes ?? {}) === canonicalJson(other.attributes ?? {})
      expect(lineKey(one) === lineKey(other)).toBe(isSame)
    }),
    { numRuns: 5000 },
  )
})

test('a sku that looks like a key with attributes is not taken for one', () => {
  const key = lineKey({ sku: 'A', attributes: { a: 1 } })
  expect(lineKey({ sku: key })).not.toBe(key)
  expect(lineKey({ sku: lineKey({ sku: key }) })).not.toBe(lineKey({ sku: key }))
})

test('a key does not depend on the order of the attributes, at any depth', () => {
  expect(lineKey({ sku: 'A', attributes: { a: { x: 1, y: [2] }, b: 1 } })).toBe(
    lineKey({ sku: 'A', attributes: { b: 1, a: { y: [2], x: 1 } } }),
  )
  expect(lineKey({ sku: 'A', attributes: {} })).toBe('A')
  expect(lineKey({ sku: 'A', attributes: { a: null } })).toBe('A')
})

test('removals, insertions and forks leave every list as it was: its lines are found, and what differs is told', () => {
  const step = fc.record({
    from: fc.nat(6),
    at: fc.nat(12),
    name: fc.nat(11),
    kind: fc.constantFrom('put', 'insert', 'remove'),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), steps => {
      const lists: (readonly CartItem[])[] = [Object.freeze([])]
      const plain: (readonly CartItem[])[] = [[]]
      for (const { from, at, name, kind } of steps) {
        const origin = lists.length - 1 - (from % lists.length)
        const items = lists[origin]!
        const copy = [...plain[origin]!]
        const key = `S${name}`
        const position = positionOf(items, key, lineKey)
        const item = Object.freeze({ sku: key, quantity: at + 1, price: at / 10 })
        if (kind === 'remove') {
          if (position < 0) continue
          lists.push(withLine(items, position, undefined))
          copy.splice(position, 1)
        } else if (position >= 0) {
          lists.push(withLine(items, position, item))
          copy[position] = item
        } else {
          const place = kind === 'put' ? items.length : Math.min(at, items.length)
          lists.push(withLine(items, place, item, true))
          copy.splice(place, 0, item)
        }
        plain.push(copy)
        expect(lists).toEqual(plain)
        for (const [index, list] of lists.entries()) {
          // A copy is a list of which nothing is known.
          expect(changedRange(list, lists.at(-1)!)).toEqual(changedRange([...list], copy))
          expect(list.every((line, at) => line === plain[index]![at])).toBe(true)
          expect(Object.isFrozen(list)).toBe(true)
          for (let each = 0; each < 12; each++) {
            expect(positionOf(list, `S${each}`, lineKey)).toBe(list.findIndex(line => line.sku === `S${each}`))
          }
        }
      }
      for (const list of lists) {
        const { units, remaining, unpriced } = recount(list)
        expect(factsOf(list)).toMatchObject({ units, remaining, unpriced })
      }
    }),
    { numRuns: 300 },
  )
})

test('a line that was taken out, or has another key, is not looked for from line to line', () => {
  let asked = 0
  const keyOf: typeof lineKey = item => {
    asked++
    return lineKey(item)
  }
  const all = Object.freeze(Array.from({ length: 1000 }, (_, line) => ({ sku: `S${line}`, quantity: 1 })))
  expect(positionOf(all, 'S500', keyOf)).toBe(500)
  const fewer = withLine(all, 500, undefined)
  const other = withLine(fewer, 7, { sku: 'OTHER', quantity: 1 })
  asked = 0
  expect(positionOf(other, 'S500', keyOf)).toBe(-1)
  expect(positionOf(other, 'S7', keyOf)).toBe(-1)
  expect(positionOf(other, 'OTHER', keyOf)).toBe(7)
  expect(asked).toBe(1)
  expect(positionOf(all, 'S500', keyOf)).toBe(500)
})

test('the last line of many is found when those before it have gone', () => {
  let items: readonly CartItem[] = Object.freeze(
    Array.from({ length: 20 }, (_, line) => ({ sku: `S${line}`, quantity: 1 })),
  )
  for (let line = 0; line < 19; line++) items = withLine(items, positionOf(items, `S${line}`, lineKey), undefined)
  expect(positionOf(items, 'S19', lineKey)).toBe(0)
})

test('a line key that forgets what it answered finds no line, and looks no further than the list', () => {
  const list = Object.freeze([{ sku: 'A', quantity: 1 }])
  let asked = 0
  const fickle = ({ sku }: { readonly sku: string }): string => `${sku}${asked++}`
  expect(positionOf(list, 'A0', fickle)).toBe(-1)
  expect(asked).toBeLessThan(4)
})

test('another line key is another map of positions', () => {
  const items = withLine(Object.freeze([]), 0, { sku: 'a', quantity: 1 })
  expect(positionOf(items, 'a', lineKey)).toBe(0)
  expect(positionOf(items, 'A', item => item.sku.toUpperCase())).toBe(0)
  expect(positionOf(items, 'a', lineKey)).toBe(0)
})

test('the hash of the lines is equal for equal data, whatever the order of members, and differs otherwise', () => {
  const item = fc.record({
    sku: fc.string({ minLength: 1 }),
    quantity: fc.integer({ min: 1, max: 9 }),
    name: fc.string(),
  })
  fc.assert(
    fc.property(fc.array(item), fc.array(item), (one, other) => {
      const turned = one.map(({ name, quantity, sku: id }) => ({ name, quantity, sku: id }))
      expect(checkOf(turned)).toBe(checkOf(one))
      expect(checkOf(one) === checkOf(other)).toBe(canonicalJson(one) === canonicalJson(other))
      expect(checkOf(one)).toMatch(/^[\da-f]{16}$/)
    }),
  )
})

test('lines that are the same keep their objects, and a list in which nothing changed stays the list', () => {
  const before = Object.freeze([
    { sku: 'A', quantity: 1 },
    { sku: 'B', quantity: 2 },
    { sku: 'C', quantity: 3 },
  ])
  expect(keepIdentity(before, structuredClone(before), lineKey)).toBe(before)
  const after = [
    { sku: 'C', quantity: 3 },
    { sku: 'A', quantity: 1 },
    { sku: 'B', quantity: 5 },
  ]
  const kept = keepIdentity(before, after, lineKey)
  expect(kept).toEqual(after)
  expect(kept[0]).toBe(before[2])
  expect(kept[1]).toBe(before[0])
  expect(kept[2]).toBe(after[2])
  expect(keepIdentity(before, before.slice(0, 2), lineKey)).toEqual(before.slice(0, 2))
})

test('lists that began as one empty list do not meet: what one holds is not sought in the other', () => {
  let calls = 0
  const keyOf = (item: { sku: string }): string => {
    calls++
    return item.sku
  }
  const { cartItems: empty } = emptySession('')
  const fill = (count: number, prefix: string): readonly CartItem[] => {
    let items = empty
    for (let line = 0; line < count; line++) {
      const item = { sku: `${prefix}${line}`, quantity: 1 }
      if (positionOf(items, item.sku, keyOf) < 0) items = withLine(items, items.length, item)
    }
    return items
  }
  fill(1000, 'A')
  const items = fill(3, 'B')
  calls = 0
  for (let line = 0; line < 1000; line++) expect(positionOf(items, `A${line}`, keyOf)).toBe(-1)
  expect(calls).toBeLessThan(10)
})
