import { isText, isMap } from '../session/json.ts'
import { quote, SessionCartError } from '../errors.ts'
import { lineKey, type LineKey } from '../session/line-key.ts'
import type { CustomerSession } from '../session/session.ts'
import { createBreaker, type Breaker } from './breaker.ts'
import type { Extension } from './extension.ts'

/** The options of `talonOne`. */
export interface TalonOneOptions {
  /** The deployment, such as `https://mycompany.europe-west1.talon.one`. */
  readonly baseUrl: string
  /**
   * The key of the application; where several currencies are sold in, one application's for each ISO 4217 code. It stays on
   * the server.
   */
  readonly apiKey: string | { readonly [currency: string]: string }
  /**
   * How long all calls for one change may take together, in ms. It has to be below the handler's `upstreamTimeout`.
   * @defaultValue 1500
   */
  readonly timeout?: number | undefined
  /**
   * How long after it was given up a call may still arrive, in ms; before that, nothing that must not happen twice is done
   * again. @defaultValue 30000
   */
  readonly lateness?: number | undefined
  /** Which items are one line; the same function as the handler's. @defaultValue `lineKey` */
  readonly lineKey?: LineKey | undefined
  /**
   * The profile of a session that has none. An empty text makes it anonymous. Sessions of one profile are updated one after
   * the other, so that a name they share makes every guest wait for the others. @defaultValue `guest-` and the session's id
   */
  readonly guestProfile?: ((session: CustomerSession) => string) | undefined
  /**
   * What tells a device from others, as the server knows it: the address, a cookie. Sent as salted hashes, at most five with
   * those of the session, and remembered for the calls that no browser asked for. @defaultValue nothing
   */
  readonly identify?:
    ((request: Request, session: CustomerSession) => Promise<readonly string[]> | readonly string[]) | undefined
  /** Keeps the hashes of identifiers from being guessed; a secret. Without it no identifier is sent. @defaultValue none */
  readonly identifierSalt?: string | undefined
  /** What is sent beyond what a cart knows. Has to be a pure function of the session. @defaultValue nothing */
  readonly extend?: ((session: CustomerSession) => Extension) | undefined
  /** @defaultValue the platform's `fetch` */
  readonly fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined
}

/** The options with their defaults, and the breaker of each key. */
export interface Settings extends Pick<TalonOneOptions, 'guestProfile' | 'identify' | 'identifierSalt' | 'extend'> {
  /** Without a slash at the end. */
  readonly baseUrl: string
  readonly timeout: number
  readonly lateness: number
  readonly lineKey: LineKey
  readonly fetch: NonNullable<TalonOneOptions['fetch']>
  /** The key for a currency with the breaker that belongs to it. */
  readonly accessIn: (currency: string) => Access | undefined
  /** Whether this is the first time that the word is said. */
  readonly isNews: (word: string) => boolean
}

/** How an application is reached. */
export interface Access {
  readonly key: string
  readonly breaker: Breaker
}

function refuse(option: keyof TalonOneOptions, value: string, needs: string): never {
  throw new SessionCartError('invalid-option', `${option} is ${value}; it has to be ${needs}.`)
}

function checkBaseUrl(value: unknown): string {
  const url = isText(value) && URL.canParse(value) ? new URL(value) : undefined
  const isPlain = url && /^https?:$/.test(url.protocol) && !url.search && !url.hash && !url.username && !url.password
  if (!isPlain) {
    // A password that somebody has put into it is not for a log.
    const shown = url?.username || url?.password ? 'an address with a password' : quote(value)
    refuse(
      'baseUrl',
      shown,
      'the http(s) address of the deployment, such as "https://mycompany.europe-west1.talon.one"',
    )
  }
  return url.href.replace(/\/+$/, '')
}

function checkKey(key: unknown): string {
  // Anything else has no place in a header, and an error of `fetch` would quote it.
  if (typeof key !== 'string' || !/^[\u0021-\u007e]+$/.test(key)) {
    refuse('apiKey', 'not a key', 'the key of the application without spaces, or a map of ISO 4217 codes to such keys')
  }
  return key
}

function checkKeys(apiKey: unknown, timeout: number): Settings['accessIn'] {
  const breakers = new Map<string, Breaker>()
  const accessWith = (key: string): Access => {
    const breaker = breakers.get(key) ?? createBreaker(timeout)
    breakers.set(key, breaker)
    return { key, breaker }
  }
  if (!isMap(apiKey)) {
    const access = accessWith(checkKey(apiKey))
    return () => access
  }
  const keys = new Map(Object.entries(apiKey).map(([currency, key]) => [currency, accessWith(checkKey(key))]))
  if (keys.size === 0) refuse('apiKey', 'an empty map', 'a key, or a map of ISO 4217 codes to keys')
  return currency => keys.get(currency)
}

function checkTime(option: 'timeout' | 'lateness', value: unknown, least: number): number {
  if (!Number.isFinite(value) || (value as number) < least) refuse(option, quote(value), `milliseconds from ${least}`)
  return value as number
}

function checkFunctions(options: TalonOneOptions): void {
  for (const option of ['lineKey', 'guestProfile', 'identify', 'extend', 'fetch'] as const) {
    const value: unknown = options[option]
    if (value !== undefined && typeof value !== 'function') refuse(option, quote(value), 'a function')
  }
}

function checkSalt({ identify, identifierSalt }: TalonOneOptions): void {
  const salt: unknown = identifierSalt
  if (salt === undefined && !identify) return
  if (typeof salt !== 'string' || salt === '') {
    refuse(
      'identifierSalt',
      salt === undefined ? 'missing' : 'no text',
      'a secret text where identifiers are to be sent',
    )
  }
}

/**
 * Checks the options and fills in the defaults.
 *
 * @throws SessionCartError with code `invalid-option`.
 */
export function resolveOptions(options: TalonOneOptions): Settings {
  checkFunctions(options)
  checkSalt(options)
  const timeout = checkTime('timeout', options.timeout ?? 1500, 1)
  const said = new Set<string>()
  return {
    baseUrl: checkBaseUrl(options.baseUrl),
    timeout,
    lateness: checkTime('lateness', options.lateness ?? 30_000, 0),
    lineKey: options.lineKey ?? lineKey,
    guestProfile: options.guestProfile,
    identify: options.identify,
    identifierSalt: options.identifierSalt,
    extend: options.extend,
    fetch: options.fetch ?? ((url, init) => fetch(url, init)),
    accessIn: checkKeys(options.apiKey, timeout),
    isNews(word) {
      if (said.has(word)) return false
      said.add(word)
      return true
    },
  }
}
