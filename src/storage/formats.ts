import { promisifyRequest } from 'idb-keyval'
import { openDatabase, type Database } from './database.ts'
import { nameValue } from './disk.ts'
import type { Entries } from './stored.ts'

const FORMAT = 1

/** A format of earlier releases. Its databases are emptied into the present one and deleted. */
export interface OlderFormat {
  /** The number in its databases' names. */
  readonly format: number
  /** The object store in them. */
  readonly store: string
  /** Its entries as those of the present format; a row has `undefined` for its key. */
  upgrade(entries: Entries): readonly [keys: readonly (IDBValidKey | undefined)[], values: readonly object[]]
}

// There is none before the first.
const OLDER: readonly OlderFormat[] = []

/** The format is part of the name: a new format is a new database, never an upgrade that other tabs would block. */
export function databaseName(scope: string, format: number = FORMAT): string {
  return `session-cart:${scope}:${format}`
}

/** Opens a database that is there, and makes none. WebKit goes on listing one whose making was aborted. */
export async function openExisting(name: string): Promise<IDBDatabase | undefined> {
  const { indexedDB: factory } = globalThis
  const there = await (factory.databases as typeof factory.databases | undefined)?.call(factory)
  if (there && !there.some(database => database.name === name)) return
  return new Promise(resolve => {
    const request = factory.open(name)
    request.onupgradeneeded = () => request.transaction?.abort()
    request.onerror = () => resolve(undefined)
    request.onsuccess = () => resolve(request.result)
  })
}

// A page that dies in between drains again: what is there twice counts once.
async function drain(
  scope: string,
  { format, store, upgrade }: OlderFormat,
  put: (entries: ReturnType<OlderFormat['upgrade']>) => Promise<unknown>,
): Promise<boolean> {
  const name = databaseName(scope, format)
  const db = await openExisting(name)
  if (!db?.objectStoreNames.contains(store)) return false
  const entries = db.transaction(store).objectStore(store)
  await put(upgrade(await Promise.all([promisifyRequest(entries.getAllKeys()), promisifyRequest(entries.getAll())])))
  db.close()
  indexedDB.deleteDatabase(name)
  return true
}

/**
 * The database of a scope.
 *
 * @param scope Keeps carts on one origin apart.
 * @param randomId The id of the log whenever the database is made.
 * @param older Formats to drain, the oldest first.
 */
export function openLogDatabase(
  scope: string,
  randomId: () => string,
  older: readonly OlderFormat[] = OLDER,
): Database {
  const database = openDatabase(databaseName(scope), store => {
    store.add(nameValue({ logId: randomId(), forgets: [], mark: randomId() }), ['log'])
  })
  return {
    ...database,
    async drain(put) {
      let isDrained = false
      for (const format of older) isDrained = (await drain(scope, format, put)) || isDrained
      return isDrained
    },
  }
}
