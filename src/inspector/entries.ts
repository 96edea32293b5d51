import { databaseName, openExisting } from '../storage/formats.ts'

/** An entry as it lies in the database. */
export interface RawEntry {
  readonly key: IDBValidKey
  readonly value: unknown
}

/** What lies in the database of a scope. */
export interface RawEntries {
  readonly name: string
  /** Whether there is such a database; none is made. */
  readonly isThere: boolean
  /** Rows of the log first, then the others, as IndexedDB orders them. */
  readonly entries: readonly RawEntry[]
  readonly count: number
}

const MOST = 200

function resultOf<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new DOMException('The request failed.', 'UnknownError'))
  })
}

// Of rows and of other entries each as many as can be shown: a long log would leave no place for what stands behind it.
async function readRange(store: IDBObjectStore, range: IDBKeyRange): Promise<RawEntry[]> {
  const [keys, values] = await Promise.all([
    resultOf(store.getAllKeys(range, MOST)),
    resultOf(store.getAll(range, MOST) as IDBRequest<unknown[]>),
  ])
  return keys.map((key, index) => ({ key, value: values[index] }))
}

/**
 * Reads what is stored, in one transaction over a connection of its own, which is closed at once so that it stands in
 * nobody's way.
 */
export async function readEntries(scope: string): Promise<RawEntries> {
  const name = databaseName(scope)
  const db = await openExisting(name)
  if (!db) return { name, isThere: false, entries: [], count: 0 }
  try {
    const [storeName] = db.objectStoreNames
    if (storeName === undefined) return { name, isThere: true, entries: [], count: 0 }
    const store = db.transaction(storeName).objectStore(storeName)
    const [count, rows, others] = await Promise.all([
      resultOf(store.count()),
      readRange(store, IDBKeyRange.bound(-Infinity, Infinity)),
      readRange(store, IDBKeyRange.lowerBound([])),
    ])
    return { name, isThere: true, entries: [...rows, ...others], count }
  } finally {
    db.close()
  }
}
