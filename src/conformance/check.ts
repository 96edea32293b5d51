import type { Mutation } from '../session/mutations.ts'
import type { Http } from './http.ts'
import type { Subject } from './subject.ts'

/** What a server may withhold; a check that needs it is skipped then. */
export type Ability =
  /** Takes lines of any sku. */
  | 'lines'
  /** Believes the prices that are sent. */
  | 'prices'
  /** Takes any coupon and referral code. */
  | 'codes'
  /** Lets the browser send these. */
  | 'setIdentifiers'
  | 'closeSession'
  | 'cancelSession'
  | 'reopenSession'
  | 'returnItems'

/** What a check works with. */
export interface World {
  readonly http: Http
  readonly currency: string
  /** Makes a session's client; the id is a random one unless it is given. */
  subject(id?: string): Subject
  /** The first mutation of a writer. */
  start(writer?: string): Mutation
}

/** One rule of the protocol, and how to see whether a server keeps it. */
export interface Check {
  /** Never changes, so that reports can be compared. */
  readonly id: string
  /** The heading in docs/protocol.md under which the rule stands. */
  readonly section: string
  /** What the protocol asks, in one sentence. */
  readonly rule: string
  /** Without these it is skipped. */
  readonly needs?: readonly Ability[]
  /** Throws Failure, or Skip. */
  readonly run: (world: World) => Promise<void>
}
