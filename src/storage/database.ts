import type { UseStore } from 'idb-keyval'

const STORE = 'entries'
const OPEN_LIMIT_MS = 3000
// A page that was frozen in the middle of a transaction keeps all others waiting. Not sooner than that: eight busy tabs on a
// slow device take seconds, and what is given up too early is written once more and makes it worse.
const USE_LIMIT_MS = 20_000

// What a connection that died underneath the page says of itself: closed for another tab's sake, aborted, its store or its
// backing file gone. WebKit words the death of its database process in two more ways.
// https://bugs.webkit.org/show_bug.cgi?id=197050, https://github.com/jakearchibald/idb-keyval/issues/171
const DEAD_NAME = /^(InvalidState|Abort|NotFound|Unknown)Error$/
const DEAD_MESSAGE = /server lost|in-progress transaction/i

/** The part of `localStorage` that is used. */
export type Spare = Pick<Storage, 'length' | 'key' | 'getItem' | 'setItem' | 'removeItem'>

/** A database as idb-keyval's functions take it, and the same with every write on the disk before it counts. */
export interface Database {
  /** For daily writes: what is written survives the browser, not a loss of power within the next seconds. */
  readonly relaxed: UseStore
  /** For what has to be gone or kept whatever happens. */
  readonly strict: UseStore
  /** Counts the connections opened so far: behind a new one the store may be another. */
  readonly connections?: (() => number) | undefined
  /** Lets the connection go, as before the page is frozen; the next use opens another. */
  readonly release?: (() => void) | undefined
  /**
   * Brings over what earlier releases left in databases of their own; resolves to whether there was anything.
   *
   * @param put Writes entries into this database; a row has `undefined` for its key.
   */
  readonly drain?:
    | ((
        put: (
          entries: readonly [keys: readonly (IDBValidKey | undefined)[], values: readonly object[]],
        ) => Promise<unknown>,
      ) => Promise<boolean>)
    | undefined
  /** Where the cart is kept while the database is out of order. @defaultValue `localStorage`, where there is one */
  readonly spare?: Spare | undefined
}

function isDead({ name, message }: Error): boolean {
  return DEAD_NAME.test(name) || DEAD_MESSAGE.test(message)
}

function within<Value>(ms: number, job: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const late = (): void => reject(new DOMException(`The database did not answer in ${ms} ms.`, 'TimeoutError'))
    const timer = setTimeout(late, ms)
    job.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

/**
 * A database of one object store with a key generator, whose connection may die at any moment. A use that met a dead one
 * gets one more try over a new one; a database without its store is deleted and made anew; an open that does not answer
 * fails after three seconds, and its connection is taken when it comes after all. A transaction that does not end fails
 * after twenty; should it be carried out after all, what it wrote counts once.
 *
 * idb-keyval's own `createStore` keeps a dead connection for the life of the page and has no key generator.
 *
 * @param name The database.
 * @param created Fills the store in the transaction that makes it, so that no tab ever sees it empty.
 */
export function openDatabase(
  name: string,
  created: (store: IDBObjectStore) => void,
): Omit<Database, 'spare' | 'drain'> {
  let db: IDBDatabase | undefined
  let opening: Promise<IDBDatabase> | undefined
  let connections = 0

  function release(): void {
    db?.close()
    db = opening = undefined
  }

  function connect(): Promise<IDBDatabase> {
    const mine: Promise<IDBDatabase> = new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(name)
      request.onupgradeneeded = () => created(request.result.createObjectStore(STORE, { autoIncrement: true }))
      request.onerror = () => reject(request.error)
      request.onsuccess = () => resolve(request.result)
    }).then(opened => {
      if (!opened.objectStoreNames.contains(STORE)) {
        opened.close()
        return new Promise<IDBDatabase>((resolve, reject) => {
          const request = indexedDB.deleteDatabase(name)
          request.onerror = () => reject(request.error)
          request.onsuccess = () => resolve(connect())
        })
      }
      connections++
      opened.onclose = opened.onversionchange = () => {
        opened.close()
        if (db === opened) release()
      }
      return opened
    })
    return mine
  }

  async function open(): Promise<IDBDatabase> {
    const mine = (opening ??= connect())
    try {
      const opened = await within(OPEN_LIMIT_MS, mine)
      // Let go while it was opening: whoever waits may use it once, and nobody keeps it.
      if (opening === mine) db = opened
      else opened.close()
      return opened
    } catch (error) {
      if (opening === mine && (error as Error).name !== 'TimeoutError') opening = undefined
      throw error
    }
  }

  function use(durability: IDBTransactionDurability): UseStore {
    return async (mode, callback) => {
      for (let tries = 2; ; tries--) {
        let at: IDBDatabase | undefined
        try {
          // With a connection at hand the transaction begins in the task of the call: a page being left has no other.
          at = db ?? (await open())
          const store = at.transaction(STORE, mode, { durability }).objectStore(STORE)
          return await within(USE_LIMIT_MS, Promise.resolve(callback(store)))
        } catch (error) {
          const isLate = (error as Error).name === 'TimeoutError'
          if (!isLate && !isDead(error as Error)) throw error
          // Another use that died with it may have opened a new one already.
          if (at && at === db) release()
          if (isLate || tries === 1) throw error
        }
      }
    }
  }

  return { relaxed: use('relaxed'), strict: use('strict'), connections: () => connections, release }
}
