import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson, type Attributes } from '../../../src/session/json.ts'
import { lineKey } from '../../../src/session/line-key.ts'
import type { CartItem } from '../../../src/session/session.ts'
import { json, names } from '../../support/arbitraries.ts'

const attributes: fc.Arbitrary<Attributes | undefined> = fc.option(fc.dictionary(names, json, { maxKeys: 3 }), {
  nil: undefined,
})
// Skus that look like the keys of other lines, among ordinary ones.
const skus = fc.oneof(
  fc.constantFrom('A', '[', '["A"]', '[["A"]]', '["A",{"a":1}]', '{}', '__proto__'),
  fc.record({ sku: names, attributes }).map(lineKey),
  names,
)
const items = fc.record({ sku: skus, attributes })

const isBare = (given: Attributes | undefined): boolean => canonicalJson(given ?? {}) === '{}'

test('two items have one key when sku and attributes are equal, and only then', () => {
  const look = fc.tuple(items, items, fc.boolean()).map(([one, other, isAlike]) => {
    // A second item whose sku is the key of the first is the one that could be taken for it.
    return isAlike ? ([one, { ...other, sku: lineKey(one) }] as const) : ([one, other] as const)
  })
  fc.assert(
    fc.property(look, ([one, other]) => {
      const isSame =
        one.sku === other.sku && canonicalJson(one.attributes ?? {}) === canonicalJson(other.attributes ?? {})
      expect(lineKey(one) === lineKey(other)).toBe(isSame)
    }),
    { numRuns: 5000 },
  )
})

test('sku and attributes can be read back from a key', () => {
  fc.assert(
    fc.property(items, ({ sku, attributes: given }) => {
      const key = lineKey({ sku, attributes: given })
      const [readSku, read = {}] = key.startsWith('[') ? (JSON.parse(key) as [string, Attributes?]) : [key]
      expect(readSku).toBe(sku)
      expect(canonicalJson(read)).toBe(canonicalJson(given ?? {}))
      if (isBare(given) && !sku.startsWith('[')) expect(key).toBe(sku)
    }),
    { numRuns: 2000 },
  )
})

test('nothing but sku and attributes has a part in the key', () => {
  const line: CartItem = { sku: 'A', quantity: 7, price: 1, name: 'Apple', product: { name: 'P' }, position: 3 }
  expect(lineKey(line)).toBe('A')
  expect(lineKey({ ...line, attributes: { size: 'M' } })).toBe('["A",{"size":"M"}]')
})
