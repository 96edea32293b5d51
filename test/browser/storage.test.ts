import { expect, test } from 'vitest'
import { openLogDatabase } from '../../src/storage/formats.ts'
import { createFakeClock } from '../support/clock.ts'
import { createBackend, createDevice, type Device } from '../support/device.ts'

const MUG = { sku: 'MUG-01', name: 'Mug', price: 12.5 }

function rowsOf(entries: [IDBValidKey, any][]): [number, any][] {
  return entries.filter(([key]) => typeof key === 'number') as [number, any][]
}

function keysOf(entries: [IDBValidKey, any][], kind: string): IDBValidKey[] {
  return entries.map(([key]) => key).filter(key => Array.isArray(key) && key[0] === kind)
}

/** A device on which a page saved two mugs and was left, and the row it wrote. */
async function deviceWithRow(): Promise<{ device: Device; row: any; session: string }> {
  const device = createDevice()
  const cart = device.load()
  await cart.ready
  await cart.addItem(MUG, 2).saved
  cart.dispose()
  const [, row] = rowsOf(await device.entries())[0]!
  return { device, row, session: row.session }
}

test('what is saved is there after a reload, in order', async () => {
  const device = createDevice()
  const first = device.load()
  await first.ready
  first.addItem(MUG, 2)
  first.addItem({ sku: 'TEA', price: 3.1 })
  expect(await first.changeQuantity('MUG-01', 1).saved).toBe('indexeddb')
  first.dispose()

  const second = device.load()
  expect(second.$items.get()).toEqual([])
  await second.ready
  expect(second.$items.get().map(({ sku, quantity }) => [sku, quantity])).toEqual([
    ['MUG-01', 3],
    ['TEA', 1],
  ])
  expect(second.$totals.get().total).toBe(40.6)
})

test('all commands of a tick are one row in one transaction', async () => {
  const device = createDevice()
  // On a clock that stands still no checkpoint comes in between.
  const cart = device.load({ clock: createFakeClock() })
  await cart.ready
  await cart.addItem(MUG).saved
  device.transactions('readwrite')
  const receipts = Array.from({ length: 500 }, () => cart.changeQuantity('MUG-01', 1))
  await Promise.all(receipts.map(({ saved }) => saved))
  expect(device.transactions('readwrite')).toBe(1)
  expect(rowsOf(await device.entries()).at(-1)?.[1].mutations).toHaveLength(500)
})

test('a row carries its log, its session and the mutations with their numbers', async () => {
  const device = createDevice()
  const cart = device.load({ clock: createFakeClock() })
  await cart.ready
  const { id, saved } = cart.addItem(MUG)
  await saved
  const entries = await device.entries()
  const [key, row] = rowsOf(entries)[0]!
  const log = entries.find(([name]) => Array.isArray(name) && name[0] === 'log')![1]
  expect(key).toBe(1)
  expect(row.log).toBe(log.id)
  expect(row.session).toBe(cart.$session.get().integrationId)
  expect(row.mutations.map(({ n, name }: { n: number; name: string }) => [n, name])).toEqual([
    [1, 'start'],
    [2, 'addItem'],
  ])
  expect(`${row.mutations[1].writer}.2`).toBe(id)
  expect(keysOf(entries, 'active')).toEqual([['active', 1]])
})

test('commands given before the store is read are shown at once and kept', async () => {
  const device = createDevice()
  const before = device.load()
  await before.addItem(MUG, 2).saved
  before.dispose()

  const cart = device.load()
  const receipt = cart.addItem(MUG, 3)
  expect(cart.$status.get().phase).toBe('loading')
  expect(cart.$quantity.get()).toBe(3)
  await cart.ready
  expect(cart.$quantity.get()).toBe(5)
  expect(await receipt.saved).toBe('indexeddb')
  cart.dispose()

  const after = device.load()
  await after.ready
  expect(after.$quantity.get()).toBe(5)
})

test('a command that does not fit what was stored shows no effect and is reported', async () => {
  const device = createDevice()
  const before = device.load()
  await before.addItem(MUG).saved
  before.dispose()

  const cart = device.load()
  const receipt = cart.changeQuantity('GONE', 1)
  await cart.ready
  await cart.flush()
  expect(await receipt.synced).toMatchObject({ status: 'rejected', code: 'line-not-found' })
  expect(cart.$quantity.get()).toBe(1)
  expect(cart.$notices.get()).toMatchObject([{ code: 'line-not-found', line: 'GONE' }])
})

