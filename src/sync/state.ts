import type { SessionCartError, SessionCartErrorCode } from '../errors.ts'
import type { Accepted, Base } from '../session/ledger.ts'
import type { Limits } from '../session/limits.ts'
import type { Mutation } from '../session/mutations.ts'
import type { Acked, SyncAnswer } from '../session/protocol.ts'
import { BATCH_COUNT } from './batch.ts'
import type { TransportRequest, TransportResponse } from './transport.ts'

/** What a machine is made for. */
export interface MachineOptions {
  readonly integrationId: string
  /** This page; only its own lost numbers are burned at once. */
  readonly writer: string
  /** The app gave the id itself, so the server may know the session before this device does. */
  readonly isNamed: boolean
  readonly limits: Limits
}

/** What stands around the machine when an event comes. */
export interface Surroundings {
  readonly base: Base
  /** What the base does not cover, in log order. */
  readonly pending: readonly Mutation[]
  /** Milliseconds since 1970. */
  readonly now: number
  /** From 0 up to 1. */
  readonly random: number
  /** Whether somebody looks at the page. */
  readonly isVisible: boolean
}

/** What happens to a machine. */
export type SyncEvent =
  /** A mutation was given; an urgent one goes out at once. */
  | { readonly type: 'push'; readonly isUrgent: boolean }
  /** Another tab gave a mutation and will send it; should it be gone, this one does. */
  | { readonly type: 'watch' }
  /** Something says a try may be worth it: the wait begins anew. */
  | { readonly type: 'wake' }
  /** The page is hidden and may never be seen again. */
  | { readonly type: 'hide' }
  /** An answer is wanted now. */
  | { readonly type: 'attempt' }
  /** It is {@link SyncState.dueAt}. */
  | { readonly type: 'due' }
  /** No other tab makes a request now. */
  | { readonly type: 'turn' }
  | { readonly type: 'answered'; readonly response: TransportResponse }
  /** There was no answer: the network, or the time limit. */
  | { readonly type: 'failed'; readonly cause: unknown }
  /** Nothing has an effect after this. */
  | { readonly type: 'stop' }

/** What a machine wants done. */
export type SyncEffect =
  /** Wait until no other tab makes a request; then it is its turn. */
  | { readonly type: 'queue' }
  | { readonly type: 'request'; readonly request: Omit<TransportRequest, 'signal'> }
  /** Put a base in place and settle what it covers. */
  | { readonly type: 'accept'; readonly answer: SyncAnswer; readonly accepted: Accepted }
  /** Put a burn in place of a mutation that the server refuses by itself, and report the mutation. */
  | { readonly type: 'burn'; readonly mutation: Mutation; readonly code: SessionCartErrorCode }
  /** Use up a number whose mutation is lost. */
  | { readonly type: 'burn-missing'; readonly writer: string; readonly n: number }
  /** The server does not know the session any more. */
  | { readonly type: 'gone' }
  /** The attempt is over. */
  | { readonly type: 'done'; readonly error: SessionCartError | undefined }

/** What a machine knows. */
export interface SyncState {
  /** The one request: it waits for its turn, or it is on its way. */
  readonly flight: 'queued' | 'sent' | undefined
  /** What was sent, and whether more of it was left. */
  readonly batch: readonly Mutation[]
  readonly wasCut: boolean
  readonly halted: 'paused' | 'gone' | 'stopped' | undefined
  readonly isStopped: boolean
  readonly error: SessionCartError | undefined
  /** Milliseconds since 1970 of the last answer. */
  readonly syncedAt: number | undefined
  /** Whether the last attempt got an answer; undefined before the first. */
  readonly reached: boolean | undefined
  /** When to send a {@link SyncEvent} that says so, in milliseconds since 1970. */
  readonly dueAt: number | undefined
  /** Whether an answer is wanted then even when nothing is owed; and whether one is wanted now. */
  readonly isNewsDue: boolean
  readonly isAsking: boolean
  readonly isUrgent: boolean
  /** When the first change was given that was not sent. */
  readonly changedAt: number | undefined
  readonly askedAt: number
  /** The version of the base at that time. */
  readonly askedVersion: number
  readonly failures: number
  /** Answers in a row that were estimates, and that a number was missing. */
  readonly guesses: number
  readonly gaps: number
  /** What the server has, by its word in a gap. */
  readonly known: Acked
  /** Other writers whose number the server misses, and since when. */
  readonly missingSince: ReadonlyMap<string, number>
  readonly maxCount: number
  readonly etag: string | undefined
  readonly wantsWhole: boolean
}

/** A machine that nothing has happened to. */
export function createState(isGone: boolean): SyncState {
  return {
    flight: undefined,
    batch: [],
    wasCut: false,
    halted: isGone ? 'gone' : undefined,
    isStopped: false,
    error: undefined,
    syncedAt: undefined,
    reached: undefined,
    dueAt: undefined,
    isNewsDue: false,
    isAsking: false,
    isUrgent: false,
    changedAt: undefined,
    askedAt: -Infinity,
    askedVersion: 0,
    failures: 0,
    guesses: 0,
    gaps: 0,
    known: {},
    missingSince: new Map(),
    maxCount: BATCH_COUNT,
    etag: undefined,
    wantsWhole: false,
  }
}
