import { LOCAL_EPOCH, isAcked, type Base } from '../session/ledger.ts'
import type { Limits } from '../session/limits.ts'
import type { Mutation } from '../session/mutations.ts'
import type { Notice, SyncAnswer } from '../session/protocol.ts'
import { openDatabase, type Database } from './database.ts'
import { createDisk, keyOf, nameValue, valueOf } from './disk.ts'
import { parseRow, type Active, type Row } from './entries.ts'
import { createHeld, type Draft, type Held, type Lacks } from './held.ts'
import { createLadder, type Rung } from './ladder.ts'
import { openSpare } from './spare.ts'
import { NO_ENTRIES, ownerOf, readEntries, type Entries, type Stored } from './stored.ts'

/** What a tab tells the others after a write: the row it added, or that there is something to read. */
export interface Hint {
  readonly log: string
  readonly key?: number | undefined
  readonly row?: Row | undefined
}

/** Whom the log tells. */
export interface LogHost {
  /** Another tab, or what was read, brought something. */
  changed(): void
  /** Another tab had everything forgotten. */
  forgotten(): void
  /** The rung changed or a write failed, with the error. */
  rung(rung: Rung, error?: unknown): void
  /** For the other tabs. */
  tell(hint: Hint): void
}

/** What a log needs. */
export interface LogOptions {
  /** Undefined keeps everything in memory. */
  readonly database: Database | undefined
  /** Keeps what is in the spare apart. */
  readonly scope: string
  /** This page load. */
  readonly writer: string
  readonly limits: Limits
  readonly clock: { now(): number; after(ms: number, job: () => void): () => void }
  /** A new id for a log. */
  readonly randomId: () => string
}

/** The log and the base on this device. Nothing here throws or rejects: what fails is told through `rung`. */
export interface Log extends Pick<Held, 'sessions' | 'mutations'> {
  /** Reads everything in one transaction. */
  load(): Promise<void>
  /** Lets the writing begin. */
  open(): void
  /** All that is known to be stored. */
  state(): Stored
  /** Whose a session's rows are: the active one's when no entry names it. */
  ownerOf(session: string): string
  /** Those mutations of a session that have their place in the log, and the key of the last of them. */
  placed(session: string): { readonly mutations: readonly Mutation[]; readonly key: number }
  /** Resolves when all that was given so far is saved, to where. */
  saved(): Promise<Rung>
  /** Resolves when all that is saved has its place. */
  placing(): Promise<void>
  /** Resolves when it is known whether another tab was first to name the session. */
  named(): Promise<void>
  /** Names the active session with its first row, or adds its epoch. */
  activate(integrationId: string, epoch?: string): void
  /** Queues a mutation for this tick's row and says where the row ended up. */
  append(session: string, mutation: Mutation): Promise<Rung>
  /** Writes what an answer brought: the base, or for a small answer the acknowledgement alone. */
  confirm(base: Base, notices: readonly Notice[], small?: SyncAnswer): Promise<void>
  /** Hides a notice for good, in every tab. */
  dismiss(id: string): void
  /** Takes in what another tab told. */
  hear(hint: Hint): void
  /** Reads what other tabs wrote, and writes what is missing. */
  refill(): Promise<void>
  /** Erases everything and begins a new log; the one call that rejects, since it was asked for. */
  forget(): Promise<void>
  /** Lets the connection go until the next use. */
  release(): void
  /** Nothing is read and no timer started any more; what was given is still written. */
  close(): void
}

// So many small answers may wait before the base is written again: the base costs by its size, an acknowledgement does not.
const MAX_ACKS = 16

// What the store lacked is written by the time `mended` resolves: who is in the middle of a write has to wait for neither.
interface Refilled {
  readonly mended: Promise<unknown>
}

const NOTHING_TO_MEND: Refilled = { mended: Promise.resolve() }

const nameOf = (scope: string): string => `session-cart:${scope}:1`

/**
 * The database of a scope. The format is part of the name: a new format is a new database, never an upgrade.
 *
 * @param scope Keeps carts on one origin apart.
 * @param randomId The id of the log whenever the database is made.
 */
export function openLogDatabase(scope: string, randomId: () => string): Database {
  return openDatabase(nameOf(scope), store => {
    const logId = randomId()
    store.add(nameValue({ logId, forgets: [] }), ['log'])
  })
}