test('without an endpoint the checkpoint folds the log into the base and settles the receipts', async () => {
  const device = createDevice()
  const cart = device.load()
  await cart.ready
  const receipt = cart.addItem(MUG, 2)
  expect((await cart.flush()).version).toBe(0)
  expect(await receipt.synced).toEqual({ status: 'local' })
  await expect.poll(async () => rowsOf(await device.entries())).toEqual([])
  const entries = await device.entries()
  const id = cart.$session.get().integrationId
  expect(keysOf(entries, 'base')).toEqual([['base', id, 'local', 1]])
  expect(typeof entries.find(([key]) => Array.isArray(key) && key[0] === 'base')![1].session).toBe('string')
  cart.dispose()

  const after = device.load()
  await after.ready
  expect(after.$session.get()).toEqual(cart.$session.get())
})

test('a small answer writes an acknowledgement and deletes nothing; the base that folds it deletes the rows', async () => {
  const device = createDevice()
  const backend = createBackend()
  const cart = device.load({ endpoint: '/api/sessions', fetch: backend.fetch })
  await cart.ready
  cart.addItem(MUG)
  await cart.flush()
  const id = cart.$session.get().integrationId
  for (let version = 2; version <= 18; version++) {
    cart.changeQuantity('MUG-01', 1)
    await cart.flush()
    const entries = await device.entries()
    if (version === 4) {
      expect(keysOf(entries, 'ack').length).toBeGreaterThan(1)
      expect(rowsOf(entries).length).toBeGreaterThan(1)
    }
  }
  await expect.poll(async () => keysOf(await device.entries(), 'base').length).toBe(1)
  cart.dispose()

  const after = device.load({ endpoint: '/api/sessions', fetch: backend.fetch })
  await after.ready
  expect(after.$session.get()).toEqual(cart.$session.get())
  expect(after.$session.get().integrationId).toBe(id)
  expect(after.$status.get().pending).toBe(0)
  expect(rowsOf(await device.entries()).length).toBeLessThan(18)
})

test('rows of garbage are set aside, reported, and the cart goes on', async () => {
  const { device, row, session } = await deviceWithRow()
  const { log } = row
  const garbage: unknown[] = [
    { log, session, mutations: 'none' },
    { log, session, mutations: [{ writer: 'w', n: 0, name: 'addItem', args: {}, at: '' }] },
    {
      log,
      session,
      mutations: [{ writer: 'w', n: 1, name: 'addItem', args: { item: { sku: 7 }, quantity: 1 }, at: '' }],
    },
    { log, session: 5, mutations: [] },
    { log, session, mutations: [null] },
  ]
  await device.write(store => {
    for (const value of [...garbage, 'text', 7, null, { log: 'another' }]) store.add(value)
    store.put({ log, session: '{"broken', acked: {} }, ['base', session, 'local', 9])
    store.put({ log, acked: 'x' }, ['ack', session, 'local', 10])
    store.put({ log, session, notice: { id: 5 } }, ['notice', 'odd'])
    store.put({ log, integrationId: 9 }, ['active', 99])
    store.put('text', ['unheard', 'of'])
  })

  const cart = device.load()
  await cart.ready
  expect(cart.$quantity.get()).toBe(2)
  expect(cart.$notices.get()).toMatchObject([{ code: 'set-aside' }])
  await cart.addItem(MUG).saved
  expect(cart.$quantity.get()).toBe(3)
  // The checkpoint sweeps what is obsolete, and garbage is not.
  await cart.flush()
  const values = (await device.entries()).map(([, value]) => value)
  for (const value of [...garbage, 'text', 7]) expect(values).toContainEqual(value)
})

test('a mutation of a newer release is kept, sent as it is and has no effect here', async () => {
  const device = createDevice()
  const before = device.load({ endpoint: '/api/sessions', fetch: () => new Promise<Response>(() => {}) })
  await before.ready
  await before.addItem(MUG).saved
  const row = rowsOf(await device.entries())[0]![1]
  before.dispose()
  const future = { writer: 'future', n: 1, name: 'wrapItem', args: { paper: 'red' }, at: '2026-11-23T10:00:00Z' }
  await device.write(store => store.add({ ...row, mutations: [future] }))

  const bodies: any[] = []
  const cart = device.load({
    endpoint: '/api/sessions',
    fetch: async (_url, init) => {
      bodies.push(JSON.parse(String(init?.body)))
      throw new TypeError('no network')
    },
  })
  await cart.ready
  expect(cart.$quantity.get()).toBe(1)
  await expect(cart.flush()).rejects.toMatchObject({ code: 'not-synced' })
  expect(bodies[0].mutations.at(-1)).toEqual(future)
  cart.dispose()
})

