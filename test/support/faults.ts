import { expect, vi } from 'vitest'
import { createSessionCart, type SessionCart, type SessionCartOptions } from '../../src/index.ts'
import type { Database, Spare } from '../../src/storage/database.ts'
import { openLogDatabase } from '../../src/storage/formats.ts'
import { createFakeClock, type FakeClock } from './clock.ts'
import { createBackend, createDevice, type Backend, type Device } from './device.ts'

type UseStore = Database['relaxed']

/**
 * What a transaction of a page meets.
 *
 * @param go Lets it through, with a job done in it before the page's own requests are made.
 */
export type Fault = (
  mode: IDBTransactionMode,
  go: (job?: (store: IDBObjectStore) => void) => Promise<any>,
) => Promise<any>

/** A `localStorage` that can be full, forbidden, or lose what it takes. */
interface FakeSpare extends Spare {
  state: 'in order' | 'full' | 'forbidden' | 'forgetful'
  readonly lines: Map<string, string>
}

function createFakeSpare(): FakeSpare {
  const lines = new Map<string, string>()
  function use(): Map<string, string> {
    if (spare.state === 'forbidden') throw new DOMException('', 'SecurityError')
    return lines
  }
  const spare: FakeSpare = {
    state: 'in order',
    lines,
    get length() {
      return use().size
    },
    key: index => [...use().keys()][index] ?? null,
    getItem: key => use().get(key) ?? null,
    setItem(key, value) {
      if (spare.state === 'full') throw new DOMException('', 'QuotaExceededError')
      use()
      if (spare.state !== 'forgetful') lines.set(key, value)
    },
    removeItem: key => void use().delete(key),
  }
  return spare
}

/** A cart without an endpoint, or one with. */
export type Kind = 'local' | 'synced'
export const KINDS: readonly Kind[] = ['local', 'synced']

/** A device whose pages share a database and a spare, both of which can be broken, and a server. */
export interface FaultyDevice extends Omit<Device, 'load' | 'fault'> {
  /** The name of the database. */
  readonly name: string
  readonly spare: FakeSpare
  readonly backend: Backend
  readonly clock: FakeClock
  /** What every page meets that has no fault of its own. */
  fault: Fault | null
  /** Opens a page. */
  load(options?: Partial<SessionCartOptions>, page?: { fault: Fault | null }): SessionCart
  /** What a page finds that has neither a spare nor a network. */
  onDisk(): Promise<SessionCart>
  /** Waits until the carts tell the same as what is on the disk. */
  agree(...carts: SessionCart[]): Promise<void>
  /** Deletes the database, as another page would. */
  delete(): Promise<unknown>
  /** Lets time pass until the database is told to be in order. */
  recover(cart: SessionCart): Promise<void>
  /** Leaves every page. */
  end(): void
}

export function createFaultyDevice(kind: Kind): FaultyDevice {
  const device = createDevice()
  const spare = createFakeSpare()
  const backend = createBackend()
  const clock = createFakeClock()
  const endpoint = { endpoint: '/api/sessions', fetch: backend.fetch }
  const offline = { ...endpoint, fetch: () => Promise.reject(new TypeError('no network')) }
  const pages: SessionCart[] = []
  const world: FaultyDevice = {
    ...device,
    name: `session-cart:${device.scope}:1`,
    spare,
    backend,
    clock,
    fault: null,
    load(options = {}, page = world) {
      const { relaxed, strict, connections, release } = openLogDatabase(device.scope, () =>
        `log${Math.random()}`.replace('.', ''),
      )
      const meeting =
        (useStore: UseStore): UseStore =>
        (mode, callback) => {
          const go = (job?: (store: IDBObjectStore) => void): Promise<any> =>
            useStore(mode, store => {
              job?.(store)
              return callback(store)
            })
          return page.fault ? page.fault(mode, go) : go()
        }
      const cart = createSessionCart({
        currency: 'EUR',
        scope: device.scope,
        storage: { relaxed: meeting(relaxed), strict: meeting(strict), connections, release, spare },
        channel: device.tabs.open,
        locks: device.tabs.locks,
        clock,
        ...(kind === 'synced' && endpoint),
        ...options,
      })
      pages.push(cart)
      return cart
    },
    async onDisk() {
      const cart = device.load({ clock, ...(kind === 'synced' && offline) })
      await cart.ready
      cart.dispose()
      return cart
    },
    agree: (...carts) =>
      vi.waitFor(
        async () => {
          const [disk, ...told] = [await world.onDisk(), ...carts].map(({ $session, $notices }) => ({
            session: $session.get(),
            notices: $notices.get(),
          }))
          for (const cart of told) expect(cart).toEqual(disk)
        },
        { timeout: 10_000 },
      ),
    delete: () => promised(indexedDB.deleteDatabase(world.name)),
    async recover(cart) {
      const isUp = (): boolean => {
        const { storage, error } = cart.$status.get()
        return storage === 'indexeddb' && error?.code !== 'storage-failed'
      }
      do await clock.advance(1000)
      while (!isUp())
    },
    end: () => pages.forEach(cart => cart.dispose()),
  }
  return world
}

