import { promisifyRequest, type UseStore } from 'idb-keyval'
import { isText } from '../session/json.ts'
import { isAcked, type Base } from '../session/ledger.ts'
import type { Limits } from '../session/limits.ts'
import type { Mutation } from '../session/mutations.ts'
import type { Acked, Notice, SyncAnswer } from '../session/protocol.ts'
import { openDatabase, type Database } from './database.ts'
import type { Row } from './entries.ts'
import { readEntries, type Stored } from './stored.ts'
import { write } from './write.ts'

/** Where the cart is kept. */
export type Rung = 'indexeddb' | 'localstorage' | 'memory'

/** The log and the base on this device. Nothing here throws or rejects: what fails is told through `onRung`. */
export interface Log {
  /** Reads everything in one transaction; undefined when there is nothing to read from. */
  load(): Promise<Stored | undefined>
  /** Lets the writing begin. What was queued under the session `early` belongs to `integrationId`. */
  open(early: string, integrationId: string): void
  /** The key of the last row of a session; 0 without one. */
  lastKey(session: string): number
  /** Resolves when all that was given so far is saved, to where. */
  saved(): Promise<Rung>
  /** Names the active session, and its epoch once that is known. */
  activate(integrationId: string, epoch?: string): void
  /** Queues a mutation for this tick's row and says where the row ended up. */
  append(session: string, mutation: Mutation): Promise<Rung>
  /** Writes what an answer brought: the base, or for a small answer the acknowledgement alone. */
  confirm(base: Base, notices: readonly Notice[], small?: SyncAnswer): Promise<void>
  /** Hides a notice for good, in every tab. */
  dismiss(id: string): void
  /** Erases everything and begins a new log; the one call that rejects, since it was asked for. */
  forget(): Promise<void>
}

// So many small answers may wait before the base is written again: the base costs by its size, an acknowledgement does not.
const MAX_ACKS = 16

/**
 * The database of a scope. The format is part of the name: a new format is a new database, never an upgrade.
 *
 * @param scope Keeps carts on one origin apart.
 * @param logId The id of the log when the database is made.
 */
export function openLogDatabase(scope: string, logId: string): Database {
  return openDatabase(`session-cart:${scope}:1`, store => store.add({ id: logId, forgets: [], log: logId }, ['log']))
}

function readAll(useStore: UseStore): Promise<[IDBValidKey[], unknown[]]> {
  return useStore('readonly', store =>
    Promise.all([promisifyRequest(store.getAllKeys()), promisifyRequest<unknown[]>(store.getAll())]),
  )
}

/**
 * @param database Undefined keeps everything in memory.
 * @param randomId A new id for a log.
 * @param onRung Told whenever the rung changes or a write fails, with the error.
 */
