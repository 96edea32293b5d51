import { expect, onTestFinished, test, vi } from 'vitest'
import { createPersistence } from '../../../src/cart/persist.ts'
import type { Receipt } from '../../../src/cart/receipts.ts'

function withStorage(persist: (() => Promise<boolean>) | undefined): void {
  vi.stubGlobal('navigator', { storage: persist && { persist } })
  onTestFinished(() => void vi.unstubAllGlobals())
}

const receipt = (saved: Receipt['saved'] = Promise.resolve('indexeddb')): Receipt => ({
  id: 'w.1',
  saved,
  synced: Promise.resolve({ status: 'local' }),
})

/** Lets everything that is settled be heard. */
const settled = (): Promise<void> => new Promise(resolve => setTimeout(resolve))

test('the browser is asked once, when the first command is saved, and its answer told', async () => {
  const persist = vi.fn(async () => true)
  withStorage(persist)
  const answered = vi.fn()
  let save!: (rung: 'indexeddb') => void
  const saved = new Promise<'indexeddb'>(resolve => (save = resolve))
  const ask = createPersistence(true, answered)
  ask(receipt(saved))
  ask(receipt())
  await settled()
  expect(persist).not.toHaveBeenCalled()
  save('indexeddb')
  await settled()
  expect(persist).toHaveBeenCalledOnce()
  expect(answered.mock.calls).toEqual([[true]])
})

test('nobody is asked who does not want it', async () => {
  const persist = vi.fn(async () => true)
  withStorage(persist)
  createPersistence(undefined, () => {})(receipt())
  await settled()
  expect(persist).not.toHaveBeenCalled()
})

test('a browser that refuses is told, one that cannot be asked has not granted it, one that fails says nothing', async () => {
  const answers: unknown[] = []
  for (const persist of [async () => false, undefined, () => Promise.reject(new TypeError('no'))]) {
    withStorage(persist)
    createPersistence(true, isGranted => answers.push(isGranted))(receipt())
    await settled()
  }
  expect(answers).toEqual([false, false])
})
