import { isAcked, type Base } from '../session/ledger.ts'
import type { Notice, SyncAnswer } from '../session/protocol.ts'
import { keyOf, type Disk } from './disk.ts'
import type { Active, Row } from './entries.ts'
import type { Draft, Held, Lacks } from './held-types.ts'
import { ownerOf, type StoredBase } from './stored.ts'

// So many small answers may wait before the base is written again: the base costs by its size, an acknowledgement does not.
const MAX_ACKS = 16

/** Brings what a tab holds to the database. All of it rejects when the database does not answer as it should. */
export interface Writing {
  /** The drafts of this tick, and the names that go with them. */
  drafts(): Promise<unknown>
  /** A name of its own accord. */
  name(active: Active): Promise<void>
  /**
   * The version on the disk that a small answer can follow, kept as it is for the next reading to fold. Undefined when
   * there is none: all that it counts on has to be in rows.
   */
  after(session: string, base: Base, answer: SyncAnswer | undefined): number | undefined
  /**
   * Writes the newest base of a session, which makes what it covers superfluous; or the small answer that led to it from the
   * version `after`, which deletes nothing. Resolves to whether the store has its name still.
   */
  confirm(session: string, answer?: SyncAnswer, after?: number): Promise<boolean>
  /** Notices that go with the next base or small answer of a session, whoever writes it. */
  note(session: string, notices: readonly Notice[]): void
  /** The name of a session that is sent although no entry names it: others would take what it owes for their own. */
  leave(session: string): Promise<void>
  /** What the store was found to lack. */
  mend(lacks: Lacks): Promise<void>
  /** Resolves when no name is under way. */
  named(): Promise<unknown>
}

/** What {@link createWriting} works with. */
export interface WritingContext {
  readonly held: Held
  readonly disk: Disk
  /** Whether the database was opened anew since it was last read. */
  readonly isNewStore: () => boolean
  /** Reads again and writes what is missing. */
  readonly readAgain: (error?: unknown) => Promise<void>
  /** Reads again some time. */
  readonly readSoon: () => void
  /** Whoever has lines in the spare needs them no more. */
  readonly placed: (lines: readonly IDBValidKey[]) => void
  /** What was to be forgotten is gone, and nobody has to be told in the spare. */
  readonly erased: () => void
  /** Tells the other tabs. */
  readonly tell: (key?: number, row?: Row) => void
}