export function createLog(
  database: Database | undefined,
  limits: Limits,
  randomId: () => string,
  onRung: (rung: Rung, error?: unknown) => void,
): Log {
  let logId: string | undefined
  let forgets: readonly string[] = []
  let lastActive = 0
  let rows = new Map<number, Row>()
  let acks = new Map<string, readonly IDBValidKey[]>()
  let bases = new Map<string, readonly IDBValidKey[]>()
  // Sessions whose base and acknowledgements on the disk lead up to the base in memory without a hole.
  let chained = new Set<string>()
  let obsolete: IDBValidKey[] = []
  let unsaved = new Map<string, Mutation[]>()
  let unnamed: { integrationId: string; epoch: string | undefined }[] = []
  // A row could not be written and waits in memory.
  let isBehind = false
  let flushed: Promise<Rung> | undefined
  let last: Promise<Rung> = Promise.resolve(database ? 'indexeddb' : 'memory')

  async function attempt<Result>(job: (useStore: UseStore) => Promise<Result>): Promise<Result | undefined> {
    if (!database) return
    try {
      const result = await job(database.relaxed)
      // While a row lives in memory alone, another write that went well does not make it safe.
      if (!isBehind) onRung('indexeddb')
      return result
    } catch (error) {
      onRung('memory', error)
      return
    }
  }

  async function flush(): Promise<Rung> {
    // Before the log id has been read a row could not say whose it is.
    await opened
    flushed = undefined
    if (!database || !logId) return 'memory'
    const log = logId
    const written = unsaved
    const naming = unnamed
    if (!written.size && !naming.length) return isBehind ? 'memory' : 'indexeddb'
    unsaved = new Map()
    unnamed = []
    const fresh = [...written].map(([session, mutations]): Row => ({ log, session, mutations }))
    isBehind = false
    const keys = await attempt(async useStore => {
      const requests: IDBRequest<IDBValidKey>[] = []
      await write(useStore, store => {
        // In the transaction of the rows: rows of a session that nothing names would be taken for another one's.
        const named = naming.map(entry => store.add({ log, ...entry }, ['active', ++lastActive]))
        for (const row of fresh) requests.push(store.add(row))
        return requests.at(-1) ?? (named.at(-1) as IDBRequest<IDBValidKey>)
      })
      return requests.map(request => request.result as number)
    })
    if (log !== logId) return 'memory'
    if (keys) {
      fresh.forEach((row, index) => rows.set(keys[index] as number, row))
      return 'indexeddb'
    }
    // What could not be written goes in front of the next row.
    isBehind = true
    unnamed = [...naming, ...unnamed]
    for (const [session, mutations] of written) unsaved.set(session, [...mutations, ...(unsaved.get(session) ?? [])])
    return 'memory'
  }

  function coveredRows(session: string, acked: Acked): number[] {
    const keys: number[] = []
    for (const [key, row] of rows) {
      if (row.session === session && row.mutations.every(mutation => isAcked(acked, mutation))) keys.push(key)
    }
    return keys
  }

  function take(stored: Stored): void {
    logId = stored.logId
    forgets = stored.forgets
    lastActive = stored.active?.k ?? 0
    rows = new Map(stored.rows)
    obsolete = [...stored.obsolete]
    acks = new Map(stored.acks)
    bases = new Map(stored.bases)
    chained = new Set(stored.chained)
  }

  let begin: () => void
  const opened = new Promise<void>(resolve => (begin = resolve))
  return {
    async load() {
      const stored = await attempt(async useStore => {
        const [keys, values] = await readAll(useStore)
        const read = readEntries(keys, values, limits)
        if (read.logId) return read
        // The entry that names the log is lost. Every other one carries its id, so the log takes the name they know.
        const id = values.map(value => (value as Partial<Row> | null)?.log).find(isText) ?? randomId()
        await write(useStore, store => store.put({ log: id, id, forgets: [] }, ['log']))
        return readEntries(...(await readAll(useStore)), limits)
      })
      if (stored) take(stored)
      return stored
    },
    open(early, integrationId) {
      const queued = unsaved.get(early)
      unsaved.delete(early)
      if (queued) unsaved.set(integrationId, queued)
      begin()
    },
    lastKey: session => Math.max(0, ...[...rows].filter(([, row]) => row.session === session).map(([key]) => key)),
    saved: () => flushed ?? last,
    activate(integrationId, epoch) {
      unnamed.push({ integrationId, epoch })
      flushed ??= last = Promise.resolve().then(flush)
    },
    append(session, mutation) {
      const list = unsaved.get(session)
      if (list) list.push(mutation)
      else unsaved.set(session, [mutation])
      return (flushed ??= last = Promise.resolve().then(flush))
    },
    async confirm(base, notices, small) {
      if (!logId) return
      const { epoch = '', version, session, acked, estimated, effects, gone } = base
      const { integrationId } = session
      const before = bases.get(integrationId) ?? []
      const waiting = acks.get(integrationId) ?? []
      const swept = obsolete
      const queued = unsaved.get(integrationId) ?? []
      const rest = queued.filter(mutation => !isAcked(acked, mutation))
      // An acknowledgement is replayed from rows, so what it covers has to be in one.
      const isInRows = rest.length === queued.length
      const isSmall = small !== undefined && isInRows && chained.has(integrationId) && waiting.length < MAX_ACKS
      const key: IDBValidKey = [isSmall ? 'ack' : 'base', integrationId, epoch, version]
      // An acknowledgement deletes nothing: the rows it covers are what its base is made of.
      const covered = isSmall ? [] : coveredRows(integrationId, acked)
      const replaced = isSmall ? [] : [...covered, ...waiting, ...before, ...swept]
      if (rest.length) unsaved.set(integrationId, rest)
      else unsaved.delete(integrationId)
      isBehind &&= unsaved.size + unnamed.length > 0
      // Noted before the write: the next answer may come while it is under way.
      if (isSmall) acks.set(integrationId, [...waiting, key])
      else {
        acks.delete(integrationId)
        bases.set(integrationId, [key])
        chained.add(integrationId)
        obsolete = []
      }
      const written = await attempt(useStore =>
        write(useStore, store => {
          for (const old of replaced) store.delete(old)
          for (const notice of notices) store.put({ log: logId, session: integrationId, notice }, ['notice', notice.id])
          if (isSmall) return store.put({ log: logId, ...small, session: undefined }, key)
          const text = JSON.stringify(session)
          return store.put({ log: logId, session: text, acked, estimated, effects, gone }, key)
        }),
      )
      if (written !== undefined) for (const row of covered) rows.delete(row)
      else {
        // The next answer writes a base, which needs nothing that is missing, and clears up whatever is there.
        chained.delete(integrationId)
        acks.set(integrationId, isSmall ? [...waiting, key] : waiting)
        bases.set(integrationId, isSmall ? before : [...before, key])
        obsolete = [...swept, ...obsolete]
      }
    },
    dismiss(id) {
      if (logId) void attempt(useStore => write(useStore, store => store.put({ log: logId }, ['dismissed', id])))
    },
    async forget() {
      forgets = logId ? [...forgets, logId] : forgets
      logId = randomId()
      lastActive = 0
      rows.clear()
      acks.clear()
      bases.clear()
      chained.clear()
      unsaved.clear()
      obsolete = []
      unnamed = []
      isBehind = false
      const entry = { log: logId, id: logId, forgets }
      if (!database) return
      await write(database.strict, store => {
        store.clear()
        return store.put(entry, ['log'])
      })
    },
  }
}