test('a mutation written twice counts once', async () => {
  const { device, row } = await deviceWithRow()
  await device.write(store => store.add(row))
  const cart = device.load()
  await cart.ready
  expect(cart.$quantity.get()).toBe(2)
})

test('a row whose session nobody named belongs to the active one', async () => {
  const { device, row } = await deviceWithRow()
  const stray = { writer: 'other', n: 1, name: 'addItem', args: { item: MUG, quantity: 1 }, at: '2026-11-23T10:00:00Z' }
  await device.write(store => store.add({ ...row, session: 'nobody', mutations: [stray] }))
  const cart = device.load()
  await cart.ready
  expect(cart.$quantity.get()).toBe(3)
})

test('entries of another log are never shown', async () => {
  const { device, row } = await deviceWithRow()
  await device.write(store => store.add({ ...row, log: 'another', mutations: [{ ...row.mutations[1], n: 3 }] }))
  const cart = device.load()
  await cart.ready
  expect(cart.$quantity.get()).toBe(2)
})

test('what was forgotten is gone from the store, and receipts that wait say so', async () => {
  const device = createDevice()
  const cart = device.load({ endpoint: '/api/sessions', fetch: () => new Promise<Response>(() => {}) })
  await cart.ready
  const receipt = cart.addItem(MUG, 2)
  await receipt.saved
  const oldLog = rowsOf(await device.entries())[0]![1].log
  const oldSession = cart.$session.get().integrationId
  await cart.forget()
  await expect(receipt.synced).rejects.toMatchObject({ code: 'forgotten' })
  expect(cart.$items.get()).toEqual([])
  expect(cart.$session.get().integrationId).not.toBe(oldSession)
  const entries = await device.entries()
  expect(rowsOf(entries)).toEqual([])
  const log = entries.find(([key]) => Array.isArray(key) && key[0] === 'log')![1]
  expect(log.id).not.toBe(oldLog)
  expect(log.forgets).toContain(oldLog)
  expect(JSON.stringify(entries)).not.toContain('MUG')

  await cart.addItem(MUG).saved
  cart.dispose()
  const after = device.load()
  await after.ready
  expect(after.$quantity.get()).toBe(1)
})

test('two scopes on one origin never see each other', async () => {
  const [one, other] = [createDevice(), createDevice()]
  const cart = one.load()
  await cart.addItem(MUG).saved
  const stranger = other.load()
  await stranger.ready
  expect(stranger.$items.get()).toEqual([])
})

test('storage that fails never makes a command throw, and the status says memory', async () => {
  const failing = () => Promise.reject(new DOMException('full', 'QuotaExceededError'))
  const cart = createDevice().load({ storage: { relaxed: failing, strict: failing } })
  const early = cart.addItem(MUG)
  await cart.ready
  expect(await early.saved).toBe('memory')
  expect(await cart.addItem(MUG).saved).toBe('memory')
  expect(cart.$quantity.get()).toBe(2)
  expect(cart.$status.get()).toMatchObject({ storage: 'memory', error: { code: 'storage-failed' } })
  await expect(cart.forget()).rejects.toMatchObject({ code: 'storage-failed' })
  expect(cart.$items.get()).toEqual([])
})

test('what could not be saved is saved with the next row that can', async () => {
  const device = createDevice()
  let isBroken = false
  const database = openLogDatabase(device.scope, () => 'log')
  const cart = device.load({
    storage: {
      strict: database.strict,
      relaxed: (mode, callback) =>
        isBroken ? Promise.reject(new DOMException('', 'UnknownError')) : database.relaxed(mode, callback),
    },
  })
  await cart.ready
  await cart.addItem(MUG).saved
  isBroken = true
  expect(await cart.addItem(MUG).saved).toBe('memory')
  isBroken = false
  expect(await cart.addItem(MUG).saved).toBe('indexeddb')
  expect(cart.$status.get()).toMatchObject({ storage: 'indexeddb', error: undefined })
  cart.dispose()
  const after = device.load()
  await after.ready
  expect(after.$quantity.get()).toBe(3)
})

test('a store whose connection was closed underneath is opened again', async () => {
  const device = createDevice()
  const cart = device.load()
  await cart.ready
  await cart.addItem(MUG).saved
  // Deleting asks every open connection to close.
  await new Promise(resolve => {
    const request = indexedDB.deleteDatabase(`session-cart:${device.scope}:1`)
    request.onsuccess = resolve
    request.onblocked = resolve
  })
  expect(await cart.addItem(MUG).saved).toBe('indexeddb')
})

