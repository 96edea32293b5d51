import { expect, test } from 'vitest'
import { lineKey } from '../../../src/session/line-key.ts'
import { positionOf, withLine } from '../../../src/session/lines.ts'
import type { CartItem } from '../../../src/session/session.ts'

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
