import type { Spare } from './database.ts'
import type { Entries } from './stored.ts'

/** Entries outside the database: in `localStorage`, and in memory when that is full or forbidden. */
export interface SpareStore {
  /** Never throws. */
  put(key: IDBValidKey, value: object): void
  remove(keys: Iterable<IDBValidKey>): void
  /** In the order of the keys' texts. */
  read(): Entries
  clear(): void
  /** Whether all of it outlives the page. */
  isLasting(): boolean
}

/**
 * @param storage Undefined keeps the entries in memory.
 * @param name What the keys begin with.
 */
export function openSpare(storage: Spare | undefined, name: string): SpareStore {
  const prefix = `${name} `
  const memory = new Map<string, string>()

  // Forbidden storage throws from any of its members.
  function attempt<Result>(job: (storage: Spare) => Result): Result | undefined {
    try {
      return storage && job(storage)
    } catch {
      return
    }
  }

  function remove(text: string): void {
    memory.delete(text)
    attempt(place => place.removeItem(prefix + text))
  }

  function list(): string[] {
    const names = attempt(place => Array.from({ length: place.length }, (_, index) => place.key(index) ?? '')) ?? []
    const texts = names.filter(key => key.startsWith(prefix)).map(key => key.slice(prefix.length))
    return [...new Set([...texts, ...memory.keys()])].sort()
  }

  return {
    put(key, value) {
      const [text, json] = [JSON.stringify(key), JSON.stringify(value)]
      memory.delete(text)
      const isKept = attempt(place => {
        place.setItem(prefix + text, json)
        return true
      })
      if (!isKept) memory.set(text, json)
    },
    remove(keys) {
      for (const key of keys) remove(JSON.stringify(key))
    },
    read() {
      const keys: IDBValidKey[] = []
      const values: unknown[] = []
      for (const text of list()) {
        try {
          const value: unknown = JSON.parse(memory.get(text) ?? attempt(place => place.getItem(prefix + text)) ?? '')
          keys.push(JSON.parse(text) as IDBValidKey)
          values.push(value)
        } catch {
          // Somebody else's, or cut short.
        }
      }
      return [keys, values]
    },
    clear() {
      list().forEach(remove)
    },
    isLasting: () => storage !== undefined && memory.size === 0,
  }
}
