import { SessionCartError, quote } from '../errors.ts'
import { isText } from '../session/json.ts'
import { defaultLimits, type Limits } from '../session/limits.ts'
import type { LineKey } from '../session/line-key.ts'
import type { LineInput } from '../session/session.ts'
import { openLogDatabase } from '../storage/formats.ts'
import type { Database, Spare } from '../storage/database.ts'
import { pageClock, type Clock } from '../sync/clock.ts'
import { fetchTransport, type FetchOptions, type Transport } from '../sync/transport.ts'
import { openPageChannel, type OpenChannel } from '../tabs/channel.ts'
import { createPageLocks, type Locks } from '../tabs/locks.ts'
import type { Wire } from './insight.ts'
import { pageRandom, randomId, type Random } from './random.ts'
import type { OutputOf, SyncSchema } from './schema.ts'

/** The limits an app may set. With an endpoint they can only be tightened, since the server has Talon.One's. */
export type LimitOptions = Partial<Omit<Limits, 'currency' | 'lineKey'>>

/** What `createSessionCart` takes. Only `currency` is required. */
export interface SessionCartOptions<
  SessionSchema extends SyncSchema = SyncSchema,
  ItemSchema extends SyncSchema = SyncSchema,
> extends FetchOptions {
  /** ISO 4217 code, such as `EUR`. A cart holds one currency. */
  readonly currency: string
  /** Where the session handler answers, such as `/api/sessions`. Without it the cart is local only. */
  readonly endpoint?: string | undefined
  /** Keeps carts on one origin apart. @defaultValue endpoint and currency */
  readonly scope?: string | undefined
  /** Names a new session. @defaultValue 128 random bits */
  readonly integrationId?: string | undefined
  /** The profile of a new session; a stored session of another known profile is set aside for a fresh one. */
  readonly profileId?: string | undefined
  /** What a new session begins with. */
  readonly initialSession?:
    | {
        readonly cartItems?: readonly LineInput<OutputOf<ItemSchema>>[] | undefined
        readonly attributes?: OutputOf<SessionSchema> | undefined
      }
    | undefined
  /** Which items are one line. The server's handler has to be given the same function. @defaultValue `lineKey` */
  readonly lineKey?: LineKey | undefined
  /**
   * Checks and shapes what `setAttributes` is given, apart from the names that it deletes; a synchronous Standard Schema.
   * `$session` and `setAttributes` have its types. What is stored already, here or by another release, is not checked.
   */
  readonly attributes?: SessionSchema | undefined
  /**
   * Checks and shapes the attributes of every item that is given; a synchronous Standard Schema. `$items` and the commands
   * have its types.
   */
  readonly itemAttributes?: ItemSchema | undefined
  /** Language of `cart.format`. @defaultValue the browser's */
  readonly locale?: string | undefined
  /** Milliseconds until a request, or a `flush()`, counts as failed. @defaultValue 10000 */
  readonly timeout?: number | undefined
  /** Tighter limits than Talon.One's. */
  readonly limits?: LimitOptions | undefined
  /** `memory` keeps nothing on the device; a database replaces IndexedDB. @defaultValue IndexedDB */
  readonly storage?: 'memory' | Database | undefined
  /**
   * Asks the browser, after the first command was saved, not to clear the storage when space runs short; Firefox asks the
   * shopper. `$status.persisted` tells the answer. @defaultValue false
   */
  readonly persist?: boolean | undefined
  /** Replaces the line to the other tabs. @defaultValue a `BroadcastChannel`, else the `storage` event */
  readonly channel?: OpenChannel | undefined
  /** Replaces Web Locks. */
  readonly locks?: Locks | undefined
  /** Replaces `fetch` as a whole. */
  readonly transport?: Transport | undefined
  /** Replaces the page's timers and clock. */
  readonly clock?: Clock | undefined
  /** Replaces the page's randomness. */
  readonly random?: Random | undefined
}

