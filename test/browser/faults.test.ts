// What becomes of a cart whose storage fails. Every fault meets a page that goes on living, and one that is loaded anew.
import { afterAll, afterEach, expect, test, vi } from 'vitest'
import type { Rung, SessionCart } from '../../src/index.ts'
import {
  KINDS,
  abortWrites,
  closeConnections,
  createFaultyDevice,
  engineName,
  failOpening,
  failTransactions,
  holdOpening,
  holdStore,
  hurryUp,
  promised,
  watchConnections,
  type Fault,
  type FaultyDevice,
  type Kind,
} from '../support/faults.ts'

const MUG = { sku: 'MUG-01', name: 'Mug', price: 12.5 }

interface Row {
  readonly fault: string
  /** Where the first command under the fault is kept. */
  readonly first: Rung
  /** Where the second is, and what the status says from then on. */
  readonly later: Rung
  /** A page that begins under the fault, or on a device that has nothing yet. */
  readonly page?: '' | 'begins' | 'first visit' | 'begins on the first visit'
  /** Whether what was told is there when the page is loaded anew under the fault. */
  readonly isKept?: boolean
  inject(device: FaultyDevice): unknown
  /** Goes on in the tick of the first command. */
  after?(device: FaultyDevice): unknown
  /** Ends the fault. */
  end?(device: FaultyDevice): unknown
}

const reject = (name: string, message = ''): Promise<never> => Promise.reject(new DOMException(message, name))
const writesFail =
  (name: string): Fault =>
  (mode, go) =>
    mode === 'readwrite' ? reject(name) : go()

/** Makes a request fail in every transaction that writes, or in the first. */
function failRequests(times: number): Fault {
  return (mode, go) => go(mode === 'readwrite' && times-- > 0 ? store => store.add(0, ['log']) : undefined)
}

/** What was written is said to have failed. */
function misreport(times: number): Fault {
  return async (mode, go) => {
    const result = await go()
    return mode === 'readwrite' && times-- > 0 ? reject('UnknownError') : result
  }
}

const WEBKIT_LOST = 'Connection to Indexed Database server lost. Refresh the page to try again'
const WEBKIT_NO_TRANSACTION = 'Attempt to get a record from database without an in-progress transaction'

let release: () => unknown

