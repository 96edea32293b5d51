// What the server and a promotion engine have to say to each other.
import type { Attributes, Json } from './json.ts'
import type { Notice } from './protocol.ts'
import type { CustomerSession } from './session.ts'

/** A code that upstream does not accept. */
export interface CodeRejection {
  readonly kind: 'coupon' | 'referral'
  /** Such as `CouponExpired`; handed on to the shopper's page. */
  readonly reason?: string | undefined
  readonly message?: string | undefined
}

/** What upstream has to say to the shopper. */
export interface UpstreamNotice extends Omit<Notice, 'id' | 'at'> {
  /** An id says it once, however often upstream repeats it. Without one every call adds a notice. */
  readonly id?: string | undefined
}

/** What a promotion engine says of a session. What is absent is empty: upstream speaks of the whole session each time. */
export interface UpstreamResult {
  /** Codes of the session that are not accepted. */
  readonly rejected?: readonly CodeRejection[] | undefined
  readonly notices?: readonly UpstreamNotice[] | undefined
  /** What each discount takes off, in major units of the session's currency, by name. */
  readonly discounts?: { readonly [name: string]: number } | undefined
  /** Handed on to the page untouched, as the answer's `effects`. */
  readonly effects?: readonly Attributes[] | undefined
  /** Whether this is the profile's first session. @defaultValue what it was */
  readonly firstSession?: boolean | undefined
  /** The application the session belongs to. @defaultValue what it was */
  readonly applicationId?: number | undefined
  /**
   * Upstream has nothing to say yet: all of the result but `memory` and `again` is passed over, the answer is `estimated`, and
   * the next request asks again. @defaultValue false
   */
  readonly estimated?: boolean | undefined
  /**
   * Asks for another call with the first request from this moment on, in ms since 1970. Of an upstream that keeps sessions
   * only. @defaultValue none
   */
  readonly again?: number | undefined
  /**
   * JSON to be kept with the session and given back in the next call; no browser ever sees it. Of an upstream that keeps
   * sessions only. @defaultValue none
   */
  readonly memory?: Json | undefined
}

/** A code that a request brought in, with the mutation that did. */
export interface IntroducedCode {
  readonly kind: 'coupon' | 'referral'
  readonly code: string
  readonly writer: string
  readonly n: number
}

/** How upstream is called. */
export interface UpstreamContext {
  /** Codes that a request which still waits for its answer brought in. Only these can still be turned down. */
  readonly introduced: readonly IntroducedCode[]
  /** ISO 4217 code; empty when no `start` has named one. */
  readonly currency: string
  /** Tells the session from every other one of its id. */
  readonly epoch: string
  /** Aborted after `upstreamTimeout`. */
  readonly signal: AbortSignal
  /** What upstream gave to be kept, `undefined` in the first call. */
  readonly memory: Json | undefined
  /**
   * Until when a call of whose end nobody heard was under way, in ms since 1970: what it brought along may be known
   * upstream, or get there later. `undefined` when every call was answered, or that was settled since.
   */
  readonly interrupted: number | undefined
  /** The browser's request; `undefined` for the backend's own calls. */
  readonly request: Request | undefined
  /** Milliseconds since 1970, by the server's clock. */
  readonly now: () => number
  /** Resolves after so many milliseconds of the server's clock. */
  readonly pause: (ms: number) => Promise<void>
  /** From 0 up to 1, by the server's random. */
  readonly chance: () => number
  /** Tells the operator, through `onError`; never throws. */
  readonly report: (error: unknown) => void
}

/**
 * Where promotions come from.
 *
 * A plain function is asked before a change is written. It may be asked again for the same state, and for a state that is
 * never written, so it has to be a pure function of the session. An upstream that keeps the session itself says how its
 * calls are to be kept apart, with `serialize`: then the change is written first, and the call is made for what is stored,
 * one at a time. When it throws, the outcome counts as unknown, and the next call hears of it as `interrupted`.
 *
 * @example
 * const upstream = async session => ({
 *   rejected: session.coupon && session.coupon !== 'HELLO' ? [{ kind: 'coupon', reason: 'CouponNotFound' }] : [],
 *   discounts: session.coupon === 'HELLO' ? { HELLO: 5 } : {},
 * })
 */
export interface Upstream {
  (session: CustomerSession, context: UpstreamContext): Promise<UpstreamResult> | UpstreamResult
  /**
   * Makes it an upstream that keeps sessions: its calls are made one at a time for each session and, across sessions and
   * servers, for each of these names, such as the profile's.
   */
  readonly serialize?: ((session: CustomerSession) => readonly string[]) | undefined
  /**
   * What it would say of a session, with nothing kept. @defaultValue the function itself; none for one that keeps sessions
   */
  readonly preview?: ((session: CustomerSession, context: UpstreamContext) => Promise<UpstreamResult>) | undefined
}
