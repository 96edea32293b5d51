import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson, type Attributes } from '../../../src/session/json.ts'
import { lineKey } from '../../../src/session/line-key.ts'
import { positionOf, withLine } from '../../../src/session/lines.ts'
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

test('each of 1000 lines is found after 1000 removals and 1000 insertions at the front', () => {
  const line = (n: number): CartItem => Object.freeze({ sku: `S${n}`, quantity: 1 })
  let list: readonly CartItem[] = Object.freeze([])
  for (let n = 0; n < 2000; n++) list = withLine(list, positionOf(list, `S${n}`, lineKey) + 1, line(n), true)
  const older = list
  for (let n = 0; n < 2000; n += 2) list = withLine(list, positionOf(list, `S${n}`, lineKey), undefined)
  expect(list).toHaveLength(1000)
  for (const given of [list, older]) {
    const naive = new Map(given.map(({ sku }, position) => [sku, position]))
    for (let n = 0; n < 2000; n++) expect(positionOf(given, `S${n}`, lineKey)).toBe(naive.get(`S${n}`) ?? -1)
  }
}, 30_000)
