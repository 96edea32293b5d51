import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { changedRange, lineChanges } from '../../../src/session/line-changes.ts'
import { lineKey } from '../../../src/session/line-key.ts'
import type { CartItem } from '../../../src/session/session.ts'

const [a, b, c, d] = ['A', 'B', 'C', 'D'].map((sku): CartItem => ({ sku, quantity: 1 })) as [
  CartItem,
  CartItem,
  CartItem,
  CartItem,
]
const more: CartItem = { ...b, quantity: 2 }

test.each([
  ['nothing', [a, b, c], [a, b, c], [3, 3, 3]],
  ['nothing of nothing', [], [], [0, 0, 0]],
  ['a line in the middle', [a, b, c], [a, more, c], [1, 2, 2]],
  ['a line that came at the end', [a, b], [a, b, c], [2, 2, 3]],
  ['a line that came in front', [b, c], [a, b, c], [0, 0, 1]],
  ['the first line that went', [a, b, c], [b, c], [0, 1, 0]],
  ['the last line that went', [a, b, c], [a, b], [2, 3, 2]],
  ['one of two that are the same object', [a, a], [a], [1, 2, 1]],
  ['one more of the same object', [a], [a, a], [1, 1, 2]],
  ['all of it', [a, b], [c, d], [0, 2, 2]],
])('the range that changed is %s', (_, before, after, range) => {
  expect(changedRange(before, after)).toEqual(range)
})

test('what became of each line is told with its place: first those that were there, then those that came', () => {
  expect(lineChanges([a, b, c], [d, a, more], lineKey)).toEqual([
    { key: 'B', before: b, after: more, index: 1 },
    { key: 'C', before: c, after: undefined, index: 2 },
    { key: 'D', before: undefined, after: d, index: -1 },
  ])
  expect(lineChanges([a, b], [b, a], lineKey)).toEqual([])
})

test('lines at both ends that stayed are not looked at', () => {
  const asked: string[] = []
  const keyOf = (item: { readonly sku: string }): string => {
    asked.push(item.sku)
    return item.sku
  }
  expect(lineChanges([a, b, c], [a, more, c], keyOf)).toEqual([{ key: 'B', before: b, after: more, index: 1 }])
  expect(asked).toEqual(['B', 'B'])
})

test('what is told of the changes makes the one list of the other', () => {
  const sku: fc.Arbitrary<string> = fc.constantFrom('A', 'B', 'C', 'D', 'E', 'F')
  const carts = fc.uniqueArray(fc.record({ sku, quantity: fc.integer({ min: 1, max: 2 }) }), {
    selector: ({ sku }) => sku,
  })
  fc.assert(
    fc.property(carts, carts, (before, after) => {
      // What stays is the same object, as after every command.
      const now = after.map(item => before.find(old => old.sku === item.sku && old.quantity === item.quantity) ?? item)
      const lines = new Map(before.map(item => [item.sku, item]))
      for (const { key, before: was, after: is, index } of lineChanges(before, now, lineKey)) {
        expect(lines.get(key)).toBe(was)
        expect(index).toBe(was ? before.indexOf(was) : -1)
        if (is) lines.set(key, is)
        else lines.delete(key)
      }
      expect(lines).toEqual(new Map(now.map(item => [item.sku, item])))
    }),
    { numRuns: 1000 },
  )
})