const rows: Row[] = [
  { fault: 'connection closed', first: 'indexeddb', later: 'indexeddb', inject: closeConnections },
  {
    fault: 'connection closed, same tick',
    first: 'indexeddb',
    later: 'indexeddb',
    inject() {},
    after: closeConnections,
  },
  {
    fault: 'connection closed under the write',
    first: 'indexeddb',
    later: 'indexeddb',
    inject() {},
    async after(device) {
      // The write has begun, and is not over.
      for (let turn = 0; turn < 3; turn++) await Promise.resolve()
      closeConnections(device)
    },
  },
  {
    fault: 'raised to another version',
    first: 'indexeddb',
    later: 'indexeddb',
    inject: async ({ name }) => (await promised(indexedDB.open(name, 2))).close(),
  },
  { fault: 'database deleted', first: 'indexeddb', later: 'indexeddb', inject: device => device.delete() },
  {
    fault: 'database deleted before the first command',
    first: 'indexeddb',
    later: 'indexeddb',
    page: 'first visit',
    inject: device => device.delete(),
  },
  {
    fault: 'database deleted, same tick',
    first: 'indexeddb',
    later: 'indexeddb',
    inject() {},
    after: device => device.delete(),
  },
  {
    fault: 'store emptied',
    first: 'indexeddb',
    later: 'indexeddb',
    inject: device => device.write(store => store.clear()),
  },
  {
    fault: 'store missing',
    first: 'indexeddb',
    later: 'indexeddb',
    page: 'begins on the first visit',
    inject: async ({ name }) => (await promised(indexedDB.open(name))).close(),
  },
  {
    fault: 'name of the log missing',
    first: 'indexeddb',
    later: 'indexeddb',
    inject: device => device.write(store => store.delete(['log'])),
  },
  {
    fault: 'a request fails in a transaction',
    first: 'localstorage',
    later: 'indexeddb',
    inject: device => (device.fault = failRequests(1)),
  },
  {
    fault: 'a request fails in every transaction',
    first: 'localstorage',
    later: 'localstorage',
    inject: device => (device.fault = failRequests(Infinity)),
  },
  {
    fault: 'no key is left',
    first: 'localstorage',
    later: 'localstorage',
    inject: device =>
      device.write(store => {
        store.put(0, 2 ** 53)
        store.delete(2 ** 53)
      }),
    end: device => device.delete(),
  },
  { fault: 'aborted after its requests, once', first: 'indexeddb', later: 'indexeddb', inject: () => abortWrites(1) },
  {
    fault: 'aborted after its requests, names and rows',
    first: 'indexeddb',
    later: 'indexeddb',
    page: 'first visit',
    inject: () => abortWrites(2),
  },
  {
    fault: 'aborted after its requests, always',
    first: 'localstorage',
    later: 'localstorage',
    inject: () => abortWrites(Infinity),
  },
  {
    fault: 'UnknownError once',
    first: 'indexeddb',
    later: 'indexeddb',
    inject: () => failTransactions('UnknownError', '', 1),
  },
  {
    fault: 'UnknownError three times',
    first: 'localstorage',
    later: 'indexeddb',
    inject: () => failTransactions('UnknownError', '', 3),
  },
  {
    fault: 'UnknownError for ever',
    first: 'localstorage',
    later: 'localstorage',
    inject: () => failTransactions('UnknownError'),
  },
  {
    fault: 'WebKit: server lost, once',
    first: 'indexeddb',
    later: 'indexeddb',
    inject: () => failTransactions('TransactionInactiveError', WEBKIT_LOST, 1),
  },
  {
    fault: 'WebKit: server lost',
    first: 'localstorage',
    later: 'localstorage',
    inject: device => (device.fault = () => reject('UnknownError', WEBKIT_LOST)),
  },
  {
    fault: 'WebKit: no in-progress transaction, once',
    first: 'indexeddb',
    later: 'indexeddb',
    inject: () => failTransactions('TransactionInactiveError', WEBKIT_NO_TRANSACTION, 1),
  },
  {
    fault: 'WebKit: no in-progress transaction',
    first: 'localstorage',
    later: 'localstorage',
    inject: device => (device.fault = () => reject('UnknownError', WEBKIT_NO_TRANSACTION)),
  },
  {
    fault: 'written, and said to have failed',
    first: 'localstorage',
    later: 'indexeddb',
    inject: device => (device.fault = misreport(1)),
  },
  {
    fault: 'written, and said to have failed, always',
    first: 'localstorage',
    later: 'localstorage',
    inject: device => (device.fault = misreport(Infinity)),
  },
  {
    fault: 'quota exceeded on writing',
    first: 'localstorage',
    later: 'localstorage',
    inject: device => (device.fault = writesFail('QuotaExceededError')),
  },
  {
    fault: 'no indexedDB',
    first: 'localstorage',
    later: 'localstorage',
    page: 'begins',
    inject: () => vi.stubGlobal('indexedDB', undefined),
  },
  {
    fault: 'indexedDB forbidden',
    first: 'localstorage',
    later: 'localstorage',
    page: 'begins',
    inject: () => failOpening('SecurityError', true),
  },
  {
    fault: 'private mode of old Firefox',
    first: 'localstorage',
    later: 'localstorage',
    page: 'begins',
    inject: () => failOpening('InvalidStateError', false),
  },
  {
    fault: 'connection closed, and none opens',
    first: 'localstorage',
    later: 'localstorage',
    inject(device) {
      closeConnections(device)
      failOpening('UnknownError', false)
    },
  },
  {
    fault: 'opens late',
    first: 'localstorage',
    later: 'localstorage',
    page: 'begins',
    inject() {
      hurryUp()
      release = holdOpening()
    },
    end: () => release(),
  },
  ...(['', 'begins'] as const).map(page => ({
    fault: 'a transaction of another page that does not end',
    first: 'localstorage' as const,
    later: 'localstorage' as const,
    page,
    async inject(device: FaultyDevice) {
      hurryUp()
      release = await holdStore(device)
    },
    end: () => release(),
  })),
  {
    fault: 'opening blocked by a deletion',
    first: 'localstorage',
    later: 'localstorage',
    page: 'begins on the first visit',
    async inject({ name }) {
      hurryUp()
      const foreign = await promised(indexedDB.open(name))
      const deleted = promised(indexedDB.deleteDatabase(name))
      release = () => {
        foreign.close()
        return deleted
      }
    },
    end: () => release(),
  },
  {
    fault: 'store missing, its deletion blocked',
    first: 'localstorage',
    later: 'localstorage',
    page: 'begins on the first visit',
    async inject({ name }) {
      hurryUp()
      const foreign = await promised(indexedDB.open(name))
      release = () => foreign.close()
    },
    end: () => release(),
  },
  {
    fault: 'localStorage full',
    first: 'indexeddb',
    later: 'indexeddb',
    page: 'begins',
    inject: ({ spare }) => (spare.state = 'full'),
  },
  {
    fault: 'localStorage forbidden',
    first: 'indexeddb',
    later: 'indexeddb',
    page: 'begins',
    inject: ({ spare }) => (spare.state = 'forbidden'),
  },
  ...(['full', 'forbidden'] as const).flatMap(state =>
    (['begins', ''] as const).map((page): Row => ({
      fault: `no database, localStorage ${state}`,
      first: 'memory',
      later: 'memory',
      page,
      isKept: false,
      inject(device) {
        device.spare.state = state
        device.fault = () => reject('UnknownError')
      },
    })),
  ),
  {
    // Nothing tells it from one that keeps.
    fault: 'no database, localStorage forgetful',
    first: 'localstorage',
    later: 'localstorage',
    isKept: false,
    inject(device) {
      device.spare.state = 'forgetful'
      device.fault = () => reject('UnknownError')
    },
  },
]

