import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { previewAdopt } from '../../../src/session/adopt.ts'
import { apply } from '../../../src/session/apply.ts'
import { defaultLimits } from '../../../src/session/limits.ts'
import { lineKey } from '../../../src/session/line-key.ts'
import { recount } from '../../../src/session/lines.ts'
import type { AdoptRule } from '../../../src/session/mutations.ts'
import { emptySession, type CartItem } from '../../../src/session/session.ts'
import { lines } from '../../support/arbitraries.ts'
import { mutation } from '../../support/commands.ts'

const limits = defaultLimits('EUR')
const RULES = ['sum', 'max', 'mine', 'theirs'] as const

const mine: readonly CartItem[] = [
  { sku: 'A', price: 1, quantity: 2, name: 'mine', catalogItemID: 7 },
  { sku: 'B', price: 1, quantity: 5 },
  { sku: 'C', quantity: 1 },
]
const theirs: readonly CartItem[] = [
  { sku: 'D', price: 4, quantity: 4, position: 0 },
  { sku: 'B', price: 2, quantity: 3 },
  { sku: 'A', price: 2, quantity: 9, weight: 3 },
]
const [A, B, C] = mine
const D = { sku: 'D', price: 4, quantity: 4 }

test.for([
  ['sum', { ...A, quantity: 11 }, { ...B, quantity: 8 }],
  ['max', { ...A, quantity: 9 }, B],
  ['mine', A, B],
  ['theirs', theirs[2], theirs[1]],
] as const)('%s decides of the lines that both have; the others stay or come along', ([rule, a, b]) => {
  expect(previewAdopt(mine, theirs, rule)).toEqual([a, b, C, D])
})

test('same sku with other attributes is another line, and a line key of the app holds', () => {
  const large = { sku: 'T', quantity: 1, attributes: { size: 'L' } }
  const medium = { sku: 'T', quantity: 2, attributes: { size: 'M' } }
  expect(previewAdopt([large], [medium], 'sum')).toEqual([large, medium])
  expect(previewAdopt([large], [medium], 'sum', ({ sku }) => sku)).toEqual([{ ...large, quantity: 3 }])
})

const units = (items: readonly CartItem[], key: string): number =>
  items.reduce((sum, item) => (lineKey(item) === key ? sum + item.quantity : sum), 0)

const WANTED: Record<AdoptRule, (mine: number, theirs: number) => number> = {
  sum: (own, other) => own + other,
  max: Math.max,
  mine: (own, other) => own || other,
  theirs: (own, other) => other || own,
}

test('no rule loses a line, sum and max lose no unit, and what is taken is detached and frozen', () => {
  fc.assert(
    fc.property(lines, lines, fc.constantFrom(...RULES), (own, other, rule) => {
      const given = JSON.stringify([own, other])
      const result = previewAdopt(own, other, rule)
      const keys = new Set([...own, ...other].map(lineKey))
      expect(new Set(result.map(lineKey))).toEqual(keys)
      for (const key of keys) expect(units(result, key)).toBe(WANTED[rule](units(own, key), units(other, key)))
      if (rule === 'sum') expect(recount(result).units).toBe(recount(own).units + recount(other).units)
      expect(result.slice(0, own.length).map(lineKey)).toEqual(own.map(lineKey))
      expect([result, ...result].every(Object.isFrozen)).toBe(true)
      expect(JSON.stringify([own, other])).toBe(given)
      // A line that stays as it was is the very same object.
      for (const item of own) if (rule === 'mine' || units(other, lineKey(item)) === 0) expect(result).toContain(item)
    }),
    { numRuns: 1000 },
  )
})

test('adopt has no effect where the other session is not known, and is refused when the session is closed', () => {
  const session = { ...emptySession('s'), created: '2026-11-23T09:00:00Z' }
  const adopt = mutation('adopt', { from: { integrationId: 'other', epoch: 'e' }, rule: 'sum' })
  const applied = apply(session, adopt, limits)
  expect(applied).toEqual({ session, outcome: { status: 'accepted' }, notices: [] })
  expect(applied.session).toBe(session)
  const closed = { ...session, state: 'closed' as const }
  expect(apply(closed, adopt, limits).outcome).toMatchObject({ code: 'session-closed' })
})
