import type { UseStore } from 'idb-keyval'

const STORE = 'entries'

// What a connection that died underneath the page, or was closed for another tab's sake, says of itself.
const DEAD = /^(InvalidStateError|AbortError)$/

/** A database as idb-keyval's functions take it, and the same with every write on the disk before it counts. */
export interface Database {
  /** For daily writes: what is written survives the browser, not a loss of power within the next seconds. */
  readonly relaxed: UseStore
  /** For what has to be gone or kept whatever happens. */
  readonly strict: UseStore
}

/**
 * A database of one object store with a key generator. Its connection is let go when the browser or another tab closes
 * it, and a use that met a dead one gets one more try over a new one.
 *
 * idb-keyval's own `createStore` keeps a dead connection for the life of the page and has no key generator.
 *
 * @param name The database.
 * @param created Fills the store in the transaction that makes it, so that no tab ever sees it empty.
 */
export function openDatabase(name: string, created: (store: IDBObjectStore) => void): Database {
  let connection: Promise<IDBDatabase> | undefined

  function drop(): void {
    connection = undefined
  }

  function open(): Promise<IDBDatabase> {
    return new Promise((resolve, reject) => {
      const request = indexedDB.open(name)
      request.onupgradeneeded = () => created(request.result.createObjectStore(STORE, { autoIncrement: true }))
      request.onerror = () => {
        drop()
        reject(request.error)
      }
      request.onsuccess = () => {
        const db = request.result
        db.onclose = drop
        db.onversionchange = () => {
          db.close()
          drop()
        }
        resolve(db)
      }
    })
  }

  function use(durability: IDBTransactionDurability, tries = 2): UseStore {
    return async (mode, callback) => {
      const db = await (connection ??= open())
      try {
        return await callback(db.transaction(STORE, mode, { durability }).objectStore(STORE))
      } catch (error) {
        if (!DEAD.test((error as DOMException).name)) throw error
        drop()
        if (tries === 1) throw error
        return use(durability, tries - 1)(mode, callback)
      }
    }
  }

  return { relaxed: use('relaxed'), strict: use('strict') }
}
