import type { Receipt } from './receipts.ts'
import type { Base } from '../session/ledger.ts'
import type { Limits } from '../session/limits.ts'
import type { Mutation } from '../session/mutations.ts'
import type { CustomerSession } from '../session/session.ts'
import type { Outbox } from '../sync/outbox-types.ts'
import type { Transport } from '../sync/transport.ts'
import type { OpenChannel } from '../tabs/channel.ts'

/** A command of this page, as `onCommand` tells it. */
export interface Command {
  /** What was given, with the number it got. `start` stands for `startSession`. */
  readonly mutation: Mutation
  /** The session as it was shown before. Until the cart is `ready` this is only what the page itself has given. */
  readonly before: CustomerSession
  /** The session as it is shown now. */
  readonly after: CustomerSession
  /** When it is saved, and what the server says. */
  readonly receipt: Receipt
}

/** How requests leave. A tool may put a `send` of its own in place, which hands on to the one before. */
export interface Wire {
  /** Undefined without an endpoint. */
  send?: Transport | undefined
}

/** One session on this device: the active one, or one that was left and still owes something. */
export interface InsightSession {
  /** Empty until it is known. */
  integrationId(): string
  /** The base with the log replayed on top. */
  view(): CustomerSession
  /** What the server confirmed last. */
  base(): Base
  /** What the base does not cover, in log order. */
  pending(): readonly Mutation[]
  /** Undefined without an endpoint. */
  outbox(): Pick<Outbox, 'state'> | undefined
}

/** The inside of a cart. */
export interface Insight {
  /** Keeps carts on one origin apart; the database is named after it. */
  readonly scope: string
  readonly wire: Wire
  /** Opens the line to the other tabs, named `session-cart:` and the scope; undefined where there are none. */
  readonly channel: OpenChannel | undefined
  /** What the session may hold, the cart's currency and line key among it. */
  readonly limits: Limits
  /** The active session first. */
  readonly sessions: readonly InsightSession[]
}