test('a dismissed notice stays hidden after a reload, even when the server says it again', async () => {
  const device = createDevice()
  const backend = createBackend({
    upstream: async ({ coupon }) => (coupon ? { rejected: [{ kind: 'coupon', reason: 'CouponExpired' }] } : {}),
  })
  const options = { endpoint: '/api/sessions', fetch: backend.fetch }
  const cart = device.load(options)
  await cart.ready
  cart.addItem(MUG)
  const receipt = cart.applyCoupon('EXPIRED')
  await cart.flush()
  expect(await receipt.synced).toMatchObject({ status: 'rejected', code: 'coupon-rejected', reason: 'CouponExpired' })
  const [notice] = cart.$notices.get()
  expect(notice).toMatchObject({ code: 'coupon-rejected', reason: 'CouponExpired' })
  cart.dispose()

  const second = device.load(options)
  await second.ready
  expect(second.$notices.get()).toEqual([notice])
  second.dismiss(notice!.id)
  expect(second.$notices.get()).toEqual([])
  await second.addItem(MUG).saved
  second.dispose()

  const third = device.load(options)
  await third.ready
  await third.refresh()
  expect(third.$notices.get()).toEqual([])
})

test('a stored session of another known shopper is left for a fresh one and still syncs', async () => {
  const device = createDevice()
  const backend = createBackend({ authorize: () => ({ profileId: 'anna' }) })
  let isDown = true
  backend.fault = (_request, answer) => (isDown ? Promise.reject(new TypeError('no network')) : answer())
  const options = { endpoint: '/api/sessions', fetch: backend.fetch }
  const anna = device.load({ ...options, profileId: 'anna' })
  await anna.ready
  anna.addItem(MUG)
  await expect(anna.flush()).rejects.toMatchObject({ code: 'not-synced' })
  const left = anna.$session.get().integrationId
  anna.dispose()

  isDown = false
  const bert = device.load({ ...options, profileId: 'bert' })
  await bert.ready
  expect(bert.$session.get()).toMatchObject({ profileId: 'bert', cartItems: [] })
  expect(bert.$session.get().integrationId).not.toBe(left)
  await expect.poll(() => backend.handler.sessions.get(left)).toMatchObject({ session: { total: 12.5 } })
  bert.dispose()
})

test('a coupon that was refused stays out after a reload without a network, as does a mutation that was told', async () => {
  const device = createDevice()
  const backend = createBackend({
    upstream: async ({ coupon }) => (coupon ? { rejected: [{ kind: 'coupon', reason: 'CouponExpired' }] } : {}),
  })
  const options = { endpoint: '/api/sessions', fetch: backend.fetch }
  for (const first of [true, false]) {
    const cart = device.load(options)
    await cart.ready
    if (!first) {
      cart.addItem(MUG)
      await cart.flush()
    }
    cart.applyCoupon('OLD')
    await cart.flush()
    expect(cart.$session.get().coupon).toBe('')
    await expect.poll(async () => JSON.stringify(await device.entries())).toContain('coupon-rejected')
    cart.dispose()

    const offline = device.load({ ...options, fetch: () => Promise.reject(new TypeError('no network')) })
    await offline.ready
    expect(offline.$session.get()).toEqual(cart.$session.get())
    expect(offline.$status.get().pending).toBe(0)
    offline.dispose()
  }
})

test('a base that a reading mends brings the notices of the write that failed', async () => {
  const device = createDevice()
  const backend = createBackend({
    upstream: async ({ coupon }) => (coupon ? { rejected: [{ kind: 'coupon', reason: 'CouponExpired' }] } : {}),
  })
  const database = openLogDatabase(device.scope, () => 'log')
  const readings: (() => void)[] = []
  let isHeld = false
  let isFailing = false
  const sender = device.load({
    endpoint: '/api/sessions',
    fetch: backend.fetch,
    storage: {
      strict: database.strict,
      async relaxed(mode, callback) {
        if (mode === 'readwrite' && isFailing) {
          isFailing = false
          throw new DOMException('', 'UnknownError')
        }
        const result = await database.relaxed(mode, callback)
        if (mode === 'readonly' && isHeld) await new Promise<void>(resolve => readings.push(resolve))
        return result
      },
    },
  })
  await sender.ready
  await sender.addItem(MUG).saved
  await sender.flush()
  const giver = device.load({ endpoint: '/api/sessions', fetch: () => Promise.reject(new TypeError('no network')) })
  await giver.ready
  const receipt = giver.applyCoupon('OLD')
  await receipt.saved
  await expect.poll(() => sender.$session.get().coupon).toBe('OLD')

  // A reading is under way when the answer comes, whose write fails.
  isHeld = true
  const refreshed = sender.refresh()
  await expect.poll(() => readings.length).toBe(1)
  isFailing = true
  await sender.flush()
  await expect.poll(() => isFailing).toBe(false)
  readings[0]!()
  expect(await receipt.synced).toMatchObject({ status: 'rejected', reason: 'CouponExpired' })
  isHeld = false
  readings.forEach(release => release())
  await refreshed
  sender.dispose()
  giver.dispose()
})

