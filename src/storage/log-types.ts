import type { Base } from '../session/ledger.ts'
import type { Limits } from '../session/limits.ts'
import type { Mutation } from '../session/mutations.ts'
import type { Notice, SyncAnswer } from '../session/protocol.ts'
import type { Database } from './database.ts'
import type { Row } from './entries.ts'
import type { Held } from './held-types.ts'
import type { Rung } from './ladder.ts'
import type { Stored } from './stored.ts'

/** What a tab tells the others after a write: the row it added, or that there is something to read. */
export interface Hint {
  readonly log: string
  readonly key?: number | undefined
  readonly row?: Row | undefined
}

/** Whom the log tells. */
export interface LogHost {
  /**
   * Another tab, or what was read, brought something.
   *
   * @param moved The name of the log held so far, when what was read is another one.
   */
  changed(moved?: string): void
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

/** The log and the base on this device. What fails is told through `rung`; nothing throws, and only `sending` and `forget` reject. */
export interface Log extends Pick<Held, 'sessions' | 'mutations'> {
  /** Reads everything in one transaction. */
  load(): Promise<void>
  /** What waits for a place under one id, or under none since the log was not read when it was given, belongs to this session. */
  settle(early: string, session: string): void
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
  /**
   * From now on the server may know a session, also one that could not be named yet; resolves when others know that. Rejects
   * while it is only known that another session has its place.
   */
  sending(session: string): Promise<void>
  /** Resolves when all that is saved has its place. */
  placing(): Promise<void>
  /** Resolves when it is known whether another tab was first to name the session. */
  named(): Promise<unknown>
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
  /** Erases everything and begins a new log; rejects, since it was asked for. */
  forget(): Promise<void>
  /** Lets the connection go until the next use. */
  release(): void
  /** Nothing is read and no timer started any more; what was given is still written. */
  close(): void
}
