import { expect, test } from 'vitest'
import { createSessionCart } from '../../src/index.ts'
import { openLogDatabase, type OlderFormat } from '../../src/storage/formats.ts'

/** A format that kept a list of skus, one entry a command. */
const invented: OlderFormat = {
  format: 0,
  store: 'skus',
  upgrade: ([, values]) => [
    values.map(() => undefined),
    (values as string[]).map((sku, index) => ({
      session: 'old',
      mutations: [
        {
          writer: 'old',
          n: index + 1,
          name: 'addItem',
          args: { item: { sku }, quantity: 1 },
          at: '2026-11-23T10:00:00.000Z',
        },
      ],
    })),
  ],
}

function fillOld(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name)
    request.onupgradeneeded = () => {
      const store = request.result.createObjectStore('skus', { autoIncrement: true })
      store.add('MUG')
      store.add('TEA')
    }
    request.onerror = () => reject(request.error!)
    request.onsuccess = () => {
      request.result.close()
      resolve()
    }
  })
}

test('what an earlier format kept is taken over once, and its database goes', async () => {
  const scope = `formats ${Math.random()}`
  const old = `session-cart:${scope}:0`
  await fillOld(old)
  for (const adds of [1, 2]) {
    const storage = openLogDatabase(scope, () => `log${Math.random()}`.replace('.', ''), [invented])
    const cart = createSessionCart({ currency: 'EUR', scope, storage })
    await cart.ready
    expect(cart.$items.get().map(({ sku, quantity }) => [sku, quantity])).toEqual([
      ['MUG', adds],
      ['TEA', 1],
    ])
    expect(await cart.addItem({ sku: 'MUG' }).saved).toBe('indexeddb')
    cart.dispose()
  }
  await expect.poll(async () => (await indexedDB.databases()).some(({ name }) => name === old)).toBe(false)
})