test('a base brings the notices of the one before, whose write may yet fail', async () => {
  const device = createDevice()
  const backend = createBackend({
    upstream: async ({ coupon }) => (coupon ? { rejected: [{ kind: 'coupon', reason: 'CouponExpired' }] } : {}),
    // What the browser cannot work out comes as a whole answer.
    priceItem: ({ sku }) => ({ price: sku === 'TEA' ? 2 : MUG.price }),
  })
  const database = openLogDatabase(device.scope, () => 'log')
  let fail: (() => void) | undefined
  let isSlow = false
  const sender = device.load({
    endpoint: '/api/sessions',
    fetch: backend.fetch,
    storage: {
      strict: database.strict,
      relaxed(mode, callback) {
        if (mode === 'readonly' || !isSlow) return database.relaxed(mode, callback)
        isSlow = false
        return new Promise((_, reject) => (fail = () => reject(new DOMException('', 'UnknownError'))))
      },
    },
  })
  await sender.ready
  await sender.addItem(MUG).saved
  await sender.flush()
  const giver = device.load({ endpoint: '/api/sessions', fetch: () => Promise.reject(new TypeError('no network')) })
  await giver.ready
  const receipt = giver.applyCoupon('OLD')
  await receipt.saved
  await expect.poll(() => sender.$session.get().coupon).toBe('OLD')
  isSlow = true
  await sender.flush()
  await expect.poll(() => fail).toBeDefined()
  sender.addItem({ sku: 'TEA', price: 1 })
  await sender.flush()
  expect(await receipt.synced).toMatchObject({ status: 'rejected', reason: 'CouponExpired' })
  fail!()
  sender.dispose()
  giver.dispose()
})

test('a base that could not be written leaves the rows and the older base; the next one clears up', async () => {
  const device = createDevice()
  const backend = createBackend()
  const database = openLogDatabase(device.scope, () => 'log')
  let refuses = ''
  const cart = device.load({
    endpoint: '/api/sessions',
    fetch: backend.fetch,
    storage: {
      strict: database.strict,
      relaxed: (mode, callback) =>
        database.relaxed(mode, store =>
          callback(
            new Proxy(store, {
              get(target, name) {
                if (name === refuses) throw new DOMException('full', 'QuotaExceededError')
                const member = Reflect.get(target, name) as unknown
                return typeof member === 'function' ? (member as () => unknown).bind(target) : member
              },
            }),
          ),
        ),
    },
  })
  await cart.ready
  await cart.addItem(MUG).saved
  refuses = 'put'
  await cart.flush()
  await expect.poll(() => cart.$status.get().storage).toBe('memory')
  const entries = await device.entries()
  expect(rowsOf(entries)).toHaveLength(1)
  expect(keysOf(entries, 'base')).toEqual([])
  refuses = ''
  await cart.changeQuantity('MUG-01', 1).saved
  await cart.flush()
  // The way up wrote the base, so the answer after it is an acknowledgement of one row.
  await expect.poll(async () => keysOf(await device.entries(), 'ack').length).toBe(1)
  expect(keysOf(await device.entries(), 'base')).toHaveLength(1)
  expect(rowsOf(await device.entries())).toHaveLength(1)
  expect(cart.$status.get().storage).toBe('indexeddb')
  cart.dispose()

  const after = device.load()
  await after.ready
  expect(after.$session.get()).toEqual(cart.$session.get())
})

