import { LOCAL_EPOCH } from '../session/ledger.ts'
import { createDisk } from './disk.ts'
import { parseRow, type Active, type Row } from './entries.ts'
import { databaseName } from './formats.ts'
import { createHeld, type Lacks } from './held.ts'
import { createLadder, type Rung } from './ladder.ts'
import type { Log, LogHost, LogOptions } from './log-types.ts'
import { createSpareLog } from './spare-log.ts'
import { NO_ENTRIES, ownerOf, readEntries, type Stored } from './stored.ts'
import { createWriting } from './writing.ts'

// What the store lacked is written by the time `mended` resolves: who is in the middle of a write has to wait for neither.
interface Refilled {
  readonly mended: Promise<unknown>
}

const NOTHING_TO_MEND: Refilled = { mended: Promise.resolve() }

const failing = (): Promise<never> => Promise.reject(new DOMException('There is no database.', 'NotSupportedError'))

/** Creates the log. It writes nothing before it is open. */
export function createLog(options: LogOptions, host: LogHost): Log {
  const { database, scope, writer, limits, clock, randomId } = options
  const held = createHeld(randomId)
  const logId = (): string => held.state().logId
  const spare = createSpareLog(database?.spare, databaseName(scope), writer, () => clock.now(), logId)
  const disk = createDisk(database ?? { relaxed: failing, strict: failing })
  const ladder = createLadder(clock, climb, lower, host.rung)
  let isLoaded = false
  let isClosed = false
  // Another tab wrote while this one was reading for the first time.
  let hasMissed = false
  let connections = 0
  let finishLoading: (() => Promise<void>) | undefined
  let flushed: Promise<Rung> | undefined
  let last: Promise<Rung> = Promise.resolve(database ? 'indexeddb' : 'memory')
  let reading: Promise<Refilled> | undefined
  let queued: Promise<Refilled> | undefined
  let begin: () => void
  const opened = new Promise<void>(resolve => (begin = resolve))
  if (!database) held.reset(randomId(), [])

  const newConnections = (): number => database?.connections?.() ?? 0
  const writing = createWriting({
    held,
    disk,
    tell,
    isNewStore: () => newConnections() !== connections,
    // On the way up there is nobody to wait for: the next try reads again.
    async readAgain(error) {
      if (!ladder.isUp()) throw error ?? new DOMException('It is another store.', 'AbortError')
      const { mended } = await refill()
      await mended
    },
    readSoon: () => void refill(),
    placed: lines => spare.remove(lines),
  })

  function tell(key?: number, row?: Row): void {
    host.tell({ log: logId(), key, row })
  }

  function lower(): Rung {
    return database && spare.isLasting() ? 'localstorage' : 'memory'
  }

  // What the page holds goes where it outlives the page, if anything does.
  function down(error: unknown): Rung {
    if (ladder.isUp()) spare.keepAll(held.state())
    held.drafts('open', 'written').forEach(spare.keep)
    return ladder.down(error)
  }

  async function climb(): Promise<void> {
    const [keys, since] = [spare.keys(), held.head()]
    await writing.mend(takeIn(readEntries(await disk.read(), spare.others(), limits), since))
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

  async function flush(): Promise<Rung> {
    // Before the log id has been read a row could not say whose it is.
    await opened
    flushed = undefined
    if (!database) return 'memory'
    if (ladder.isUp()) {
      try {
        const job = finishLoading ?? writing.drafts
        finishLoading = undefined
        await job()
        return ladder.rung()
      } catch (error) {
        return down(error)
      }
    }
    for (const active of held.naming()) spare.active(active)
    held.drafts('open').forEach(spare.keep)
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
      if (log === logId() && !isClosed) return { mended: writing.mend(takeIn(stored, since)).catch(down) }
    } catch (error) {
      down(error)
    }
    return NOTHING_TO_MEND
  }

  async function refillFromSpare(): Promise<Refilled> {
    await opened
    await ladder.up()
    if (!ladder.isUp()) {
      held.takeSpare(readEntries(NO_ENTRIES, spare.others(), limits))
      host.changed()
    }
    return NOTHING_TO_MEND
  }

  const log: Log = {
    sessions: held.sessions,
    mutations: held.mutations,
    state: held.state,
    ownerOf: session => ownerOf(held.state(), session),
    placed(session) {
      const mutations = ladder.isUp() && database ? held.placed(session) : held.mutations(session)
      return { mutations, key: held.lastKey(session) }
    },
    async load() {
      if (database) {
        try {
          let stored = readEntries(await disk.read(), spare.others(), limits)
          const isDrained = await database.drain?.(entries => disk.putAll(entries, stored.logId))
          if (isDrained) stored = readEntries(await disk.read(), spare.others(), limits)
          const keys = spare.keys()
          connections = newConnections()
          const lacks = held.take(stored, true, 0)
          finishLoading = async () => {
            await writing.mend(lacks)
            spare.remove(keys)
          }
        } catch (error) {
          held.takeSpare(readEntries(NO_ENTRIES, spare.others(), limits))
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
    sending(session) {
      if (!database || ladder.isUp()) return
      held.markSent(session)
      const active = held.naming().find(({ integrationId }) => integrationId === session)
      if (active) spare.active(active, true)
    },
    async placing() {
      await log.saved()
      if (held.drafts('written').length) await log.refill()
    },
    named: writing.named,
    activate(integrationId, epoch) {
      const k = Math.floor(held.state().active?.k ?? 0)
      const active: Active = { integrationId, epoch, k: epoch === undefined ? k + 1 : k + 0.5 }
      held.name(active)
      if (epoch === undefined || !database) return
      if (ladder.isUp()) writing.name(active).catch(down)
      else spare.active(active)
    },
    append(session, mutation) {
      const draft = held.add(session, mutation)
      if (!isLoaded && database) spare.leave(draft, [mutation])
      return schedule()
    },
    async confirm(base, notices, small) {
      if (!logId()) return
      const session = base.session.integrationId
      const isSmall = writing.isSmall(session, base, small)
      // A local base is worth something only together with the store whose rows it counts: until that is back, they stay.
      const isFloating = database && !ladder.isUp() && base.epoch === LOCAL_EPOCH
      if (!isFloating) {
        if (base.epoch !== LOCAL_EPOCH || !database) spare.remove(held.dropCovered(session, base.acked))
        held.cover(session, { isWhole: false, keys: [], acks: [], ...held.state().bases.get(session), base })
      }
      if (!database) return
      if (!ladder.isUp()) {
        if (!isFloating) spare.base(base)
        spare.notices(session, notices)
        return ladder.up()
      }
      try {
        if (small && isSmall) await writing.ack(base, notices, small)
        else await writing.base(session, notices)
        tell()
      } catch (error) {
        spare.notices(session, notices)
        down(error)
      }
    },
    dismiss(id) {
      held.dismiss(id)
      if (!logId() || !database) return
      if (!ladder.isUp()) return spare.dismissed(id)
      disk.putAll([[['dismissed', id]], [{}]], logId()).then(
        () => tell(),
        (error: unknown) => {
          spare.dismissed(id)
          down(error)
        },
      )
    },
    hear({ log: id, key, row }) {
      hasMissed ||= !isLoaded
      const isOwnLog = id === logId() && key !== undefined
      if (!isLoaded || (isOwnLog && key <= held.head())) return
      const parsed = isOwnLog && ladder.isUp() ? parseRow(Object(row) as Parameters<typeof parseRow>[0]) : undefined
      if (parsed?.log === id && held.put(key as number, parsed)) host.changed()
      else void log.refill()
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