/** The options with every default filled in. */
export interface Settings {
  readonly options: SessionCartOptions
  readonly limits: Limits
  /** Keeps carts on one origin apart. */
  readonly scope: string
  readonly database: Database | undefined
  /** Undefined where there are no other tabs. */
  readonly channel: OpenChannel | undefined
  readonly locks: Locks | undefined
  readonly transport: Transport | undefined
  /** What the transport sends through. */
  readonly wire: Wire
  readonly clock: Clock
  readonly random: Random
  readonly timeout: number
}

// The WHATWG URL parser takes these for a step up or nothing at all, and control characters out.
function isIntegrationId(id: unknown): boolean {
  return isText(id) && id.length > 0 && id.length <= 1000 && !/^\.{1,2}$|\p{Cc}/u.test(id)
}

function refuse(option: string, value: unknown, needs: string): never {
  throw new SessionCartError('invalid-option', `${option} is ${quote(value)}; it has to be ${needs}.`)
}

function readLimits({ currency, lineKey, limits = {}, endpoint, transport }: SessionCartOptions): Limits {
  const defaults = defaultLimits(currency)
  for (const [name, value] of Object.entries(limits)) {
    const limit = Object.hasOwn(defaults, name) ? defaults[name as keyof LimitOptions] : undefined
    if (typeof limit !== 'number') refuse(`limits.${name}`, value, 'left out: there is no such limit')
    if (!Number.isFinite(value)) refuse(`limits.${name}`, value, 'a finite number')
    if (name !== 'minPrice' && (endpoint || transport) && value > limit)
      refuse(`limits.${name}`, value, `at most ${limit}`)
  }
  return { ...defaults, ...limits, ...(lineKey && { lineKey }) }
}

function checkOptions({
  currency,
  endpoint,
  scope,
  integrationId,
  profileId,
  lineKey,
  timeout,
}: SessionCartOptions): void {
  if (!isText(currency) || !/^[A-Z]{3}$/.test(currency)) refuse('currency', currency, 'an ISO 4217 code such as "EUR"')
  if (integrationId !== undefined && !isIntegrationId(integrationId)) {
    refuse('integrationId', integrationId, 'text of 1 to 1000 characters, without control characters, not "." or ".."')
  }
  for (const [name, value] of Object.entries({ endpoint, scope, profileId })) {
    if (value !== undefined && !isText(value)) refuse(name, value, 'text')
  }
  if (lineKey !== undefined && typeof lineKey !== 'function') refuse('lineKey', lineKey, 'a function of an item')
  if (timeout !== undefined && !(timeout > 0)) refuse('timeout', timeout, 'a number of milliseconds above 0')
}

// Reading the property throws where storage is forbidden.
function pageSpare(): Spare | undefined {
  try {
    return localStorage
  } catch {
    return
  }
}

/**
 * Checks the options and fills the defaults in.
 *
 * @throws SessionCartError with code `invalid-option`.
 */
export function readOptions(options: SessionCartOptions): Settings {
  checkOptions(options)
  const { currency, endpoint, scope, random = pageRandom } = options
  // Without a document (server rendering) nothing is kept and nothing sent, unless the app gives the means itself.
  const hasPage = typeof document !== 'undefined'
  const send = endpoint !== undefined && (hasPage || options.fetch) ? fetchTransport(endpoint, options) : undefined
  const name = scope ?? `${endpoint ?? 'local'} ${currency}`
  const carry = options.transport ?? send
  const wire: Wire = { send: carry }
  const page = hasPage ? { ...openLogDatabase(name, () => randomId(random)), spare: pageSpare() } : undefined
  const clock = options.clock ?? pageClock
  const database = options.storage === 'memory' ? undefined : (options.storage ?? page)
  const hasTabs = hasPage && database !== undefined
  return {
    options,
    limits: readLimits(options),
    scope: name,
    database,
    channel: options.channel ?? (hasTabs ? openPageChannel : undefined),
    locks: options.locks ?? (hasTabs ? createPageLocks(clock, () => random.number()) : undefined),
    wire,
    // Looked up for each request: a tool may have put its own in place.
    transport: carry && (request => (wire.send ?? carry)(request)),
    clock,
    random,
    timeout: options.timeout ?? 10_000,
  }
}