test('the first answer adds the epoch to what names the session, and a base of another epoch is not believed', async () => {
  const device = createDevice()
  const backend = createBackend()
  const options = { endpoint: '/api/sessions', fetch: backend.fetch }
  const cart = device.load(options)
  await cart.ready
  cart.addItem(MUG)
  await cart.flush()
  await expect
    .poll(async () => keysOf(await device.entries(), 'active'))
    .toEqual([
      ['active', 1],
      ['active', 1.5],
    ])
  const entries = await device.entries()
  const id = cart.$session.get().integrationId
  const [, named] = entries.find(([key]) => Array.isArray(key) && key[0] === 'active' && key[1] === 1.5)!
  const [key, base] = entries.find(([one]) => Array.isArray(one) && one[0] === 'base')! as [IDBValidKey[], any]
  expect(named).toMatchObject({ integrationId: id, epoch: key[2] })
  cart.dispose()
  await device.write(store => {
    const session = { ...JSON.parse(base.session), cartItems: [{ sku: 'FOREIGN', quantity: 1 }] }
    store.put({ ...base, session: JSON.stringify(session) }, ['base', id, 'z_other', 99])
  })
  const after = device.load(options)
  await after.ready
  expect(after.$items.get()).toEqual([{ ...MUG, quantity: 1 }])
  after.dispose()
})

test('an acknowledgement whose row is missing is healed by the next answer', async () => {
  const device = createDevice()
  const backend = createBackend()
  const options = { endpoint: '/api/sessions', fetch: backend.fetch }
  const cart = device.load(options)
  await cart.ready
  await cart.addItem(MUG).saved
  await cart.flush()
  await expect.poll(async () => keysOf(await device.entries(), 'base').length).toBe(1)
  await cart.changeQuantity('MUG-01', 4).saved
  await cart.flush()
  await expect.poll(async () => keysOf(await device.entries(), 'ack').length).toBe(1)
  const lost = rowsOf(await device.entries()).at(-1)![0]
  cart.dispose()
  await device.write(store => store.delete(lost))

  const offline = device.load({ ...options, fetch: () => Promise.reject(new TypeError('no network')) })
  await offline.ready
  expect(offline.$quantity.get()).toBe(1)
  offline.dispose()
  const after = device.load(options)
  await after.ready
  after.changeQuantity('MUG-01', 1)
  await after.flush()
  expect(after.$quantity.get()).toBe(6)
  after.dispose()
})

test('an acknowledgement is not believed when the one before it is missing', async () => {
  const device = createDevice()
  const backend = createBackend()
  const options = { endpoint: '/api/sessions', fetch: backend.fetch }
  const cart = device.load(options)
  await cart.ready
  await cart.addItem(MUG).saved
  for (const acks of [0, 1, 2]) {
    await cart.flush()
    await expect.poll(async () => keysOf(await device.entries(), 'ack').length).toBe(acks)
    if (acks < 2) await cart.changeQuantity('MUG-01', 1).saved
  }
  cart.dispose()
  const [earlier] = keysOf(await device.entries(), 'ack')
  await device.write(store => store.delete(earlier!))

  const offline = device.load({ ...options, fetch: () => Promise.reject(new TypeError('no network')) })
  await offline.ready
  expect(offline.$quantity.get()).toBe(3)
  expect(offline.$status.get().pending).toBe(2)
  offline.dispose()
  const after = device.load(options)
  await after.ready
  await after.flush()
  expect(after.$session.get()).toMatchObject({ cartItems: [{ quantity: 3 }] })
  expect(after.$status.get().pending).toBe(0)
  after.dispose()
})

test('a session that could not be named at once is named with its first row', async () => {
  const device = createDevice()
  const backend = createBackend()
  const database = openLogDatabase(device.scope, () => 'log')
  let isBroken = false
  const storage = {
    strict: database.strict,
    relaxed: ((mode, callback) => {
      if (!isBroken || mode === 'readonly') return database.relaxed(mode, callback)
      isBroken = false
      return Promise.reject(new DOMException('full', 'QuotaExceededError'))
    }) as typeof database.relaxed,
  }
  const cart = device.load({ endpoint: '/api/sessions', fetch: backend.fetch, storage })
  await cart.ready
  cart.addItem({ sku: 'OLD', price: 1 })
  await cart.flush()
  isBroken = true
  cart.startSession()
  await cart.addItem({ sku: 'NEW', price: 1 }).saved
  expect(await cart.addItem({ sku: 'NEW', price: 1 }).saved).toBe('indexeddb')
  cart.dispose()
  const after = device.load({ endpoint: '/api/sessions', fetch: backend.fetch })
  await after.ready
  expect(after.$items.get()).toMatchObject([{ sku: 'NEW', quantity: 2 }])
  after.dispose()
})

