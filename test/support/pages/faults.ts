// Carts side by side in a page whose storage fails, as a test tells them by `evaluate`.
import type { Contender } from '../contenders/contender.ts'
import { contenders, type ContenderName } from '../contenders/index.ts'

/** A number for each cart. */
export type Tally = Record<ContenderName, number>

/** How many commands each cart has refused, or not called safe for good, so far; and how many lines it shows. */
export interface Look {
  readonly refused: Tally
  readonly unsafe: Tally
  readonly shown: Tally
}

// As much as can be random at once.
const CHUNK = 65_536
// What a command takes is more.
const SMALLEST = 8192
const names = Object.keys(contenders) as ContenderName[]
const connections: IDBDatabase[] = []
let carts: Partial<Record<ContenderName, Contender>> = {}
const zero = (): Tally => Object.fromEntries(names.map(name => [name, 0])) as Tally
const refused = zero()
const unsafe = zero()

const { open } = IDBFactory.prototype
IDBFactory.prototype.open = function (...args) {
  const request = open.apply(this, args)
  request.addEventListener('success', () => connections.push(request.result))
  return request
}

async function fails(job: () => unknown): Promise<boolean> {
  try {
    await job()
    return false
  } catch {
    return true
  }
}

function openDatabase(name: string, store?: string): Promise<IDBDatabase> {
  return new Promise(resolve => {
    const request = indexedDB.open(name)
    request.onupgradeneeded = () => store && request.result.createObjectStore(store, { autoIncrement: true })
    request.onsuccess = () => resolve(request.result)
  })
}

/** Puts more and more in, in ever smaller parts, until nothing more fits. */
async function fill(put: (size: number) => unknown): Promise<void> {
  for (let size = 4 * CHUNK; size >= SMALLEST;) if (await fails(() => put(size))) size = Math.floor(size / 2)
}

async function give(name: ContenderName, sku: string): Promise<boolean> {
  try {
    const isSafe = await carts[name]!.give({ name: 'add', sku, quantity: 1 })
    if (!isSafe) unsafe[name]++
    return isSafe
  } catch {
    refused[name]++
    return true
  }
}

const faulty = {
  /** Opens every cart that opens. */
  async open(scope: string): Promise<void> {
    carts = {}
    for (const name of names) await fails(() => (carts[name] = contenders[name](scope)).ready)
  },
  /** Gives each cart commands in one tick; resolves to whether those that took them call them all safe for good. */
  async give(skus: readonly string[]): Promise<boolean> {
    const given = await Promise.all(names.flatMap(name => skus.map(sku => give(name, sku))))
    return given.every(isSafe => isSafe)
  },
  look(): Look {
    const shown = zero()
    for (const name of names) shown[name] = carts[name]?.lines().length ?? 0
    return { refused, unsafe, shown }
  },

  /** Closes every connection, and tells nobody. */
  close: (): void => connections.forEach(db => db.close()),
  /** Makes the databases of carts to come, without a store. */
  async makeEmpty(scope: string): Promise<void> {
    for (const name of [scope, `session-cart:${scope} local:1`, `session-cart:${scope} unanswered:1`]) {
      const db = await openDatabase(name)
      db.close()
    }
  },
  /** Takes all the space that IndexedDB has. */
  async fillDatabase(): Promise<void> {
    const db = await openDatabase('filler', 'filler')
    await fill(
      size =>
        new Promise((resolve, reject) => {
          const tx = db.transaction('filler', 'readwrite')
          const parts = Array.from({ length: Math.ceil(size / CHUNK) }, () =>
            crypto.getRandomValues(new Uint8Array(Math.min(size, CHUNK))),
          )
          tx.objectStore('filler').add(parts)
          tx.oncomplete = resolve
          tx.onabort = () => reject(tx.error!)
        }),
    )
    db.close()
  },
  /** Gives it back. */
  emptyDatabase: () => new Promise(resolve => (indexedDB.deleteDatabase('filler').onsuccess = resolve)),
  /** Takes all the space that `localStorage` has. */
  fillLocalStorage(): Promise<void> {
    let count = 0
    return fill(size => localStorage.setItem(`filler ${++count}`, 'x'.repeat(size)))
  },
  /** Gives it back. */
  emptyLocalStorage(): void {
    for (const key of Object.keys(localStorage)) if (key.startsWith('filler')) localStorage.removeItem(key)
  },

  /** Lives through the death of the process that keeps what is stored, and tells the server what it has seen. */
  async survive(scope: string): Promise<void> {
    const tell = (look?: Look): Promise<unknown> =>
      fetch('/api/told', { method: 'POST', body: JSON.stringify(look ?? {}) })
    await faulty.open(scope)
    if (location.hash) return void (await tell(faulty.look()))
    await faulty.give(['1', '2'])
    void tell()
    // It carries requests, too: this one has no other end.
    await fails(() => fetch('/api/unanswered'))
    await faulty.give(['3', '4'])
    await faulty.give(['5'])
    await faulty.give(['6'])
    await tell(faulty.look())
    location.hash = 'again'
    location.reload()
  },
}

declare global {
  var page: typeof faulty
}
globalThis.page = faulty
