import { createSessionCart, type SessionCart, type SessionCartOptions } from '../../src/index.ts'
import { openLogDatabase } from '../../src/storage/formats.ts'
import { createSessionHandler, memoryStore } from '../../src/server/index.ts'
import { track } from './clock.ts'
import { createTabs, type Tabs } from './tabs.ts'

let scopes = 0

/** A device: carts made on it one after another share what is stored. */
export interface Device {
  readonly scope: string
  /** What carts of one device hear of each other. */
  readonly tabs: Tabs
  /** What happens to the next transactions of the carts: they fail at once, or although they went through. */
  fault: ((mode: IDBTransactionMode) => 'lost' | 'unheard' | undefined) | null
  /** A page load: a cart over the device's storage. */
  load(options?: Partial<SessionCartOptions>): SessionCart
  /** Everything in the store, by key. */
  entries(): Promise<[key: IDBValidKey, value: any][]>
  /** Writes straight into the store, as another release or an accident would. */
  write(job: (store: IDBObjectStore) => void): Promise<void>
  /** Transactions of the named mode that were opened since the last call. */
  transactions(mode: IDBTransactionMode): number
}

/** A new device with nothing on it. */
export function createDevice(): Device {
  const scope = `test ${Date.now()} ${Math.random()} ${++scopes}`
  const opened: Record<string, number> = { readonly: 0, readwrite: 0 }
  const database = () => {
    const { relaxed, strict, connections, release } = openLogDatabase(scope, () =>
      `log-${Math.random()}`.replace('.', ''),
    )
    const counted: typeof relaxed = async (mode, callback) => {
      opened[mode] = (opened[mode] ?? 0) + 1
      const fault = device.fault?.(mode)
      const fail = (): never => {
        throw new DOMException(`The transaction is ${fault}.`, 'UnknownError')
      }
      if (fault === 'lost') fail()
      const result = await track(relaxed(mode, callback))
      return fault === 'unheard' ? fail() : result
    }
    return { relaxed: counted, strict, connections, release }
  }
  const tabs = createTabs()
  const device: Device = {
    scope,
    tabs,
    fault: null,
    load: options =>
      createSessionCart({
        currency: 'EUR',
        scope,
        storage: database(),
        channel: tabs.open,
        locks: tabs.locks,
        ...options,
      }),
    entries: () =>
      database().relaxed(
        'readonly',
        store =>
          new Promise(resolve => {
            const keys = store.getAllKeys()
            const values = store.getAll()
            values.onsuccess = () => resolve(keys.result.map((key, index) => [key, values.result[index]]))
          }),
      ),
    write: job =>
      database().relaxed(
        'readwrite',
        store =>
          new Promise((resolve, reject) => {
            job(store)
            store.transaction.oncomplete = () => resolve()
            store.transaction.onabort = () => reject(store.transaction.error)
          }),
      ),
    transactions(mode) {
      const count = opened[mode] ?? 0
      opened[mode] = 0
      return count
    },
  }
  return device
}

/** A request that reached the server. */
export interface Logged {
  readonly method: string
  readonly integrationId: string
  readonly body: any
  readonly ifNoneMatch: string | null
  readonly keepalive: boolean
  readonly status: number
  /** Characters of the answer. */
  readonly size: number
}

/** A request on its way to the server. */
export interface Asked {
  readonly request: Request
  readonly body: any
  /** Characters of the body. */
  readonly size: number
}

/** The real session handler, reached by a `fetch` that can fail like a network. */
export interface Backend {
  readonly fetch: typeof fetch
  readonly requests: Logged[]
  readonly handler: ReturnType<typeof createSessionHandler>
  /** What happens to the next requests instead of an answer; null answers as usual. */
  fault: ((asked: Asked, answer: () => Promise<Response>) => Promise<Response>) | null
}

/** The real handler over a store in memory. */
export function createBackend(options: Partial<Parameters<typeof createSessionHandler>[0]> = {}): Backend {
  const handler = createSessionHandler({ store: memoryStore(), ...options })
  const backend: Backend = {
    handler,
    requests: [],
    fault: null,
    async fetch(input, init) {
      const request = new Request(new URL(String(input), 'http://shop.test'), { ...init, cache: 'default' })
      const text = init?.body ? String(init.body) : ''
      const body = text ? JSON.parse(text) : undefined
      const answer = () => track(handler(request))
      const response = await (backend.fault ? backend.fault({ request, body, size: text.length }, answer) : answer())
      // Read here, where the clock knows of it.
      const content = await track(response.text())
      const { pathname } = new URL(request.url)
      backend.requests.push({
        method: request.method,
        integrationId: decodeURIComponent(pathname.split('/')[3] ?? ''),
        body,
        ifNoneMatch: request.headers.get('If-None-Match'),
        keepalive: init?.keepalive ?? false,
        status: response.status,
        size: content.length,
      })
      const { status, headers } = response
      return { status, headers, text: () => Promise.resolve(content) } as Response
    },
  }
  return backend
}
