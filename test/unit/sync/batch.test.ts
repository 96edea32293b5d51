import { expect, test } from 'vitest'
import { emptyBase } from '../../../src/session/ledger.ts'
import type { Mutation } from '../../../src/session/mutations.ts'
import { bodyOf, takeBatch } from '../../../src/sync/batch.ts'

const named = (n: number, name: string): Mutation => ({
  writer: 'w',
  n,
  name: 'addItem',
  args: { item: { sku: 'A', name }, quantity: 1 },
  at: '2026-11-23T10:00:00Z',
})

const many = (name: string): Mutation[] => Array.from({ length: 100 }, (_, index) => named(index + 1, name))

test.each(['mug', 'Tasse für Tee', '茶碗', '👕👕👕'])('a request of lines named %s stays within its bytes', name => {
  const pending = many(name)
  const bytes = 10_000
  const batch = takeBatch(pending, { count: 1000, bytes })
  expect(batch.length).toBeGreaterThan(1)
  expect(batch).toEqual(pending.slice(0, batch.length))
  const size = batch.reduce((sum, mutation) => sum + new TextEncoder().encode(JSON.stringify(mutation)).length, 0)
  expect(size).toBeLessThanOrEqual(bytes)
})

test('a request holds no more mutations than it may, and the first one however large that is', () => {
  const pending = many('mug')
  expect(takeBatch(pending, { count: 7, bytes: 65_536 })).toEqual(pending.slice(0, 7))
  expect(takeBatch(pending, { count: 7, bytes: 1 })).toEqual([pending[0]])
  expect(takeBatch([], { count: 7, bytes: 65_536 })).toEqual([])
})

test('a request that wants the whole session says nothing of the lines that are here', () => {
  const [mutation] = many('mug')
  const base = { ...emptyBase('s'), version: 3 }
  const sent: unknown = JSON.parse(bodyOf(base, [mutation!], true))
  expect(sent).toEqual({ v: 1, epoch: base.epoch, base: 3, mutations: [mutation] })
  expect(JSON.parse(bodyOf(base, [mutation!], false))).toMatchObject({ check: expect.stringMatching(/^[\da-f]{16}$/) })
})
