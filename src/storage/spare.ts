import type { Spare } from './database.ts'
import type { Entries } from './stored.ts'

/** Entries outside the database: in `localStorage`, and in memory when that is full or forbidden. */
export interface SpareStore {
  /** How often something was put there. */
  puts(): number
  /** Never throws. */
  put(key: IDBValidKey, value: object): void
  remove(keys: Iterable<IDBValidKey>): void
  /** In the order of the keys' texts. */
  read(): Entries
  clear(): void
  /** Whether all of it outlives the page. */
  isLasting(): boolean
}

// Of an entry. Any other would make the transaction fail that it goes into.
function isKey(key: unknown): key is (string | number)[] {
  return Array.isArray(key) && key.every(part => typeof part === 'string' || typeof part === 'number')
}

/**
 * @param storage Undefined keeps the entries in memory.
 * @param name What the keys begin with.
 */
export function openSpare(storage: Spare | undefined, name: string): SpareStore {
  const prefix = `${name} `
  const memory = new Map<string, string>()
  let puts = 0

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
    puts: () => puts,
    put(key, value) {
      puts++
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
          const key: unknown = JSON.parse(text)
          if (!isKey(key)) continue
          keys.push(key)
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
