import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkOf } from '../../../src/session/check.ts'
import { canonicalJson } from '../../../src/session/json.ts'
import type { CartItem } from '../../../src/session/session.ts'
import { lines } from '../../support/arbitraries.ts'

/** The hash as the documentation words it, in arbitrary-precision numbers. */
function documented(items: readonly CartItem[]): string {
  const text = canonicalJson(items)
  let low = 0x811c9dc5n
  let high = 0x9747b28cn
  for (let i = 0; i < text.length; i++) {
    const unit = BigInt(text.charCodeAt(i))
    low = ((low ^ unit) * 0x01000193n) % 2n ** 32n
    high = ((high ^ (unit + BigInt(i % 65_536))) * 0x01000193n) % 2n ** 32n
  }
  return [high, low].map(lane => lane.toString(16).padStart(8, '0')).join('')
}

test('the hash is the one the documentation words, for any lines', () => {
  fc.assert(
    fc.property(lines, items => {
      expect(checkOf(items)).toBe(documented(items))
    }),
    { numRuns: 500 },
  )
})

test('the hash goes on past 65 536 units of text as documented', () => {
  const items = Array.from({ length: 1000 }, (_, n) => ({ sku: `SKU-${n}`, name: 'x'.repeat(60), quantity: n + 1 }))
  expect(canonicalJson(items).length).toBeGreaterThan(65_536)
  expect(checkOf(items)).toBe(documented(items))
  expect(checkOf(items.map(item => (item.quantity === 1000 ? { ...item, quantity: 1 } : item)))).not.toBe(
    checkOf(items),
  )
})

test('the test values of the documentation hold', () => {
  const text = readFileSync(new URL('../../../docs/protocol.md', import.meta.url), 'utf8')
  const values = [...text.matchAll(/^\| `(\[.*\])`\s+\| `([\da-f]{16})`/gm)]
  expect(values.length).toBeGreaterThanOrEqual(3)
  for (const [, items, hash] of values) expect(checkOf(JSON.parse(items!))).toBe(hash)
})

test('the order of members and null members do not change the hash, the order of lines does', () => {
  const one = { sku: 'A', quantity: 1 }
  const other = { sku: 'B', quantity: 2 }
  expect(checkOf([{ quantity: 1, name: undefined, sku: 'A' }, other])).toBe(checkOf([one, other]))
  expect(checkOf([other, one])).not.toBe(checkOf([one, other]))
  expect(checkOf([one])).not.toBe(checkOf([one, one]))
})

test('every character of the lines counts, in both halves of the hash', () => {
  const of = (name: string) => checkOf([{ sku: 'A', quantity: 1, name }])
  for (const [one, other] of [
    ['a', 'b'],
    ['ab', 'ba'],
    ['茶', '八'],
    ['👕', '👖'],
    ['', ' '],
  ] as const) {
    expect(of(one).slice(0, 8)).not.toBe(of(other).slice(0, 8))
    expect(of(one).slice(8)).not.toBe(of(other).slice(8))
  }
})
