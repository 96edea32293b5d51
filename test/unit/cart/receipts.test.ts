import { expect, test } from 'vitest'
import { createReceipts } from '../../../src/cart/receipts.ts'
import { SessionCartError } from '../../../src/errors.ts'

const saved = Promise.resolve('memory' as const)
const mutation = { writer: 'w', n: 1, name: 'clearItems', args: {}, at: '' }

test('an outcome is told to who asked before it was known, and to who asks afterwards', async () => {
  const receipts = createReceipts()
  const early = receipts.give(mutation, saved)
  const late = receipts.give({ ...mutation, n: 2 }, saved)
  const asked = early.synced
  expect(early.synced).toBe(asked)
  receipts.settle(mutation, { status: 'accepted' })
  receipts.settle(mutation, { status: 'local' })
  receipts.settle({ ...mutation, n: 2 }, { status: 'local' })
  expect(await asked).toEqual({ status: 'accepted' })
  expect(await late.synced).toEqual({ status: 'local' })
  expect(late.synced).toBe(late.synced)
  expect(receipts.waiting()).toEqual([])
})

test('receipts that are given up reject, asked before or afterwards, and raise nothing when nobody asks', async () => {
  const receipts = createReceipts()
  const error = new SessionCartError('disposed', 'gone')
  receipts.give(mutation, saved)
  receipts.abandon(error)
  const [early, late] = [receipts.give(mutation, saved), receipts.give({ ...mutation, n: 2 }, saved)]
  void early.synced
  receipts.abandon(error)
  // An unhandled rejection would fail the run.
  await new Promise(resolve => setImmediate(resolve))
  await expect(early.synced).rejects.toBe(error)
  await expect(late.synced).rejects.toBe(error)
  receipts.settle(mutation, { status: 'accepted' })
  await expect(early.synced).rejects.toBe(error)
})
