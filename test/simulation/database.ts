import type { Database } from '../../src/storage/database.ts'
import type { Faults } from './faults.ts'
import type { Page } from './page.ts'
import type { Scheduler } from './scheduler.ts'

type Key = number | string | readonly Key[]

const rankOf = (key: Key): number => ['number', 'string', 'object'].indexOf(typeof key)

/** The order of keys. Source: https://www.w3.org/TR/IndexedDB/#key-construct */
function compare(one: Key, other: Key): number {
  if (rankOf(one) !== rankOf(other)) return rankOf(one) - rankOf(other)
  if (!Array.isArray(one) || !Array.isArray(other)) return one < other ? -1 : Number(one > other)
  for (let index = 0; index < Math.min(one.length, other.length); index++) {
    const order = compare(one[index] as Key, other[index] as Key)
    if (order) return order
  }
  return one.length - other.length
}

interface Entry {
  readonly key: Key
  readonly value: unknown
}

interface Contents {
  readonly entries: ReadonlyMap<string, Entry>
  /** The last number that the key generator gave. */
  readonly last: number
}

/** A request as the product makes it, and what it does to the contents. */
interface Request {
  result: unknown
  error: DOMException | null
  onsuccess?: (() => void) | null
  onerror?: (() => void) | null
  /** Whether it takes room. */
  readonly isGrowing: boolean
  readonly run: (contents: Contents) => readonly [result: unknown, contents: Contents]
}

interface Transaction {
  error: DOMException | null
  oncomplete?: (() => void) | null
  onabort?: (() => void) | null
  onerror?: ((event: { target: Request }) => void) | null
  readonly commit: () => void
  readonly abort: () => void
}

/**
 * The database of a device: one store with a key generator, whose transactions run one after the other, in the order they
 * were begun in, each as a whole or not at all.
 */
export interface SimulatedDatabase {
  /** The database as a page reaches it. */
  connect(page: Page): Database
  /** What is on the disk, in the order of the keys. */
  entries(): readonly Entry[]
  /** What is on the disk now, to come back to. */
  snapshot(): () => void
}

export function createDatabase(scheduler: Scheduler, faults: Faults, randomId: () => string): SimulatedDatabase {
  let contents: Contents = { entries: new Map(), last: 0 }
  let busyUntil = 0

  function put(now: Contents, given: Key | undefined, value: unknown, isAdd: boolean): readonly [Key, Contents] {
    const key = given ?? now.last + 1
    const text = JSON.stringify(key)
    if (isAdd && now.entries.has(text)) throw new DOMException('The key exists.', 'ConstraintError')
    const entries = new Map(now.entries).set(text, { key, value: structuredClone(value) })
    return [key, { entries, last: typeof key === 'number' ? Math.max(now.last, Math.floor(key)) : now.last }]
  }

  function remove(now: Contents, key: Key): readonly [undefined, Contents] {
    const entries = new Map(now.entries)
    entries.delete(JSON.stringify(key))
    return [undefined, { ...now, entries }]
  }

  const sorted = ({ entries }: Contents): Entry[] => [...entries.values()].sort((a, b) => compare(a.key, b.key))

  function begin(page: Page, mode: IDBTransactionMode): unknown {
    const requests: Request[] = []
    let isAborted = false
    const request = (run: Request['run'], isGrowing = false): Request => {
      const made: Request = { result: undefined, error: null, isGrowing, run }
      requests.push(made)
      return made
    }
    const tx: Transaction = { error: null, commit() {}, abort: () => void (isAborted = true) }
    const store = {
      transaction: tx,
      add: (value: unknown, key?: Key) => request(now => put(now, key, value, true), true),
      put: (value: unknown, key?: Key) => request(now => put(now, key, value, false), true),
      delete: (key: Key) => request(now => remove(now, key)),
      clear: () => request(now => [undefined, { ...now, entries: new Map() }]),
      get: (key: Key) => request(now => [now.entries.get(JSON.stringify(key))?.value, now]),
      getAll: () => request(now => [sorted(now).map(({ value }) => value), now]),
      getAllKeys: () => request(now => [sorted(now).map(({ key }) => key), now]),
    }

    function abort(name: string): void {
      page.deliver(() => {
        tx.error = new DOMException(`${name}, as it was decided.`, name)
        for (const made of requests) {
          made.error = new DOMException('The transaction was aborted.', 'AbortError')
          made.onerror?.()
          tx.onerror?.({ target: made })
        }
        tx.onabort?.()
      })
    }

    function finish(): void {
      page.deliver(() => {
        for (const made of requests) {
          if (made.error) {
            made.onerror?.()
            tx.onerror?.({ target: made })
          } else made.onsuccess?.()
        }
      })
      scheduler.after(scheduler.random(), () => page.deliver(() => tx.oncomplete?.()))
    }

    function run(): void {
      // What a page leaves unfinished may be carried out or not.
      if (isAborted || (!page.isAlive && scheduler.strikes(0.5))) return abort('AbortError')
      const isWriting = mode === 'readwrite'
      if (faults.strikes('transaction aborted'))
        return abort(scheduler.strikes(0.3) ? 'QuotaExceededError' : 'UnknownError')
      const isHalf = isWriting && faults.strikes('request failed in a transaction that completed')
      // A disk that has no room for one has none for those after it.
      const failing = isHalf ? requests.slice(scheduler.below(requests.length)) : []
      let next = contents
      for (const made of requests) {
        try {
          if (made.isGrowing && failing.includes(made)) throw new DOMException('No room.', 'QuotaExceededError')
          ;[made.result, next] = made.run(next)
        } catch (error) {
          made.error = error as DOMException
          if (!failing.includes(made)) return abort(made.error.name)
        }
      }
      contents = next
      if (isWriting && faults.strikes('transaction unheard of')) return abort('UnknownError')
      finish()
    }

    const latency = faults.strikes('slow disk') ? scheduler.below(3000) : scheduler.random() * 3
    busyUntil = Math.max(busyUntil, scheduler.now()) + latency
    scheduler.after(busyUntil - scheduler.now(), run)
    return store
  }

  return {
    connect(page) {
      let isOpen = false
      const use: Database['relaxed'] = async (mode, callback) => {
        if (!isOpen) {
          await page.wait(1 + scheduler.random() * 5)
          isOpen = true
          // The transaction that makes the store names the log.
          if (contents.entries.size === 0) {
            const id = randomId()
            contents = put(contents, ['log'], { log: id, id, forgets: [], mark: randomId() }, true)[1]
          }
        }
        return callback(begin(page, mode) as IDBObjectStore)
      }
      return { relaxed: use, strict: use, connections: () => Number(isOpen), spare: page.spare }
    },
    entries: () => sorted(contents),
    snapshot() {
      const then = contents
      return () => void (contents = then)
    },
  }
}
