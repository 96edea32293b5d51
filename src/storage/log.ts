import { LOCAL_EPOCH } from '../session/ledger.ts'
import { createDisk } from './disk.ts'
import { settleIn } from './early.ts'
import { parseRow, type Active, type Row } from './entries.ts'
import { databaseName } from './formats.ts'
import type { Lacks } from './held-types.ts'
import { createHeld } from './held.ts'
import { createLadder, type Rung } from './ladder.ts'
import type { Log, LogHost, LogOptions } from './log-types.ts'
import { NOTHING_TO_MEND, oneAtATime, type Refilled } from './refill.ts'
import { createSpareLog } from './spare-log.ts'
import { NO_ENTRIES, ownerOf, readEntries, type Stored } from './stored.ts'
import { createWriting } from './writing.ts'

/** Creates the log. It writes nothing before it is open. */
export function createLog(options: LogOptions, host: LogHost): Log {
  const { database, scope, writer, limits, clock, randomId } = options
  const held = createHeld(randomId)
  const logId = (): string => held.state().logId
  const spare = createSpareLog(database?.spare, databaseName(scope), writer, () => clock.now(), logId, held.claimOf)
  const disk = createDisk(database)
  const ladder = createLadder(clock, climb, () => lower(), host.rung)
  let isLoaded = false
  // What the database holds has been seen, and what its log is called.
  let hasRead = false
  let isClosed = false
  // Another tab wrote while this one was reading for the first time.
  let hasMissed = false
  let connections = 0
  let finishLoading: (() => Promise<void>) | undefined
  let flushed: Promise<Rung> | undefined
  let last: Promise<Rung> = Promise.resolve(database ? 'indexeddb' : 'memory')
  let begin: () => void
  const opened = new Promise<void>(resolve => (begin = resolve))
  if (!database) held.reset(randomId(), [])

  const tell = (key?: number, row?: Row): void => host.tell({ log: logId(), key, row })
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
    erased: spare.erased,
  })

  const lower = (): Rung => (database && spare.isLasting() ? 'localstorage' : 'memory')

  // What the page holds goes where it outlives the page, if anything does.
  function down(error: unknown): Rung {
    if (ladder.isUp()) spare.keepAll(held.state())
    held.drafts('open', 'written').forEach(spare.keep)
    return ladder.down(error)
  }

  function downAndTell(error: unknown): Rung {
    down(error)
    tell()
    return ladder.rung()
  }

  async function climb(isThere: () => void): Promise<void> {
    // Commands and answers may come meanwhile.
    for (let puts = -1; puts !== spare.puts();) {
      const [keys, since] = [spare.keys(), held.head()]
      puts = spare.puts()
      await writing.mend(takeIn(readEntries(await disk.read(), spare.others(), limits), since))
      spare.remove(keys)
    }
    isThere()
  }

  // What there is to go by while the database does not answer.
  function takeSpare(): void {
    if (held.takeSpare(readEntries(NO_ENTRIES, spare.others(), limits))) host.forgotten()
  }

  function takeIn(stored: Stored, since: number): Lacks {
    const count = newConnections()
    const lacks = held.take(stored, count !== connections, since)
    connections = count
    hasRead = true
    if (lacks.forgotten) host.forgotten()
    host.changed(lacks.moved)
    return lacks
  }

  async function flush(): Promise<Rung> {
    // Before the log id has been read a row could not say whose it is.
    await opened
    flushed = undefined
    if (!database) return 'memory'
    if (!ladder.isUp()) {
      if (held.naming().length) takeSpare()
      for (const active of held.naming()) spare.active(active)
      held.drafts('open').forEach(spare.keep)
      tell()
      await ladder.up()
      if (!ladder.isUp()) return lower()
    }
    try {
      const job = finishLoading ?? writing.drafts
      finishLoading = undefined
      await job()
      return ladder.rung()
    } catch (error) {
      return downAndTell(error)
    }
  }

  // Set before `flush` clears it, which waits first.
  const schedule = (): Promise<Rung> => (flushed ??= last = flush())

  const refillQueued = oneAtATime(opened, refillNow)

  function refill(): Promise<Refilled> {
    return ladder.isUp() ? refillQueued() : refillFromSpare()
  }

  async function refillNow(): Promise<Refilled> {
    const [log, since] = [logId(), held.head()]
    try {
      const stored = readEntries(await disk.read(), NO_ENTRIES, limits, held.state())
      if (log === logId() && !isClosed) return { mended: writing.mend(takeIn(stored, since)).catch(down) }
    } catch (error) {
      down(error)
      takeSpare()
      host.changed()
    }
    return NOTHING_TO_MEND
  }

  async function refillFromSpare(): Promise<Refilled> {
    await opened.then(ladder.up)
    // What the caller asks for may have been written after the way up had read.
    if (ladder.isUp()) return refill()
    takeSpare()
    host.changed()
    return NOTHING_TO_MEND
  }

  const log: Log = {
    sessions: held.sessions,
    mutations: held.mutations,
    state: held.state,
    ownerOf: session => ownerOf(held.state(), session),
    placed: session => ({
      mutations: ladder.isUp() && database ? held.placed(session) : held.mutations(session),
      key: held.lastKey(session),
    }),
    async load() {
      if (database) {
        try {
          // While the database opens. A line that another tab takes into it meanwhile is found twice and counts once.
          const [reading, others, keys] = [disk.read(), spare.others(), spare.keys()]
          let stored = readEntries(await reading, others, limits)
          if (await database.drain?.(entries => disk.putAll(entries, stored.logId)))
            stored = readEntries(await disk.read(), others, limits)
          connections = newConnections()
          const lacks = held.take(stored, true, 0)
          hasRead = true
          finishLoading = async () => {
            await writing.mend(lacks)
            spare.remove(keys)
          }
        } catch (error) {
          takeSpare()
          down(error)
        }
      }
      isLoaded = true
    },
    open() {
      begin()
      if (finishLoading) void schedule().then(() => (hasMissed ? log.refill() : undefined))
    },
    saved: () => flushed ?? last,
    async sending(session) {
      // Who only asks makes no session.
      if (!held.mutations(session).length) return
      // The database answers; what is given here may be in another session already.
      if (held.isDenied(session)) await log.refill()
      if (held.isDenied(session)) throw new DOMException('Another tab has named the session.', 'ConstraintError')
      held.markSent(session)
      if (!database) return
      if (ladder.isUp()) return void (await writing.leave(session).catch(down))
      for (const active of held.naming()) if (active.integrationId === session) spare.active(active, true)
    },
    placing: async () => {
      await log.saved()
      if (held.drafts('written').length) await log.refill()
    },
    named: () => writing.named().then(() => (held.naming().length && !ladder.isUp() ? ladder.up() : undefined)),
    settle: settleIn(held, spare),
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
      const after = writing.after(session, base, small)
      // A local base is worth something only together with the store whose rows it counts: until that is back, they stay.
      const isFloating = database && !ladder.isUp() && base.epoch === LOCAL_EPOCH
      if (!isFloating) {
        if (base.epoch !== LOCAL_EPOCH || !database) spare.remove(held.dropCovered(session, base.acked))
        held.cover(session, { isWhole: false, keys: [], acks: [], ...held.state().bases.get(session), base })
      }
      if (!database) return
      writing.note(session, notices)
      if (!ladder.isUp()) {
        spare.notices(session, notices)
        if (!isFloating) spare.base(base)
        return ladder.up()
      }
      try {
        if (!(await writing.confirm(session, small, after))) void log.refill()
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
      disk.putAll([[['dismissed', id]], [{}]], logId()).then(() => tell(), downAndTell)
    },
    hear({ log: id, key, row }) {
      hasMissed ||= !isLoaded
      const isOwnLog = id === logId() && key !== undefined
      if (!isLoaded || (isOwnLog && key <= held.head())) return
      const parsed = isOwnLog && ladder.isUp() ? parseRow(Object(row) as Parameters<typeof parseRow>[0]) : undefined
      // Whose the row of a session is that nothing here names, the store knows.
      const isClear = parsed && parsed.log === id && held.state().named.has(parsed.session)
      if (isClear && held.put(key as number, parsed)) host.changed()
      else void log.refill()
    },
    refill: async () => void (database && isLoaded && !isClosed && (await refill())),
    async forget() {
      const { logId: old, forgets } = held.state()
      held.reset(randomId(), [...forgets, old])
      spare.clear()
      if (!database) return
      spare.forgotten(held.state(), hasRead)
      try {
        await disk.erase(held.state())
        spare.erased()
        tell()
      } catch (error) {
        downAndTell(error)
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