test('a command given right before the cart is disposed is kept, loaded or not', async () => {
  const device = createDevice()
  const early = device.load()
  const receipt = early.addItem(MUG)
  early.dispose()
  expect(await receipt.saved).toBe('indexeddb')
  const cart = device.load()
  await cart.ready
  cart.addItem(MUG)
  cart.dispose()
  const after = device.load()
  await after.ready
  expect(after.$quantity.get()).toBe(2)
})

test('a cart that was disposed before it was loaded sends nothing', async () => {
  const clock = createFakeClock()
  const backend = createBackend()
  const cart = createDevice().load({ endpoint: '/api/sessions', fetch: backend.fetch, clock })
  const receipt = cart.addItem(MUG)
  cart.dispose()
  await cart.ready
  expect(await receipt.saved).toBe('indexeddb')
  await clock.advance(60_000)
  expect(backend.requests).toEqual([])
  expect(clock.waiting()).toBe(0)
})

test('a command and forgetting in one tick leave nothing behind and nothing hanging, in either order', async () => {
  const device = createDevice()
  const cart = device.load()
  await cart.ready
  const before = cart.addItem({ sku: 'SECRET', price: 1 })
  const flushed = cart.flush().catch((error: unknown) => error)
  await cart.forget()
  expect(['memory', 'indexeddb']).toContain(await before.saved)
  await expect(before.synced).rejects.toMatchObject({ code: 'forgotten' })
  await flushed
  expect(JSON.stringify(await device.entries())).not.toContain('SECRET')
  const forgotten = cart.forget()
  const after = cart.addItem(MUG)
  await forgotten
  expect(['memory', 'indexeddb']).toContain(await after.saved)
})

test('forgetting that fails is told to who asked for it', async () => {
  const device = createDevice()
  const { relaxed } = openLogDatabase(device.scope, () => 'log')
  const cart = device.load({ storage: { relaxed, strict: () => Promise.reject(new DOMException('', 'UnknownError')) } })
  await cart.addItem(MUG).saved
  await expect(cart.forget()).rejects.toMatchObject({ code: 'storage-failed' })
})

test('sessions started one after another before the store is read keep their own lines', async () => {
  const device = createDevice()
  const backend = createBackend()
  const options = { endpoint: '/api/sessions', fetch: backend.fetch }
  const cart = device.load(options)
  cart.startSession()
  const middle = cart.addItem({ sku: 'A', price: 1 })
  cart.startSession()
  cart.addItem({ sku: 'B', price: 1 })
  await cart.ready
  expect(cart.$items.get()).toMatchObject([{ sku: 'B' }])
  expect(await middle.synced).toEqual({ status: 'accepted' })
  await cart.flush()
  cart.dispose()
  const after = device.load(options)
  await after.ready
  expect(after.$items.get()).toMatchObject([{ sku: 'B' }])
  after.dispose()
})

test('what was told as rejected stays rejected after a reload, as does a session that is gone', async () => {
  for (const type of ['malformed', 'session-gone']) {
    const device = createDevice()
    const backend = createBackend()
    const options = { endpoint: '/api/sessions', fetch: backend.fetch }
    const cart = device.load(options)
    await cart.ready
    cart.addItem(MUG)
    await cart.flush()
    const refusal = { type: `urn:session-cart:problem:${type}` }
    backend.fault = ({ body }) =>
      body?.mutations.some(({ name }: any) => name === 'changeQuantity')
        ? Promise.resolve(Response.json(refusal, { status: 400 }))
        : Promise.reject(new TypeError('no network'))
    const receipt = cart.changeQuantity('MUG-01', 5)
    expect(await receipt.saved).toBe('indexeddb')
    await cart.flush().catch(() => {})
    expect(await receipt.synced).toMatchObject({ status: 'rejected', code: type })
    const shown = cart.$quantity.get()
    await expect.poll(async () => JSON.stringify(await device.entries())).toContain(`.${type}`)
    cart.dispose()
    backend.fault = null
    const after = device.load(options)
    await after.ready
    expect(after.$quantity.get()).toBe(shown)
    expect(after.$notices.get()).toMatchObject([{ code: type }])
    after.dispose()
  }
})

test('a log whose name is lost is named anew, and nothing of it is', async () => {
  const { device } = await deviceWithRow()
  await device.write(store => store.delete(['log']))
  const second = device.load()
  await second.ready
  expect(second.$quantity.get()).toBe(2)
  expect(await second.addItem(MUG).saved).toBe('indexeddb')
  second.dispose()
  await device.write(store => store.clear())
  const third = device.load()
  await third.ready
  expect(third.$items.get()).toEqual([])
  expect(await third.addItem(MUG).saved).toBe('indexeddb')
  third.dispose()
  const fourth = device.load()
  await fourth.ready
  expect(fourth.$quantity.get()).toBe(1)
})