/** Creates the writing of a log. */
export function createWriting(context: WritingContext): Writing {
  const { held, disk, isNewStore, readAgain, readSoon, placed, erased, tell } = context
  const underWay = new Set<Active>()
  // Notices, with their sessions, until a write that has them is known to have succeeded: the one before may yet fail.
  const owed = new Map<Notice, string>()
  const draftWrites = new Set<Promise<void>>()
  let named: Promise<unknown> = Promise.resolve()
  const logId = (): string => held.state().logId

  async function name(active: Active): Promise<void> {
    if (underWay.has(active)) return
    underWay.add(active)
    const log = logId()
    try {
      await disk.addActive(log, active)
      // An entry of another log names nothing here.
      if (log === logId()) held.unname(active)
    } catch (error) {
      if ((error as Error).name !== 'ConstraintError') throw error
      // Another tab was first. Who only adds an epoch has nothing to learn from it.
      if (!Number.isInteger(active.k)) return held.unname(active)
      held.deny(active)
      await readAgain(error)
    } finally {
      underWay.delete(active)
    }
  }

  async function rows(drafts: readonly Draft[]): Promise<void> {
    const log = logId()
    const made = drafts.map(draft => {
      // Of another page that did not know yet. Another session may be active when this is tried again.
      const session = (draft.session ||= ownerOf(held.state(), ''))
      return { log, session, k: held.claimOf(session), mutations: draft.mutations }
    })
    for (const draft of drafts) draft.state = 'writing'
    const reopen = (): void => {
      for (const draft of drafts) draft.state = 'open'
      held.doubt(drafts.map(({ session }) => session))
    }
    let keys: number[]
    try {
      keys = await disk.addRows(made)
    } catch (error) {
      reopen()
      throw error
    }
    if (log !== logId()) {
      // The store was read meanwhile and has another log, whose readers pass these rows over. What was forgotten is no
      // draft any more.
      reopen()
      return writeDrafts()
    }
    const isOld = isNewStore() || keys.some(key => key <= held.head())
    let isNext = !isOld
    drafts.forEach((draft, index) => {
      const [key, row] = [keys[index] as number, made[index] as Row]
      isNext &&= held.put(key, row)
      if (isNext) held.drop(draft)
      else draft.state = 'written'
      tell(key, row)
    })
    // Before a draft that has to be written again is given another line.
    const lines = drafts.flatMap(draft => draft.lines.splice(0))
    // A number further on says that other tabs wrote before, and this row is saved all the same. One that was there before
    // says that this is not the store it was meant for.
    if (isOld) await readAgain()
    else if (!isNext) readSoon()
    placed(lines)
  }

  // In transactions of their own, begun in the task of the rows: one that is taken must not take the rows down with it.
  function names(): Promise<unknown> {
    const all = held.naming().map(name)
    named = Promise.allSettled([named, ...all])
    return Promise.all(all)
  }

  function writeDrafts(): Promise<void> {
    const open = held.drafts('open')
    if (!open.length) return Promise.resolve()
    const write = writeOpen(open).finally(() => draftWrites.delete(write))
    draftWrites.add(write)
    return write
  }

  async function writeOpen(open: readonly Draft[]): Promise<void> {
    if (!held.naming().length) return rows(open)
    const writes = [names(), rows(open)]
    // A row may be there although its name is not, and whoever finds it takes it for his own.
    named = Promise.allSettled([named, ...writes])
    for (const result of await Promise.allSettled(writes)) if (result.status === 'rejected') throw result.reason
  }

  async function withOwed<Result>(
    session: string,
    put: (notices: readonly Notice[]) => Promise<Result>,
  ): Promise<Result> {
    const notices = [...owed].filter(([, own]) => own === session).map(([notice]) => notice)
    const result = await put(notices)
    for (const notice of notices) owed.delete(notice)
    return result
  }

  async function base(session: string): Promise<boolean> {
    const state = held.state()
    const stored = state.bases.get(session)
    if (!stored) return true
    const { base: newest, acks, keys } = stored
    const swept = held.takeObsolete()
    const covered: number[] = []
    for (const [key, row] of state.rows) {
      const isOwn = ownerOf(state, row.session) === session
      if (isOwn && row.mutations.every(mutation => isAcked(newest.acked, mutation))) covered.push(key)
    }
    // Noted before the write: the next answer may come while it is under way.
    held.cover(session, { base: newest, isWhole: true, keys: [keyOf('base', newest)], acks: [] })
    try {
      const obsolete = [...covered, ...acks, ...keys, ...swept]
      const isNamed = await withOwed(session, notices => disk.putBase(state, newest, notices, obsolete, held.head()))
      held.dropRows(covered)
      return isNamed
    } catch (error) {
      // The next answer writes a base, which needs nothing that is missing, and clears up whatever is there.
      const now = held.state().bases.get(session)
      if (now) held.cover(session, { ...now, isWhole: false, keys: [...now.keys, ...keys], acks })
      held.giveBackObsolete(swept)
      throw error
    }
  }

  return {
    // What the caller waits for may have been taken along by whoever mends, or writes again.
    drafts: () => (held.drafts('open').length ? writeDrafts() : Promise.all(draftWrites)),
    name,
    named: () => named,
    after(session, { acked }, answer) {
      const stored = held.state().bases.get(session)
      if (!answer || !stored?.isWhole || stored.acks.length >= MAX_ACKS) return
      const isAhead = held
        .drafts('open', 'spared')
        .some(draft => draft.session === session && draft.mutations.some(mutation => isAcked(acked, mutation)))
      return isAhead ? undefined : stored.base.version
    },
    async confirm(session, answer, after) {
      if (!answer || after === undefined) return base(session)
      const stored = held.state().bases.get(session) as StoredBase
      // Noted before the write, as a base is.
      held.cover(session, { ...stored, acks: [...stored.acks, keyOf('ack', stored.base)] })
      return withOwed(session, told => disk.putAck(held.state(), stored.base, told, answer, after))
    },
    note(session, notices) {
      held.note(notices)
      for (const notice of notices) owed.set(notice, session)
    },
    async leave(session) {
      if (!held.state().named.has(session)) await disk.putLeft(logId(), session)
    },
    async mend(lacks) {
      if (lacks.erasing) {
        await disk.erase(held.state())
        // The next try would take what is new.
        erased()
        tell()
      } else if (lacks.name) await disk.putName(held.state())
      for (const session of lacks.named) await disk.putLeft(logId(), session)
      // Before the base: a tab that reads in between would take what a notice tells of for accepted.
      if (lacks.notices[0].length) await disk.putAll(lacks.notices, logId())
      for (const session of lacks.bases) await base(session)
      // Told now: what follows may fail.
      if (lacks.bases.length || lacks.notices[0].length) tell()
      // No row may follow that brings them along.
      if (lacks.name || lacks.bases.length) await names()
      await writeDrafts()
    },
  }
}
