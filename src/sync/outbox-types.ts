import type { SessionCartError, SessionCartErrorCode } from '../errors.ts'
import type { Accepted, Base } from '../session/ledger.ts'
import type { Mutation } from '../session/mutations.ts'
import type { SyncAnswer } from '../session/protocol.ts'
import type { Clock } from './clock.ts'
import type { MachineOptions } from './state.ts'
import type { Transport } from './transport.ts'

/** What the outbox needs to know of its session, and whom it tells. */
export interface OutboxHost {
  /** The base and what it does not cover, in log order. */
  read(): { readonly base: Base; readonly pending: readonly Mutation[] }
  /** Puts the base of an answer in place and settles what it covers. */
  accept(answer: SyncAnswer, accepted: Accepted): void
  /** Puts a burn in place of a mutation the server refuses by itself, and reports the mutation. */
  burn(mutation: Mutation, code: SessionCartErrorCode): void
  /** Uses up a number whose mutation is lost. */
  burnMissing(writer: string, n: number): void
  /** The server does not know the session any more. */
  gone(): void
  /** Phase, error or time changed. */
  changed(): void
  /** Runs a request while no other tab makes one for this session, as far as that can be had. */
  exclusively<Result>(job: () => Promise<Result>): Promise<Result>
  /** Whether somebody looks at the page. */
  isVisible(): boolean
}

/** Where the outbox stands. */
export interface OutboxState {
  readonly phase: 'idle' | 'waiting' | 'syncing' | 'paused' | 'gone' | 'stopped'
  readonly error: SessionCartError | undefined
  /** Milliseconds since 1970 of the last answer. */
  readonly syncedAt: number | undefined
  /** Whether the last attempt got an answer; undefined before the first. */
  readonly reached: boolean | undefined
}

/** Sends one session's mutations: one request at a time, the oldest first, for as long as it takes. */
export interface Outbox {
  state(): OutboxState
  /** A mutation was given; an urgent one goes out at once. */
  push(urgent: boolean): void
  /** Another tab gave a mutation and will send it; should it be gone, this one does. */
  watch(): void
  /** Something says a try may be worth it: the wait begins anew. */
  wake(): void
  /** Sends what fits a request that outlives the page. */
  hide(): void
  /** One attempt that begins after this call; resolves to its failure. */
  attempt(): Promise<SessionCartError | undefined>
  /** No timer and no answer has an effect after this. */
  stop(): void
}

/** The fixed parts of an outbox. */
export interface OutboxOptions extends MachineOptions {
  readonly transport: Transport
  readonly clock: Clock
  readonly random: { number(): number }
  /** Milliseconds until a request counts as failed. */
  readonly timeout: number
  /** The server was known not to know the session when the page was last here. */
  readonly isGone: boolean
}
