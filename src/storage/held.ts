import { LOCAL_EPOCH, isAcked, type Base } from '../session/ledger.ts'
import type { Mutation } from '../session/mutations.ts'
import { ackedOf, type Acked } from '../session/protocol.ts'
import { inLogOrder, type Active, type Row } from './entries.ts'
import { NOTHING_STORED, ownerOf, type Entries, type Stored, type StoredBase } from './stored.ts'

/** The mutations of one tick and session, on their way into the log. */
export interface Draft {
  readonly session: string
  readonly mutations: Mutation[]
  /**
   * `open` is to be written, `writing` is under way; `written` is in the database, at a place that only reading it shows;
   * `spared` waits in the spare for the database to be in order again.
   */
  state: 'open' | 'writing' | 'written' | 'spared'
  /** Its keys in the spare. */
  readonly lines: IDBValidKey[]
}

/** What the store lacks of what this tab holds. */
export interface Lacks {
  /** The entry that names the log, or ids in its list. */
  readonly name: boolean
  /** What is there was to be forgotten. */
  readonly erasing: boolean
  /** Sessions left behind that no entry names although they owe something. */
  readonly named: readonly string[]
  /** Sessions whose base here is newer. */
  readonly bases: readonly string[]
  readonly notices: Entries
}

/** What a tab holds of the log in memory: all it has read or heard of, and what it has yet to write. */
export interface Held {
  /** What was read last, brought up to date. */
  state(): Stored
  /** Sessions with anything in the log. */
  sessions(): Set<string>
  /** A session's mutations in log order, also those that its base covers. */
  mutations(session: string): Mutation[]
  /** Those of them that are in rows. */
  placed(session: string): Mutation[]
  /** The key of a session's last row; 0 without one. */
  lastKey(session: string): number
  /** The key that every row of this tab and the others has reached. */
  head(): number
  drafts(...states: Draft['state'][]): Draft[]
  /** Takes a mutation into the draft of this tick. */
  add(session: string, mutation: Mutation): Draft
  /** Puts a row at the end of the log; false when it is not the next one. */
  put(key: number, row: Row): boolean
  drop(draft: Draft): void
  /** Names a session; the entry is yet to be written. */
  name(active: Active): void
  /** Entries that name sessions and are yet to be written. */
  naming(): readonly Active[]
  /** The entry was written, or another one stands in its place. */
  unname(active: Active): void
  /** Puts a base in place. */
  cover(session: string, base: StoredBase): void
  /** The store may lack rows that acknowledgements of these sessions count on. */
  doubt(sessions: readonly string[]): void
  /** Drops what a base covers of what is yet to be written; returns the keys it had in the spare. */
  dropCovered(session: string, acked: Acked): IDBValidKey[]
  dropRows(keys: readonly number[]): void
  /** What may be deleted with the next base; it is taken to be deleted. */
  takeObsolete(): readonly IDBValidKey[]
  giveBackObsolete(keys: readonly IDBValidKey[]): void
  dismiss(id: string): void
  /** Begins an empty log. */
  reset(logId: string, forgets: readonly string[]): void
  /**
   * Takes in what was read and says what it lacks; `forgotten` when another tab had this log forgotten.
   *
   * @param isNewStore Keys may have begun anew.
   * @param since The head when the reading began.
   */
  take(stored: Stored, isNewStore: boolean, since: number): Lacks & { readonly forgotten: boolean }
  /** Takes in what other tabs put into the spare while no database answers. */
  takeSpare(stored: Stored): void
}

const idOfActive = ({ integrationId }: Active): string => integrationId

// Whether one acknowledgement has all that the other has.
function isAhead(one: Acked, other: Acked): boolean {
  return Object.entries(other).every(([writer, n]) => n <= ackedOf(one, writer))
}

// Local versions of two stores say nothing of each other: there the base that has all of the other is newer.
function isNewer(mine: Base, theirs: Base): boolean {
  if (mine.epoch !== theirs.epoch) return false
  if (mine.epoch === LOCAL_EPOCH) return mine.version > theirs.version && isAhead(mine.acked, theirs.acked)
  if (mine.version !== theirs.version) return mine.version > theirs.version
  return (mine.gone && !theirs.gone) || !isAhead(theirs.acked, mine.acked)
}