test('a local session that was left is not written back after forgetting', async () => {
  const device = createDevice()
  const cart = device.load()
  await cart.ready
  cart.addItem({ sku: 'SECRET', price: 1 })
  cart.startSession()
  await cart.forget()
  await cart.flush()
  expect(JSON.stringify(await device.entries())).not.toContain('SECRET')
})

test('an acknowledgement never counts on a mutation that is not on the disk', async () => {
  const device = createDevice()
  const backend = createBackend()
  const database = openLogDatabase(device.scope, () => 'log')
  let isBroken = false
  const cart = device.load({
    endpoint: '/api/sessions',
    fetch: backend.fetch,
    storage: {
      strict: database.strict,
      relaxed: (mode, callback) =>
        isBroken ? Promise.reject(new DOMException('', 'UnknownError')) : database.relaxed(mode, callback),
    },
  })
  await cart.ready
  await cart.addItem(MUG).saved
  await cart.flush()
  await expect.poll(async () => keysOf(await device.entries(), 'base').length).toBe(1)
  isBroken = true
  expect(await cart.changeQuantity('MUG-01', 4).saved).toBe('memory')
  isBroken = false
  await cart.flush()
  await expect.poll(async () => (await device.entries()).some(([key]) => Array.isArray(key) && key[3] === 2)).toBe(true)
  await expect.poll(() => cart.$status.get()).toMatchObject({ storage: 'indexeddb', error: undefined })
  cart.dispose()
  const offline = device.load({ endpoint: '/api/sessions', fetch: () => Promise.reject(new TypeError('no network')) })
  await offline.ready
  expect(offline.$quantity.get()).toBe(5)
  offline.dispose()
})

test('a checkpoint under way when the cart is forgotten writes nothing, however far it has come', async () => {
  for (let turns = 0; turns < 10; turns++) {
    const device = createDevice()
    const cart = device.load()
    await cart.ready
    cart.addItem({ sku: 'SECRET', price: 1 })
    for (let turn = 0; turn < turns; turn++) await Promise.resolve()
    const flushed = cart.flush().catch(() => {})
    await cart.forget()
    await flushed
    expect([turns, JSON.stringify(await device.entries()).includes('SECRET')]).toEqual([turns, false])
  }
})

test('a row that fails after the cart was forgotten does not come back with the next one', async () => {
  const device = createDevice()
  const database = openLogDatabase(device.scope, () => 'log')
  let fail: (() => void) | undefined
  let isBroken = false
  const relaxed: typeof database.relaxed = (mode, callback) => {
    if (!isBroken) return database.relaxed(mode, callback)
    isBroken = false
    return new Promise((_resolve, reject) => {
      fail = () => reject(new DOMException('', 'UnknownError'))
    })
  }
  const cart = device.load({ storage: { relaxed, strict: database.strict } })
  await cart.ready
  await cart.addItem(MUG).saved
  isBroken = true
  const { saved } = cart.addItem({ sku: 'SECRET', price: 1 })
  await expect.poll(() => fail).toBeDefined()
  await cart.forget()
  fail!()
  expect(await saved).toBe('memory')
  await cart.addItem(MUG).saved
  expect(JSON.stringify(await device.entries())).not.toContain('SECRET')
})

test('another write that went well does not make a row safe that is in memory alone', async () => {
  const device = createDevice()
  const database = openLogDatabase(device.scope, () => 'log')
  let isBroken = false
  const relaxed: typeof database.relaxed = (mode, callback) => {
    if (!isBroken) return database.relaxed(mode, callback)
    isBroken = false
    return Promise.reject(new DOMException('', 'UnknownError'))
  }
  const cart = device.load({ storage: { relaxed, strict: database.strict } })
  await cart.ready
  cart.addItem(MUG)
  cart.addItem({ ...MUG, price: 13 })
  await cart.flush()
  const [notice] = cart.$notices.get()
  isBroken = true
  const { id, saved } = cart.addItem(MUG)
  const lost = `"writer":"${id.replace('.', '","n":')}`
  expect(await saved).toBe('memory')
  expect(cart.$status.get().storage).toBe('memory')
  cart.dismiss(notice!.id)
  await expect.poll(() => cart.$status.get().storage).toBe('indexeddb')
  // Whoever says so has written the row and the mark.
  const entries = await device.entries()
  expect(JSON.stringify(entries)).toContain(lost)
  expect(keysOf(entries, 'dismissed')).toHaveLength(1)
})
