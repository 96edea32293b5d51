import { expect, test } from 'vitest'
import type { Database } from '../../src/index.ts'
import { openLogDatabase } from '../../src/storage/formats.ts'
import { createFakeClock, settle } from '../support/clock.ts'
import { createBackend, createDevice, type Device } from '../support/device.ts'

/** A database whose reads are heard late: after what `until` gives has come. */
function readLate(device: Device, until: () => Promise<unknown> | undefined): Database {
  const database = openLogDatabase(device.scope, () => 'log')
  return {
    ...database,
    async relaxed(mode, callback) {
      const result = await database.relaxed(mode, callback)
      if (mode === 'readonly') await until()
      return result
    },
  }
}

test('a row that was heard of while an older state was being read is neither lost nor written again', async () => {
  const device = createDevice()
  const clock = createFakeClock()
  let release: (() => void) | undefined
  let held: Promise<void> | undefined
  let hint: ((message: unknown) => void) | undefined
  const one = device.load({ clock })
  await one.addItem({ sku: 'A', price: 1 }).saved
  const other = device.load({
    clock,
    storage: readLate(device, () => held),
    channel(name, hear) {
      hint = hear
      return device.tabs.open(name, hear)
    },
  })
  await other.ready
  await settle()

  held = new Promise(resolve => (release = resolve))
  hint!(undefined)
  await settle()
  await one.addItem({ sku: 'B', price: 1 }).saved
  await expect.poll(() => other.$items.get().map(({ sku }) => sku)).toEqual(['A', 'B'])
  held = undefined
  release!()
  await settle()
  await other.addItem({ sku: 'C', price: 1 }).saved
  const rows = (await device.entries()).filter(([key]) => typeof key === 'number')
  expect(rows.map(([, { mutations }]) => mutations.at(-1).args.item.sku)).toEqual(['A', 'B', 'C'])
})

test('a mutation that two tabs wrote counts once when its acknowledgement is folded', async () => {
  const device = createDevice()
  const backend = createBackend()
  const options = { endpoint: '/api/sessions', fetch: backend.fetch, clock: createFakeClock() }
  const cart = device.load(options)
  await cart.ready
  cart.addItem({ sku: 'A', price: 1 })
  await cart.flush()
  await cart.changeQuantity('A', 2).saved
  const [, row] = (await device.entries()).findLast(([key]) => typeof key === 'number')!
  await device.write(store => store.add(row))
  await cart.flush()
  await expect.poll(async () => JSON.stringify((await device.entries()).map(([key]) => key))).toContain('["ack"')

  const after = device.load({ ...options, fetch: () => Promise.reject(new TypeError('no network')) })
  await after.ready
  expect(after.$quantity.get()).toBe(3)
})

test.each(['memory', 'database'])(
  'a message that makes no sense is passed over, with the cart kept in %s',
  async kind => {
    const device = createDevice()
    let hear: ((message: unknown) => void) | undefined
    const cart = device.load({
      clock: createFakeClock(),
      ...(kind === 'memory' && { storage: 'memory' }),
      channel(_name, listener) {
        hear = listener
        return { post() {}, close() {} }
      },
    })
    await cart.ready
    cart.addItem({ sku: 'A', price: 1 })
    await settle()
    const { log } = (await device.entries()).find(([key]) => typeof key === 'number')?.[1] ?? {}
    const rows = [undefined, null, 7, 'row', {}, { log, session: '__proto__', mutations: 'none' }]
    for (const message of [7, 'text', [], {}, { key: 1 }, { key: 'a' }, { log: null, key: {} }]) hear!(message)
    for (const row of rows) for (const key of [2, -1, Number.NaN, '9']) hear!({ log, key, row })
    await settle()
    cart.addItem({ sku: 'B', price: 1 })
    expect(cart.$items.get().map(({ sku }) => sku)).toEqual(['A', 'B'])
  },
)