/** What a request results in. */
export function promised<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error!)
  })
}

const connections: IDBDatabase[] = []

/** Remembers every connection that is opened from now on. */
export function watchConnections(): void {
  const { open } = IDBFactory.prototype
  IDBFactory.prototype.open = function (...args) {
    const request = open.apply(this, args)
    request.addEventListener('success', () => connections.push(request.result))
    return request
  }
}

/** Closes every connection to the database, and tells nobody. */
export function closeConnections({ name }: FaultyDevice): void {
  for (const db of connections) if (db.name === name) db.close()
}

/** Lets transactions fail before they begin. */
export function failTransactions(name: string, message = '', times = Infinity): void {
  const { transaction } = IDBDatabase.prototype
  vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(function (this: IDBDatabase, ...args) {
    if (times-- > 0) throw new DOMException(message, name)
    return transaction.apply(this, args)
  })
}

/** Aborts the next transactions that write, once all their requests have succeeded. */
export function abortWrites(times: number): void {
  const { commit } = IDBTransaction.prototype
  vi.spyOn(IDBTransaction.prototype, 'commit').mockImplementation(function (this: IDBTransaction) {
    if (times-- > 0) this.objectStore('entries').count().onsuccess = () => this.abort()
    else commit.apply(this)
  })
}

/** Makes every attempt to open a database fail, at once or as a request does. */
export function failOpening(name: string, isAtOnce: boolean): void {
  vi.spyOn(IDBFactory.prototype, 'open').mockImplementation(() => {
    const error = new DOMException('', name)
    if (isAtOnce) throw error
    const request = { error } as unknown as IDBOpenDBRequest
    queueMicrotask(() => request.onerror!(new Event('error')))
    return request
  })
}

/** Keeps databases from opening; returns what lets them. */
export function holdOpening(): () => void {
  const { open } = IDBFactory.prototype
  const held: (() => void)[] = []
  const spy = vi.spyOn(IDBFactory.prototype, 'open').mockImplementation(function (this: IDBFactory, ...args) {
    const answered = {} as { result: IDBDatabase } & IDBOpenDBRequest
    held.push(() => {
      const request = open.apply(this, args)
      request.onupgradeneeded = event => {
        answered.result = request.result
        answered.onupgradeneeded!(event)
      }
      request.onsuccess = event => {
        answered.result = request.result
        answered.onsuccess!(event)
      }
    })
    return answered
  })
  return () => {
    spy.mockRestore()
    held.forEach(answer => answer())
  }
}

/** Begins a transaction that keeps all others waiting, as a page does that is frozen in the middle of one; returns its end. */
export async function holdStore({ name }: FaultyDevice): Promise<() => Promise<unknown>> {
  const foreign = await promised(indexedDB.open(name))
  const tx = foreign.transaction('entries', 'readwrite')
  const ended = new Promise(resolve => (tx.oncomplete = resolve))
  let isHeld = true
  const goOn = (): void => {
    if (isHeld) tx.objectStore('entries').count().onsuccess = goOn
  }
  goOn()
  return () => {
    isHeld = false
    return ended.then(() => foreign.close())
  }
}

/** Lets the time limits of the page pass a hundred times as fast. */
export function hurryUp(): void {
  const { setTimeout } = globalThis
  vi.spyOn(globalThis, 'setTimeout').mockImplementation((job: () => void, ms = 0) => setTimeout(job, ms / 100))
}

/** Where the tests run. */
export function engineName(): string {
  if (typeof document === 'undefined') return 'Node'
  const { userAgent } = navigator
  if (userAgent.includes('Firefox')) return 'Firefox'
  return userAgent.includes('Chrome') ? 'Chromium' : 'WebKitGTK'
}
