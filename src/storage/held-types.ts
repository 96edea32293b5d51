import type { Mutation } from '../session/mutations.ts'
import type { Acked, Notice } from '../session/protocol.ts'
import type { Active, Row } from './entries.ts'
import type { Stored, StoredBase } from './stored.ts'

/** The mutations of one tick and session, on their way into the log. */
export interface Draft {
  /** Empty as long as nobody knows whose they are: the log was not read when they were given. */
  session: string
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
  readonly notices: Stored['unwrittenNotices']
}

/** What came of a reading. */
export interface Taken extends Lacks {
  readonly forgotten: boolean
  readonly moved: string | undefined
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
  /** The number of the name of a session, or of the one that has its place. */
  claimOf(session: string): number | undefined
  /** Entries that name sessions and are yet to be written. */
  naming(): readonly Active[]
  /** The server may know a session that is not named yet. */
  markSent(session: string): void
  /** Another session has the place of this one; which one that is, the next reading says. */
  deny(active: Active): void
  isDenied(session: string): boolean
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
  /** Notices on their way into the store. */
  note(notices: readonly Notice[]): void
  dismiss(id: string): void
  /** Begins an empty log. */
  reset(logId: string, forgets: readonly string[]): void
  /**
   * Takes in what was read and says what it lacks; `forgotten` when another tab had this log forgotten; `moved` is the
   * name of the log that was held when the store has another.
   *
   * @param isNewStore Keys may have begun anew.
   * @param since The head when the reading began.
   */
  take(stored: Stored, isNewStore: boolean, since: number): Taken
  /** Takes in what other tabs put into the spare while no database answers; true when one had this log forgotten. */
  takeSpare(stored: Stored): boolean
}