const table: string[][] = []
watchConnections()
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})
afterAll(() => {
  const head = ['engine', 'cart', 'fault', 'storage told', 'kept after a reload', 'all on disk when back']
  const lines = [head, ...table]
  const widths = head.map((_, column) => Math.max(...lines.map(line => line[column]!.length)))
  console.log(lines.map(line => line.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')).join('\n'))
})

const linesOf = (cart: SessionCart): string =>
  cart.$items
    .get()
    .map(({ sku, quantity }) => `${quantity} ${sku}`)
    .join(', ')

/** A device that has been used: a base, a notice and a row. */
async function use(device: FaultyDevice): Promise<void> {
  const cart = device.load()
  await cart.ready
  cart.addItem(MUG, 2)
  await cart.flush()
  cart.addItem({ ...MUG, price: 13 })
  await cart.flush()
  await cart.addItem({ sku: 'ROW', price: 3 }).saved
  cart.dispose()
  await device.clock.advance(1)
}

/** A page under a fault, in which nothing is lost. */
async function endure(device: FaultyDevice, { first, later, page = '', inject, after }: Row): Promise<SessionCart> {
  if (!page.endsWith('first visit')) await use(device)
  if (page.startsWith('begins')) await inject(device)
  const cart = device.load()
  await cart.ready
  if (page === '') await cart.addItem({ sku: 'BEFORE', price: 1 }).saved
  if (!page.startsWith('begins')) await inject(device)
  const shown = linesOf(cart)
  const notices = cart.$notices.get()

  const { saved } = cart.addItem({ sku: 'UNDER', price: 1 })
  cart.applyCoupon('SUMMER')
  await after?.(device)
  expect(await saved).toBe(first)
  expect(await cart.changeQuantity('UNDER', 1).saved).toBe(later)
  expect(cart.$status.get().storage).toBe(later)
  expect(cart.$status.get().error?.code).toBe(later === 'indexeddb' ? undefined : 'storage-failed')
  expect(linesOf(cart)).toBe([...(shown ? [shown] : []), '2 UNDER'].join(', '))
  expect(cart.$session.get().coupon).toBe('SUMMER')
  await cart.flush()
  expect(cart.$notices.get()).toEqual(notices)
  const { integrationId } = cart.$session.get()
  const atServer = await device.backend.handler.sessions.get(integrationId)
  if (atServer) expect(atServer.session).toEqual(cart.$session.get())
  // A store that was emptied is found to be so by the next answer.
  if (later === 'indexeddb') {
    await expect.poll(async () => (await device.onDisk()).$notices.get(), { timeout: 10_000 }).toEqual(notices)
  }
  await device.clock.advance(1)
  return cart
}

/** The fault ends, and everything is on disk. */
async function heal(device: FaultyDevice, cart: SessionCart, row: Row): Promise<void> {
  const shown = cart.$items.get()
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
  device.fault = null
  device.spare.state = 'in order'
  await row.end?.(device)
  await device.recover(cart)
  expect(cart.$items.get()).toEqual(expect.arrayContaining([...shown]))
  await cart.flush()
  if (!row.page?.endsWith('first visit')) expect(linesOf(cart)).toContain('3 MUG-01, 1 ROW')
  await device.agree(cart)
  expect(cart.$notices.get()).toHaveLength(row.page?.endsWith('first visit') ? 0 : 1)
}

for (const kind of KINDS) {
  for (const row of rows) {
    test(`${kind} cart, ${row.fault}${row.page ? `, the page ${row.page}` : ''}`, async () => {
      const cells = [engineName(), kind, row.fault, `${row.first}, ${row.later}`, '', 'no']
      table.push(cells)
      const device = createFaultyDevice(kind)
      const cart = await endure(device, row)
      await heal(device, cart, row)
      device.end()
      cells[5] = 'yes'

      const other = createFaultyDevice(kind)
      const left = await endure(other, row)
      left.dispose()
      const again = other.load()
      await again.ready
      const isKept = linesOf(again) === linesOf(left) && again.$session.get().coupon === 'SUMMER'
      cells[4] = isKept ? 'yes' : 'no'
      expect(isKept).toBe(row.isKept ?? true)
      if (isKept) expect(again.$notices.get()).toEqual(left.$notices.get())
      await again.addItem({ sku: 'AGAIN', price: 1 }).saved
      await heal(other, again, row)
      other.end()
    })
  }
}

const down: Fault = () => reject('UnknownError')
const offline = { fetch: () => Promise.reject(new TypeError('no network')) }

/** Polls until it is so. */
const soon = <Value>(look: () => Value | Promise<Value>) => expect.poll(look, { timeout: 10_000 })

async function loadReady(device: FaultyDevice, ...args: Parameters<FaultyDevice['load']>): Promise<SessionCart> {
  const cart = device.load(...args)
  await cart.ready
  return cart
}

/** A test of what the table has no row for, with a line of its own in it. */
function testCase(fault: string, told: string, run: (device: FaultyDevice, kind: Kind) => Promise<void>): void {
  for (const kind of KINDS) {
    test(`${kind} cart, ${fault}`, async () => {
      const cells = [engineName(), kind, fault, told, '', 'no']
      table.push(cells)
      const device = createFaultyDevice(kind)
      await run(device, kind)
      device.end()
      cells[4] = cells[5] = 'yes'
    })
  }
}

testCase('store emptied, and another page is first to name it', 'indexeddb', async device => {
  await use(device)
  const cart = await loadReady(device)
  await device.write(store => store.clear())
  await cart.addItem({ sku: 'UNDER', price: 1 }).saved
  // It finds the row, and so the name of the log.
  const other = await loadReady(device)
  const names = async () => (await device.entries()).map(([key]) => String(key))
  await soon(names).toContain('log')
  other.dispose()
  cart.addItem({ sku: 'LATER', price: 1 })
  await cart.flush()
  await device.clock.advance(1000)
  await device.agree(cart)
  expect(linesOf(cart)).toBe('3 MUG-01, 1 ROW, 1 UNDER, 1 LATER')
  expect(cart.$notices.get()).toHaveLength(1)
})

for (const isReloaded of [false, true]) {
  for (const isRead of [true, false]) {
    const when = isRead ? 'while it was in use' : 'before it was read'
    testCase(
      `database down ${when}, forgotten${isReloaded ? ', loaded anew' : ''}`,
      'localstorage',
      async (device, kind) => {
        await use(device)
        if (!isRead) device.fault = down
        let cart = await loadReady(device)
        device.fault = down
        await cart.addItem({ sku: 'SECRET', price: 1 }).saved
        await expect(cart.forget()).rejects.toMatchObject({ code: 'storage-failed' })
        expect(linesOf(cart)).toBe('')
        if (isReloaded) {
          cart.dispose()
          cart = await loadReady(device)
          expect(linesOf(cart)).toBe('')
        }
        cart.addItem(MUG)
        await cart.addItem({ ...MUG, price: 14 }).saved
        await cart.flush()
        expect(cart.$notices.get()).toMatchObject([{ code: 'price-changed', to: 14 }])
        device.fault = null
        await device.recover(cart)
        expect(linesOf(cart)).toBe('2 MUG-01')
        const page = await device.onDisk()
        expect(linesOf(page)).toBe('2 MUG-01')
        expect(page.$notices.get()).toEqual(cart.$notices.get())
        const everything = JSON.stringify([await device.entries(), [...device.spare.lines]])
        expect(everything).not.toMatch(/SECRET|ROW/)
        if (kind === 'local') expect([...device.spare.lines.keys()]).toEqual([])
      },
    )
  }
}

testCase('forgotten in a tab whose database is down', 'localstorage, indexeddb', async device => {
  await use(device)
  const page = { fault: down as Fault | null }
  const [cart, other] = [await loadReady(device, {}, page), await loadReady(device)]
  await expect(cart.forget()).rejects.toMatchObject({ code: 'storage-failed' })
  await cart.addItem({ sku: 'NEW', price: 1 }).saved
  // The erasing goes well, and what follows does not.
  let writes = 1
  page.fault = (mode, go) => (mode === 'readwrite' && writes-- <= 0 ? reject('UnknownError') : go())
  await device.clock.advance(1000)
  await soon(() => linesOf(other)).toBe('')
  page.fault = null
  await device.recover(cart)
  await soon(() => linesOf(other)).toBe('1 NEW')
  await device.agree(cart, other)
})

testCase('forgotten while both tabs are down', 'localstorage', async device => {
  await use(device)
  const [cart, other] = [await loadReady(device), await loadReady(device)]
  device.fault = down
  await cart.addItem({ sku: 'SECRET', price: 1 }).saved
  await soon(() => linesOf(other)).toContain('SECRET')
  await expect(cart.forget()).rejects.toMatchObject({ code: 'storage-failed' })
  await soon(() => linesOf(other)).toBe('')
})

testCase('notice dismissed while the database is down', 'localstorage', async device => {
  await use(device)
  const cart = await loadReady(device)
  const other = await loadReady(device)
  device.fault = down
  cart.dismiss(cart.$notices.get()[0]!.id)
  await cart.addItem({ sku: 'UNDER', price: 1 }).saved
  const again = await loadReady(device)
  expect(again.$notices.get()).toEqual([])
  again.dispose()
  device.fault = null
  await device.recover(cart)
  await soon(() => other.$notices.get()).toEqual([])
  expect((await device.onDisk()).$notices.get()).toEqual([])
})

testCase('the write fails that a notice came with', 'localstorage', async device => {
  const cart = await loadReady(device)
  await cart.addItem(MUG).saved
  await cart.flush()
  await cart.addItem({ ...MUG, price: 13 }).saved
  device.fault = writesFail('QuotaExceededError')
  await cart.flush()
  expect(cart.$notices.get()).toHaveLength(1)
  device.fault = null
  await device.recover(cart)
  expect((await device.onDisk()).$notices.get()).toEqual(cart.$notices.get())
})

testCase('command and answer on the way up', 'indexeddb', async (device, kind) => {
  await use(device)
  const cart = await loadReady(device)
  device.fault = down
  await cart.addItem({ sku: 'UNDER', price: 1 }).saved
  let reach: () => void
  let open: () => void
  const reached = new Promise<void>(resolve => (reach = resolve))
  const isOpen = new Promise<void>(resolve => (open = resolve))
  device.fault = async (mode, go) => {
    if (mode === 'readwrite') {
      reach()
      await isOpen
    }
    return go()
  }
  const recovered = device.recover(cart)
  await reached
  const { saved } = cart.addItem({ sku: 'MEANWHILE', price: 1 })
  if (kind === 'synced') await cart.flush()
  open!()
  expect(await saved).toBe('indexeddb')
  expect(JSON.stringify(await device.entries())).toContain('MEANWHILE')
  await recovered
  await device.agree(cart)
})

testCase('database deleted, and looked at before the next command', 'indexeddb', async device => {
  await use(device)
  const cart = await loadReady(device)
  await cart.flush()
  await device.delete()
  // What a tab hears and does not know makes it read.
  device.tabs.open('', () => {}).post({ log: 'unknown' })
  await device.agree(cart)
})

testCase('database deleted under two tabs, and begun anew by a third', 'indexeddb', async device => {
  await use(device)
  const carts = [await loadReady(device), await loadReady(device)]
  await carts[0]!.flush()
  await soon(() => carts[1]!.$status.get().pending).toBe(0)
  await device.delete()
  carts.push(await loadReady(device))
  expect(linesOf(carts[2]!)).toBe('')
  await carts[2]!.addItem({ sku: 'TEA', price: 1 }).saved
  for (const cart of carts) await soon(() => linesOf(cart)).toBe('1 TEA, 3 MUG-01, 1 ROW')
  for (const cart of carts) await cart.flush()
  await device.agree(...carts)
})

testCase('both tabs of a first visit down', 'localstorage', async device => {
  device.fault = down
  const [one, other] = [await loadReady(device, offline), await loadReady(device, offline)]
  await one.addItem({ sku: 'A', price: 1 }).saved
  await other.addItem({ sku: 'B', price: 1 }).saved
  for (const cart of [one, other]) await soon(() => linesOf(cart)).toMatch(/^(1 A, 1 B|1 B, 1 A)$/)
  device.fault = null
  await device.recover(one)
  await device.recover(other)
  for (const text of ['1 A', '1 B']) expect(linesOf(one)).toContain(text)
  await device.agree(one, other)
})

testCase('database down under both tabs', 'localstorage', async device => {
  await use(device)
  const [one, other] = [await loadReady(device), await loadReady(device)]
  device.fault = down
  await one.addItem({ sku: 'A', price: 1 }).saved
  await soon(() => linesOf(other)).toContain('1 A')
  await other.addItem({ sku: 'B', price: 1 }).saved
  await soon(() => linesOf(one)).toContain('1 B')
  await one.flush()
  await other.flush()
  device.fault = null
  await device.recover(one)
  await device.recover(other)
  for (const text of ['3 MUG-01', '1 A', '1 B']) expect(linesOf(one)).toContain(text)
  await device.agree(one, other)
})

testCase('quota exceeded in one of two tabs', 'localstorage, indexeddb', async device => {
  await use(device)
  const page = { fault: writesFail('QuotaExceededError') as Fault | null }
  const [full, other] = [await loadReady(device, {}, page), await loadReady(device)]
  expect(await full.addItem({ sku: 'A', price: 1 }).saved).toBe('localstorage')
  expect(await other.addItem({ sku: 'B', price: 1 }).saved).toBe('indexeddb')
  await soon(() => linesOf(full)).toContain('1 B')
  await full.flush()
  await other.flush()
  expect([full, other].map(cart => cart.$status.get().storage)).toEqual(['localstorage', 'indexeddb'])
  page.fault = null
  await device.recover(full)
  await soon(() => linesOf(other)).toContain('1 A')
  await device.agree(full, other)
})

testCase('left before the log was read', 'localstorage', async device => {
  await use(device)
  const answer = holdOpening()
  const cart = device.load()
  cart.addItem({ sku: 'EARLY', price: 1 })
  cart.dispose()
  // The page is gone, with the write it was about to make.
  vi.restoreAllMocks()
  void answer
  const again = await loadReady(device)
  expect(linesOf(again)).toBe('3 MUG-01, 1 ROW, 1 EARLY')
  await device.agree(again)
  expect([...device.spare.lines.keys()]).toEqual([])
})

// Whatever stands in place of an entry, the rest is there, and commands are kept.
const garbage: unknown[] = [
  null,
  7,
  'text',
  {},
  [],
  new Date(0),
  new Map([['log', 'map']]),
  { __proto__: null, log: {} },
]

testCase('any entry corrupt', 'indexeddb', async (device, cart) => {
  await use(device)
  const last = await loadReady(device)
  await last.flush()
  await last.addItem({ sku: 'LAST', price: 1 }).saved
  last.dispose()
  const entries = await device.entries()
  for (const [key] of entries) {
    const kind = Array.isArray(key) ? key[0] : 'row'
    for (const bad of garbage) {
      await device.write(store => {
        store.clear()
        for (const [other, kept] of entries) store.put(kept, other)
        store.put(bad, key)
      })
      const page = await loadReady(device, cart === 'synced' ? offline : {})
      const isTold = page.$notices.get().some(({ code }) => code === 'set-aside')
      // What is missing of a base, a server has.
      expect([key, bad, isTold]).toEqual([key, bad, kind === 'row' || (kind === 'base' && cart === 'local')])
      if (kind !== 'row') expect(linesOf(page)).toContain('1 LAST')
      if (kind !== 'row' && kind !== 'base') expect(linesOf(page)).toContain('3 MUG-01, 1 ROW')
      expect(await page.addItem({ sku: 'NEW', price: 1 }).saved).toBe('indexeddb')
      expect(page.$status.get().storage).toBe('indexeddb')
      expect(linesOf(await device.onDisk())).toBe(linesOf(page))
      page.dispose()
    }
  }
})

testCase('lines of the spare corrupt', 'indexeddb', async device => {
  await use(device)
  const keys = ['null', '7', '"row"', '{}', '[]', '[[]]', '["log"]', '["row",{}]', '["row",null,"x"]', '["active",{}]']
  keys.push('["notice",{}]', '["dismissed",null]', '["base",{},null,5]', '["ack","",{},1]', '["forgotten",{}]', 'row')
  keys.push(JSON.stringify(['__proto__']), JSON.stringify(['row', 1, 'x'.repeat(100_000)]))
  const notice = { id: 'x', code: 'odd', at: '' }
  const values = ['null', '7', '{', '[]', '{"__proto__":{"log":1}}', '{"forgets":{}}', '{"session":"x","mutations":[]}']
  values.push(JSON.stringify({ notice, session: '{}', acked: { __proto__: 1 }, integrationId: 5, forgets: [7] }))
  for (const value of values) {
    for (const key of keys) device.spare.lines.set(`${device.name} ${key}`, value)
    device.spare.lines.set('another', value)
    const cart = await loadReady(device)
    expect(linesOf(cart)).toContain('3 MUG-01, 1 ROW')
    expect(await cart.addItem({ sku: 'NEW', price: 1 }).saved).toBe('indexeddb')
    expect(cart.$status.get()).toMatchObject({ storage: 'indexeddb' })
    expect(device.spare.lines.get('another')).toBe(value)
    expect(linesOf(await device.onDisk())).toBe(linesOf(cart))
    cart.dispose()
  }
})

/** Lets writes of a page through when it is told to; they are carried out at once, or then. */
function holdWrites(page: { fault: Fault | null }, isCarriedOut = true): () => void {
  let release: () => void
  const released = new Promise<void>(resolve => (release = resolve))
  page.fault = async (mode, go) => {
    if (mode === 'readonly') return go()
    if (!isCarriedOut) await released
    const result = await go()
    await released
    return result
  }
  return () => {
    page.fault = null
    release()
  }
}

testCase('database deleted, and read again while a write is under way', 'indexeddb', async device => {
  await use(device)
  const page = { fault: null as Fault | null }
  const [cart, other] = [await loadReady(device, {}, page), await loadReady(device)]
  await device.delete()
  // Its row says the name of the log that was there before, and the name is another one when the row is written.
  const releaseWrites = holdWrites(page)
  const { saved } = cart.addItem({ sku: 'UNDER', price: 1 })
  await other.addItem({ sku: 'OTHER', price: 1 }).saved
  await soon(() => linesOf(cart)).toContain('OTHER')
  releaseWrites()
  expect(await saved).toBe('indexeddb')
  await soon(() => linesOf(other)).toContain('UNDER')
  await device.agree(cart, other)
})

for (const isLeft of [false, true]) {
  testCase(`a slow disk${isLeft ? ', and a session that is left' : ''}`, 'indexeddb', async (device, kind) => {
    const page = { fault: null as Fault | null }
    const cart = await loadReady(device, {}, page)
    await cart.addItem({ sku: 'A', price: 1 }).saved
    await device.clock.advance(1000)
    const releaseWrites = holdWrites(page)
    const receipts = [cart.addItem({ sku: 'B', price: 1 })]
    // Its checkpoint waits for the write when the next one is due.
    await device.clock.advance(250)
    receipts.push(cart.addItem({ sku: 'C', price: 1 }))
    if (isLeft) receipts.push(cart.startSession())
    else await device.clock.advance(250)
    releaseWrites()
    for (const { saved } of receipts) expect(await saved).toBe('indexeddb')
    await device.clock.advance(10_000)
    receipts.push(cart.addItem({ sku: 'D', price: 1 }))
    expect(await receipts.at(-1)!.saved).toBe('indexeddb')
    await device.clock.advance(10_000)
    const status = kind === 'local' ? 'local' : 'accepted'
    for (const { synced } of receipts) expect(await synced).toEqual({ status })
    expect(cart.$status.get().pending).toBe(0)
  })
}

testCase('a command given while another write takes it along', 'indexeddb', async device => {
  const page = { fault: null as Fault | null }
  const [cart, other] = [await loadReady(device, { channel: undefined }, page), await loadReady(device)]
  await cart.addItem({ sku: 'A', price: 1 }).saved
  await other.addItem({ sku: 'OTHER', price: 1 }).saved
  const releaseWrites = holdWrites(page, false)
  let saved: Promise<Rung> | undefined
  let isSaved = false
  // In the middle of the reading, before what it finds to be lacking is written.
  cart.$items.listen(() => {
    saved ??= cart.addItem({ sku: 'GIFT', price: 1 }).saved
  })
  void cart.refresh().catch(() => {})
  await soon(() => linesOf(cart)).toContain('GIFT')
  void saved!.then(() => (isSaved = true))
  await device.clock.advance(100)
  const isStored = async (): Promise<boolean> => JSON.stringify(await device.entries()).includes('GIFT')
  expect(isSaved).toBe(false)
  releaseWrites()
  expect(await saved).toBe('indexeddb')
  expect(await isStored()).toBe(true)
})

testCase('written into a store made anew, and writing again fails', 'localstorage', async device => {
  const page = { fault: null as Fault | null }
  const cart = await loadReady(device, offline, page)
  await cart.addItem({ sku: 'A', price: 1 }).saved
  await device.delete()
  let writes = 0
  page.fault = (mode, go) => (mode === 'readwrite' && ++writes > 1 ? reject('QuotaExceededError') : go())
  expect(await cart.addItem({ sku: 'B', price: 1 }).saved).toBe('localstorage')
  const again = await loadReady(device, offline)
  expect(linesOf(again)).toBe('1 A, 1 B')
})

testCase(
  'a write that hangs while another one of the page goes through',
  'localstorage, indexeddb',
  async (device, kind) => {
    const page = { fault: null as Fault | null }
    const [cart, other] = [await loadReady(device, {}, page), await loadReady(device)]
    await other.addItem({ sku: 'A', price: 1 }).saved
    await other.flush()
    await soon(() => [linesOf(cart), cart.$status.get().pending]).toEqual(['1 A', 0])
    let giveUp: () => void
    const givenUp = new Promise<void>(resolve => (giveUp = resolve))
    let writes = 0
    page.fault = async (mode, go) => {
      if (mode === 'readonly' || writes++ > 0) return go()
      await givenUp
      return reject('TimeoutError')
    }
    const { saved } = cart.addItem({ sku: 'B', price: 1 })
    // With an endpoint what the server says of the row is there before it: no other tab may believe that it has all of it.
    const flushed = cart.flush()
    if (kind === 'synced') await flushed
    giveUp!()
    expect(await saved).toBe('localstorage')
    await flushed
    await device.recover(cart)
    await soon(() => linesOf(other)).toBe('1 A, 1 B')
    await device.agree(cart, other)
  },
)
