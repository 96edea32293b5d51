import type { LineKey } from '../session/line-key.ts'
import { defaultLimits, type Limits } from '../session/limits.ts'
import type { CartItem, CustomerSession } from '../session/session.ts'
import type { Upstream } from '../session/upstream.ts'
import { systemClock, type Clock } from './clock.ts'
import type { Policy } from './policy.ts'
import type { Quote } from './pricing.ts'
import { systemRandom, type Random } from './random.ts'
import type { SessionStore } from './store.ts'

/** What a request is about, for {@link Authorize}. */
export interface AuthorizeContext {
  readonly integrationId: string
  /** `read`, or the names of the mutations in the request; `adopt` alone for a session whose lines another one takes over. */
  readonly actions: readonly string[]
}

/**
 * Decides who may see and change a session.
 *
 * @returns `false` to refuse; else the profile the request belongs to, if it is known. `setProfile` and `start` are held
 * to it.
 */
export type Authorize = (
  request: Request,
  context: AuthorizeContext,
) => Promise<false | AuthorizedProfile> | false | AuthorizedProfile

/** Who was authorized. */
export interface AuthorizedProfile {
  /** The only profile the session may be given; without it, guests' only. */
  readonly profileId?: string | undefined
}

/** What a price depends on, for {@link PriceItem}. */
export interface PriceContext {
  /** The session as it was before the request. */
  readonly session: CustomerSession
  /** ISO 4217 code; empty when no `start` has named one. */
  readonly currency: string
  readonly request: Request
}

/**
 * Prices a line as the shop sees it, quantity included. Asked for every line that a request adds, raises or alters, before
 * anything is written; once for each form that a line takes in a request. When it throws, nothing of the request is applied
 * and the browser sends it again later.
 *
 * @returns Price, costs and limit. A line that nothing is returned for has no price.
 */
export type PriceItem = (item: CartItem, context: PriceContext) => Promise<Quote | undefined> | Quote | undefined

/** The options of `createSessionHandler`. */
export interface SessionHandlerOptions {
  /** Where sessions are kept: `sqlStore(query)`, `memoryStore()` or one of your own. */
  readonly store: SessionStore
  /** ISO 4217 codes a session may be started in; the first also holds for one that nobody started. @defaultValue any */
  readonly currencies?: readonly string[] | undefined
  /** What a session may hold. @defaultValue `defaultLimits()` */
  readonly limits?: Partial<Omit<Limits, 'currency' | 'lineKey'>> | undefined
  /** Which items are one line; the same function as in the browser. @defaultValue `lineKey` */
  readonly lineKey?: LineKey | undefined
  /** Where promotions come from. @defaultValue none: coupons are kept, and take nothing off */
  readonly upstream?: Upstream | undefined
  /** How long upstream may take, in ms; then the answer is `estimated`. @defaultValue 2000 */
  readonly upstreamTimeout?: number | undefined
  /** The shop's own prices. @defaultValue none: the browser's prices hold */
  readonly priceItem?: PriceItem | undefined
  /** Who may do what. @defaultValue everybody who knows the id, as a guest */
  readonly authorize?: Authorize | undefined
  /** Mutations a browser may send, where it differs from the default. */
  readonly policy?: Policy | undefined
  /** Origins of other hosts whose pages may ask, such as `https://shop.example`. @defaultValue none */
  readonly origins?: readonly string[] | undefined
  /** Bytes of a request's body. @defaultValue 262144 */
  readonly maxBodySize?: number | undefined
  /** Mutations of a request. @defaultValue 200 */
  readonly maxBatch?: number | undefined
  /** Writers (page loads) that may ever write to one session. @defaultValue 10000 */
  readonly maxWriters?: number | undefined
  /** Characters of a session as it is stored. @defaultValue 4000000 */
  readonly maxSessionSize?: number | undefined
  /** @defaultValue the machine's clock */
  readonly clock?: Clock | undefined
  /** @defaultValue the platform's random bytes */
  readonly random?: Random | undefined
  /** Hears of what the browser is not told: a hook or a store that failed. @defaultValue nobody */
  readonly onError?: ((error: unknown, context: ErrorContext) => void) | undefined
}

/** Where an error came up. */
export interface ErrorContext {
  /** The session it was about; undefined when that was not known yet. */
  readonly integrationId: string | undefined
}

type Defaulted =
  | 'upstreamTimeout'
  | 'policy'
  | 'origins'
  | 'maxBodySize'
  | 'maxBatch'
  | 'maxWriters'
  | 'maxSessionSize'
  | 'clock'
  | 'random'

type Kept = 'store' | 'currencies' | 'upstream' | 'priceItem' | 'authorize'

/** The options with their defaults. */
export type Settings = Pick<SessionHandlerOptions, Kept> & {
  readonly [Name in Defaulted]-?: NonNullable<SessionHandlerOptions[Name]>
} & {
  readonly limitsIn: (currency: string) => Limits
  /** Tells the operator; never throws. */
  readonly report: (error: unknown, integrationId: string | undefined) => void
}

/** Fills in the defaults. */
export function resolveOptions(options: SessionHandlerOptions): Settings {
  const { limits, lineKey, onError } = options
  return {
    ...options,
    upstreamTimeout: options.upstreamTimeout ?? 2000,
    policy: options.policy ?? {},
    origins: options.origins ?? [],
    maxBodySize: options.maxBodySize ?? 262_144,
    maxBatch: options.maxBatch ?? 200,
    maxWriters: options.maxWriters ?? 10_000,
    maxSessionSize: options.maxSessionSize ?? 4_000_000,
    clock: options.clock ?? systemClock,
    random: options.random ?? systemRandom,
    limitsIn(currency) {
      const defaults = defaultLimits(currency)
      return { ...defaults, ...limits, currency, lineKey: lineKey ?? defaults.lineKey }
    },
    report(error, integrationId) {
      try {
        onError?.(error, { integrationId })
      } catch {
        // A reporter that fails must not turn one failure into two.
      }
    },
  }
}