/** Creates the log. It writes nothing before it is open. */
export function createLog(options: LogOptions, host: LogHost): Log {
  const { database, scope, writer, limits, clock, randomId } = options
  const held = createHeld(randomId)
  const spare = openSpare(database?.spare, nameOf(scope))
  const disk = createDisk(database ?? { relaxed: failing, strict: failing })
  const ladder = createLadder(clock, climb, lower, host.rung)
  let isLoaded = false
  let isClosed = false
  // Another tab wrote while this one was reading for the first time.
  let hasMissed = false
  let connections = 0
  let lines = 0
  let finishLoading: (() => Promise<void>) | undefined
  let flushed: Promise<Rung> | undefined
  let last: Promise<Rung> = Promise.resolve(database ? 'indexeddb' : 'memory')
  const beingNamed = new Set<Active>()
  let naming: Promise<unknown> = Promise.resolve()
  let reading: Promise<Refilled> | undefined
  let queued: Promise<Refilled> | undefined
  let begin: () => void
  const opened = new Promise<void>(resolve => (begin = resolve))

  if (!database) held.reset(randomId(), [])

  const logId = (): string => held.state().logId
  const newConnections = (): number => database?.connections?.() ?? 0

  function failing(): Promise<never> {
    return Promise.reject(new DOMException('There is no database.', 'NotSupportedError'))
  }

  function tell(key?: number, row?: Row): void {
    host.tell({ log: logId(), key, row })
  }

  function putLine({ session, mutations, lines: keys }: Draft, added = mutations): void {
    const key = ['row', clock.now() * 1000 + (lines++ % 1000), writer]
    keys.push(key)
    spare.put(key, { log: logId() || undefined, session, mutations: added })
  }

  // What is left in the spare of a draft that was there in several lines is one line.
  function putSpare(draft: Draft): void {
    const before = draft.lines.splice(0)
    draft.state = 'spared'
    putLine(draft)
    spare.remove(before)
  }

  function putActive(active: Active | undefined): void {
    if (active && active.k > 0) spare.put(['active', active.k], { log: logId(), ...active, k: undefined })
  }

  function putSpareBase(base: Base): void {
    spare.put(keyOf('base', base), valueOf(logId(), base, JSON.stringify(base.session)))
  }

  function lower(): Rung {
    return database && spare.isLasting() ? 'localstorage' : 'memory'
  }

  // What the page holds goes where it outlives the page, if anything does.
  function down(error: unknown): Rung {
    if (ladder.isUp()) {
      const { rows, bases, active } = held.state()
      spare.put(['log'], nameValue(held.state()))
      putActive(active)
      for (const { base } of bases.values()) putSpareBase(base)
      for (const { session, mutations } of rows.values()) {
        putLine({ session, mutations: [...mutations], state: 'spared', lines: [] })
      }
    }
    for (const draft of held.drafts('open', 'written')) putSpare(draft)
    return ladder.down(error)
  }

  // What this page put there it has in memory too.
  function readSpare(): Entries {
    const [keys, values] = spare.read()
    const isOthers = (_: unknown, index: number): boolean => (keys[index] as unknown[])[2] !== writer
    return [keys.filter(isOthers), values.filter(isOthers)]
  }

  async function climb(): Promise<void> {
    const [keys] = spare.read()
    const since = held.head()
    await mend(takeIn(readEntries(await disk.read(), readSpare(), limits), since))
    spare.remove(keys)
  }

  function takeIn(stored: Stored, since: number): Lacks {
    const count = newConnections()
    const lacks = held.take(stored, count !== connections, since)
    connections = count
    if (lacks.forgotten) host.forgotten()
    host.changed()
    return lacks
  }

  async function mend({ name, erasing, named, bases, notices }: Lacks): Promise<void> {
    if (erasing) await disk.erase(held.state())
    else if (name) await disk.putName(held.state())
    for (const session of named) await disk.putLeft(logId(), session)
    for (const session of bases) await writeBase(session, [])
    if (notices[0].length) await disk.putAll(notices)
    await writeDrafts()
    if (bases.length) tell()
  }

  // On the way up there is nobody to wait for: the next try reads again.
  async function readAgain(error?: unknown): Promise<void> {
    if (!ladder.isUp()) throw error ?? new DOMException('It is another store.', 'AbortError')
    await (
      await refill()
    ).mended
  }

  async function writeName(active: Active): Promise<void> {
    if (beingNamed.has(active)) return
    beingNamed.add(active)
    try {
      await disk.addActive(logId(), active)
      held.unname(active)
    } catch (error) {
      if ((error as Error).name !== 'ConstraintError') throw error
      // Another tab was first. Who only adds an epoch has nothing to learn from it.
      held.unname(active)
      if (Number.isInteger(active.k)) await readAgain(error)
    } finally {
      beingNamed.delete(active)
    }
  }

  async function writeRows(drafts: readonly Draft[]): Promise<void> {
    const log = logId()
    for (const draft of drafts) draft.state = 'writing'
    let keys: number[]
    try {
      keys = await disk.addRows(drafts.map(({ session, mutations }) => ({ log, session, mutations })))
    } catch (error) {
      for (const draft of drafts) draft.state = 'open'
      held.doubt(drafts.map(({ session }) => session))
      throw error
    }
    if (log !== logId()) return
    const isNewStore = newConnections() !== connections
    const isOld = isNewStore || keys.some(key => key <= held.head())
    let isNext = !isOld
    drafts.forEach((draft, index) => {
      const [key, row] = [keys[index] as number, { log, session: draft.session, mutations: draft.mutations }]
      isNext &&= held.put(key, row)
      if (isNext) held.drop(draft)
      else draft.state = 'written'
      tell(key, row)
    })
    // A number further on says that other tabs wrote before, and this row is saved all the same. One that was there before
    // says that this is not the store it was meant for.
    if (isOld) await readAgain()
    else if (!isNext) void refill()
    spare.remove(drafts.flatMap(draft => draft.lines.splice(0)))
  }

  // Names go in transactions of their own, begun in the same task: one that is taken must not take the rows down with it.
  async function writeDrafts(): Promise<void> {
    const drafts = held.drafts('open')
    if (!drafts.length) return
    const names = held.naming().map(writeName)
    naming = Promise.allSettled([naming, ...names])
    await Promise.all([writeRows(drafts), ...names])
  }

  async function flush(): Promise<Rung> {
    // Before the log id has been read a row could not say whose it is.
    await opened
    flushed = undefined
    if (!database) return 'memory'
    if (ladder.isUp()) {
      try {
        const job = finishLoading ?? writeDrafts
        finishLoading = undefined
        await job()
        return ladder.rung()
      } catch (error) {
        return down(error)
      }
    }
    held.naming().forEach(putActive)
    held.drafts('open').forEach(putSpare)
    await ladder.up()
    tell()
    return ladder.isUp() ? 'indexeddb' : lower()
  }

  function schedule(): Promise<Rung> {
    return (flushed ??= last = Promise.resolve().then(flush))
  }

  function refill(): Promise<Refilled> {
    if (!ladder.isUp()) return refillFromSpare()
    // One that is under way may have read before what the caller asks for was written.
    queued ??= (reading ?? opened).then(() => {
      queued = undefined
      reading = refillNow().finally(() => (reading = undefined))
      return reading
    })
    return queued
  }

  async function refillNow(): Promise<Refilled> {
    const [log, since] = [logId(), held.head()]
    try {
      const stored = readEntries(await disk.read(), NO_ENTRIES, limits, held.state())
      if (log === logId() && !isClosed) return { mended: mend(takeIn(stored, since)).catch(down) }
    } catch (error) {
      down(error)
    }
    return NOTHING_TO_MEND
  }

  async function refillFromSpare(): Promise<Refilled> {
    await opened
    await ladder.up()
    if (!ladder.isUp()) {
      held.takeSpare(readEntries(NO_ENTRIES, readSpare(), limits))
      host.changed()
    }
    return NOTHING_TO_MEND
  }

  async function writeBase(session: string, notices: readonly Notice[]): Promise<void> {
    const { bases, rows } = held.state()
    const stored = bases.get(session)
    if (!stored) return
    const { base, acks, keys } = stored
    const swept = held.takeObsolete()
    const covered: number[] = []
    for (const [key, row] of rows) {
      const isOwn = log.ownerOf(row.session) === session
      if (isOwn && row.mutations.every(mutation => isAcked(base.acked, mutation))) covered.push(key)
    }
    // Noted before the write: the next answer may come while it is under way.
    held.cover(session, { base, isWhole: true, keys: [keyOf('base', base)], acks: [] })
    try {
      await disk.putBase(logId(), base, notices, [...covered, ...acks, ...keys, ...swept], held.head())
      held.dropRows(covered)
    } catch (error) {
      // The next answer writes a base, which needs nothing that is missing, and clears up whatever is there.
      const now = held.state().bases.get(session)
      if (now) held.cover(session, { ...now, isWhole: false, keys: [...now.keys, ...keys], acks })
      held.giveBackObsolete(swept)
      throw error
    }
  }

  const log: Log = {
    sessions: held.sessions,
    mutations: held.mutations,
    state: held.state,
    ownerOf: session => ownerOf(held.state(), session),
    placed(session) {
      const key = held.lastKey(session)
      return { mutations: ladder.isUp() && database ? held.placed(session) : held.mutations(session), key }
    },
    async load() {
      if (database) {
        try {
          const entries = await disk.read()
          const there = readSpare()
          connections = newConnections()
          const lacks = held.take(readEntries(entries, there, limits), true, 0)
          finishLoading = async () => {
            await mend(lacks)
            spare.remove(there[0])
          }
        } catch (error) {
          held.takeSpare(readEntries(NO_ENTRIES, readSpare(), limits))
          down(error)
        }
      }
      isLoaded = true
    },
    open() {
      begin()
      if (finishLoading) void schedule()
      if (hasMissed) void log.refill()
    },
    saved: () => flushed ?? last,
    async placing() {
      await (flushed ?? last)
      if (held.drafts('written').length) await log.refill()
    },
    named: () => naming.then(() => {}),
    activate(integrationId, epoch) {
      const k = Math.floor(held.state().active?.k ?? 0)
      const active: Active = { integrationId, epoch, k: epoch === undefined ? k + 1 : k + 0.5 }
      held.name(active)
      if (epoch === undefined || !database) return
      if (ladder.isUp()) writeName(active).catch(down)
      else putActive(active)
    },
    append(session, mutation) {
      const draft = held.add(session, mutation)
      if (!isLoaded && database) putLine(draft, [mutation])
      return schedule()
    },
    async confirm(base, notices, small) {
      if (!logId()) return
      const session = base.session.integrationId
      const before = held.state().bases.get(session)
      const { keys = [], acks = [], isWhole = false } = before ?? {}
      // An acknowledgement is replayed from rows, so what it covers has to be in one.
      const isInRows = !held
        .drafts('open', 'spared')
        .some(draft => draft.session === session && draft.mutations.some(mutation => isAcked(base.acked, mutation)))
      const isKept = database && base.epoch === LOCAL_EPOCH
      if (!isKept) spare.remove(held.dropCovered(session, base.acked))
      held.cover(session, { ...before, base, isWhole, keys, acks })
      if (!database) return
      if (!ladder.isUp()) {
        // Without a server the rows stay: only together with the store they came from is a local base worth anything.
        if (!isKept) putSpareBase(base)
        for (const notice of notices) spare.put(['notice', notice.id], { log: logId(), session, notice })
        return
      }
      try {
        if (small && isInRows && isWhole && acks.length < MAX_ACKS) {
          held.cover(session, { ...before, base, isWhole, keys, acks: [...acks, keyOf('ack', base)] })
          await disk.putAck(logId(), base, notices, small)
        } else await writeBase(session, notices)
        tell()
      } catch (error) {
        down(error)
      }
    },
    dismiss(id) {
      held.dismiss(id)
      if (!logId() || !database) return
      const [key, value] = [['dismissed', id], { log: logId() }]
      if (!ladder.isUp()) return spare.put(key, value)
      disk.putAll([[key], [value]]).then(
        () => tell(),
        error => {
          spare.put(key, value)
          down(error)
        },
      )
    },
    hear({ log: id, key, row }) {
      hasMissed ||= !isLoaded
      if (!isLoaded || (id === logId() && key !== undefined && key <= held.head())) return
      const parsed =
        id === logId() && key !== undefined && ladder.isUp()
          ? parseRow((row ?? {}) as Row & { readonly [field: string]: unknown })
          : undefined
      if (parsed?.log === id && held.put(key as number, parsed)) host.changed()
      else if (database && !isClosed) void refill()
    },
    async refill() {
      if (database && isLoaded && !isClosed) await refill()
    },
    async forget() {
      const { logId: old, forgets } = held.state()
      held.reset(randomId(), [...forgets, old])
      spare.clear()
      if (!database) return
      try {
        await disk.erase(held.state())
        tell()
      } catch (error) {
        down(error)
        throw error
      }
    },
    release: () => database?.release?.(),
    close() {
      isClosed = true
      ladder.close()
    },
  }
  return log
}