/** @param randomId A new id for a log. */
export function createHeld(randomId: () => string): Held {
  let known: Stored = NOTHING_STORED
  let rows = new Map<number, Row>()
  let bases = new Map<string, StoredBase>()
  let head = 0
  let tail: Draft[] = []
  let naming: Active[] = []

  const owner = (session: string): string => ownerOf(known, session)
  const ackedBy = (session: string): Acked => bases.get(owner(session))?.base.acked ?? {}
  const isCovered = ({ session, mutations }: Row): boolean =>
    mutations.every(mutation => isAcked(ackedBy(session), mutation))
  const idOf = (session: string, { writer, n }: Mutation): string => `${owner(session)} ${writer} ${n}`

  function listOf(session: string, parts: Iterable<Pick<Row, 'session' | 'mutations'>>): Mutation[] {
    const list: Mutation[] = []
    for (const part of parts) if (owner(part.session) === session) list.push(...part.mutations)
    return inLogOrder(list)
  }

  function reset(logId: string, forgets: readonly string[]): void {
    known = { ...NOTHING_STORED, logId, forgets }
    rows = new Map()
    bases = new Map()
    tail = []
    naming = []
  }

  // What none of the rows has and no base covers becomes a draft again.
  function keepUnstored(before: Iterable<readonly [number, Row]>, waiting: readonly Row[], isPartial: boolean): void {
    const present = new Set<string>()
    for (const { session, mutations } of rows.values()) for (const one of mutations) present.add(idOf(session, one))
    const missing = (session: string, mutations: readonly Mutation[]): Mutation[] =>
      mutations.filter(one => !present.has(idOf(session, one)) && !isAcked(ackedBy(session), one))
    const kept: Draft[] = []
    const keep = (
      session: string,
      mutations: readonly Mutation[],
      state: Draft['state'],
      lines: IDBValidKey[],
    ): void => {
      const left = missing(session, mutations)
      if (left.length) kept.push({ session, mutations: left, state, lines })
      for (const one of left) present.add(idOf(session, one))
    }
    for (const [, { session, mutations }] of before) keep(session, mutations, 'open', [])
    const own = new Set(tail.flatMap(({ session, mutations }) => mutations.map(one => idOf(session, one))))
    for (const { session, mutations } of waiting) {
      const others = mutations.filter(one => !own.has(idOf(session, one)))
      keep(session, others, isPartial ? 'spared' : 'open', [])
    }
    for (const draft of tail) {
      // What is under way says itself how it ends.
      if (draft.state === 'writing' || (isPartial && draft.state === 'spared')) kept.push(draft)
      else keep(draft.session, draft.mutations, isPartial ? draft.state : 'open', draft.lines)
    }
    tail = kept
  }

  return {
    state: () => ({ ...known, rows, bases }),
    sessions: () => new Set([...bases.keys(), ...[...rows.values(), ...tail].map(({ session }) => owner(session))]),
    mutations: session => listOf(session, [...rows.values(), ...tail]),
    placed: session => listOf(session, rows.values()),
    lastKey(session) {
      let last = 0
      for (const [key, row] of rows) if (owner(row.session) === session) last = key
      return last
    },
    head: () => head,
    drafts: (...states) => tail.filter(({ state }) => states.includes(state)),
    add(session, mutation) {
      let draft = tail.at(-1)
      if (draft?.state !== 'open' || draft.session !== session) {
        draft = { session, mutations: [], state: 'open', lines: [] }
        tail.push(draft)
      }
      draft.mutations.push(mutation)
      return draft
    },
    put(key, row) {
      if (key !== head + 1) return false
      rows.set(key, row)
      head = key
      return true
    },
    drop(draft) {
      tail.splice(tail.indexOf(draft), 1)
    },
    name(active) {
      naming.push(active)
      known = { ...known, active, named: new Set([...known.named, active.integrationId]) }
    },
    naming: () => naming,
    unname(active) {
      naming = naming.filter(other => other !== active)
    },
    cover(session, base) {
      bases.set(session, base)
    },
    doubt(sessions) {
      for (const session of sessions) {
        const base = bases.get(owner(session))
        if (base) bases.set(owner(session), { ...base, isWhole: false })
      }
    },
    dropCovered(session, acked) {
      const lines: IDBValidKey[] = []
      for (const draft of tail) {
        if (owner(draft.session) !== session || draft.state === 'writing') continue
        draft.mutations.splice(0, Infinity, ...draft.mutations.filter(mutation => !isAcked(acked, mutation)))
        if (!draft.mutations.length) lines.push(...draft.lines)
      }
      tail = tail.filter(({ mutations }) => mutations.length > 0)
      return lines
    },
    dropRows(keys) {
      for (const key of keys) rows.delete(key)
    },
    takeObsolete() {
      const { obsolete } = known
      known = { ...known, obsolete: [] }
      return obsolete
    },
    giveBackObsolete(keys) {
      known = { ...known, obsolete: [...keys, ...known.obsolete] }
    },
    dismiss(id) {
      known = { ...known, dismissed: new Set([...known.dismissed, id]) }
    },
    reset,
    take(stored, isNewStore, since) {
      const forgotten = known.logId !== '' && stored.forgets.includes(known.logId)
      if (forgotten) reset('', [])
      const before = { active: known.active, named: known.named, rows, bases, naming }
      const forgets = [...new Set([...stored.forgets, ...known.forgets])]
      const erasing = stored.isForgotten || forgets.includes(stored.logId)
      const there = erasing ? { ...NOTHING_STORED, waiting: stored.waiting } : stored
      const isSameLog = there.logId === known.logId && !isNewStore
      const logId = there.logId || known.logId || randomId()

      const k = there.active?.k ?? 0
      const wanted = [...there.unwritten, ...naming]
      // A store made anew does not name the session that is shown.
      if (k === 0 && before.active && before.active.k > 0) wanted.push(before.active)
      naming = wanted.filter(
        ({ integrationId, k: own }, at) =>
          own > k && wanted.findIndex(other => other.integrationId === integrationId && other.k === own) === at,
      )
      const active = naming.at(-1) ?? there.active
      rows = new Map(there.rows)
      bases = new Map(there.bases)
      // What another tab told during the reading may be younger than what was read.
      if (isSameLog) for (const [key, row] of before.rows) if (key > since && !isCovered(row)) rows.set(key, row)
      head = Math.max(isSameLog ? head : 0, ...rows.keys())
      known = { ...there, logId, forgets, active, named: new Set([...there.named, ...naming.map(idOfActive)]) }

      const lost = [...before.rows].filter(([key]) => !isSameLog || !rows.has(key))
      const owing = new Set([...lost.map(([, row]) => row), ...tail].map(({ session }) => session))
      // Who came too late with the name of a session that the server knows already, and names a store made anew has lost.
      const late = wanted.filter(({ integrationId: id }) => (before.bases.get(id) ?? bases.get(id))?.base.epoch)
      const lostNames = [...owing].filter(session => before.named.has(session) && !isSameLog)
      const unnamed = [...new Set([...late.map(idOfActive), ...lostNames])].filter(id => !known.named.has(id))
      known = { ...known, named: new Set([...known.named, ...unnamed]) }

      const newer = [...there.bases].filter(([, { isSpared }]) => isSpared).map(([session]) => session)
      for (const [session, mine] of before.bases) {
        const theirs = bases.get(session)
        const isSame = theirs?.base.epoch === mine.base.epoch && theirs?.base.version === mine.base.version
        const isWanted = theirs
          ? isNewer(mine.base, theirs.base) || (isSame && !mine.isWhole)
          : session === active?.integrationId || owing.has(session)
        if (isWanted) newer.push(session)
        // The object that is shown stays.
        else if (theirs && isSame && !isNewer(theirs.base, mine.base))
          bases.set(session, { ...theirs, base: mine.base })
        if (!isWanted) continue
        const both = (one: readonly IDBValidKey[], other: readonly IDBValidKey[] = []): IDBValidKey[] => [
          ...one,
          ...other,
        ]
        bases.set(session, { ...mine, keys: both(mine.keys, theirs?.keys), acks: both(mine.acks, theirs?.acks) })
      }
      keepUnstored(lost, there.waiting, false)
      const name = !there.isNamed || forgets.length !== there.forgets.length
      return { name, erasing, named: unnamed, bases: newer, notices: there.unwrittenNotices, forgotten }
    },
    takeSpare(stored) {
      const active = stored.unwritten.at(-1) ?? stored.active
      if ((active?.k ?? -1) > (known.active?.k ?? -1)) known = { ...known, active }
      const logId = known.logId || stored.logId || randomId()
      known = { ...known, logId, named: new Set([...known.named, ...stored.named]) }
      for (const [session, theirs] of stored.bases) {
        const mine = bases.get(session)
        if (!mine || isNewer(theirs.base, mine.base)) bases.set(session, theirs)
      }
      keepUnstored([], stored.waiting, true)
    },
  }
}
