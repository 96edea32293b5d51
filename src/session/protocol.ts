import { array, custom, looseObject, nullish, safeParse, type GenericSchema } from 'valibot'
import type { SessionCartErrorCode } from '../errors.ts'
import { isText, type Attributes, type Json } from './json.ts'
import type { Mutation } from './mutations.ts'
import { parseFields, parseSession } from './received.ts'
import { attributes, name, notNegative, text } from './schemas.ts'
import type { CustomerSession } from './session.ts'

/** The version of the sync protocol spoken here. */
export const PROTOCOL_VERSION = 1

/** Each failure the protocol knows, with its HTTP status. Only an answer whose `type` ends in one of these has a meaning. */
export const PROBLEMS = {
  gap: 409,
  'session-gone': 410,
  unauthorized: 401,
  forbidden: 403,
  'too-large': 413,
  malformed: 400,
  'unsupported-version': 426,
  precondition: 412,
} as const

/** The name of a failure of the protocol. */
export type ProblemName = keyof typeof PROBLEMS

/** What the `type` of a problem starts with (RFC 9457); the name of the problem follows. */
export const PROBLEM_TYPE = 'urn:session-cart:problem:'

/** The highest number of each writer that took effect, was rejected or was burned. */
export type Acked = { readonly [writer: string]: number }

/** A mutation that the server did not accept. */
export interface Rejection {
  readonly writer: string
  readonly n: number
  readonly code: SessionCartErrorCode
  /** The reason of the promotion engine or shop, such as `CouponExpired`. */
  readonly reason?: string | undefined
  readonly message?: string | undefined
}

/** Something the shopper or the app should hear of. */
export interface Notice {
  /** `writer.n.code` when a mutation caused it, else chosen by the server. */
  readonly id: string
  /** What it is about: a rejection's code, or `price-changed`, `quantity-limited`, `coupon-not-applied`, `set-aside`, … */
  readonly code: string
  /** The key of the line it is about. */
  readonly line?: string | undefined
  readonly writer?: string | undefined
  readonly n?: number | undefined
  /** What was rejected: its name and arguments. Left out where they are over 1000 characters of JSON. */
  readonly mutation?: Pick<Mutation, 'name' | 'args'> | undefined
  /** The value before. */
  readonly from?: Json | undefined
  /** The value after. */
  readonly to?: Json | undefined
  readonly reason?: string | undefined
  readonly message?: string | undefined
  /** ISO 8601. */
  readonly at: string
}

/** The body of `POST {endpoint}/{integrationId}/mutations`. */
export interface SyncRequest {
  readonly v: number
  /** Left out while no epoch is known: creates the session or joins it. */
  readonly epoch?: string | undefined
  /** The version of the client's base; 0 without one. */
  readonly base: number
  /** The hash of the base's lines; left out to ask for a whole answer. */
  readonly check?: string | undefined
  /** Not parsed further: each mutation is, on its own. */
  readonly mutations: readonly unknown[]
}

/** The body of every 200. */
export interface SyncAnswer {
  readonly epoch: string
  readonly version: number
  readonly currency: string
  readonly acked: Acked
  readonly rejected: readonly Rejection[]
  readonly notices: readonly Notice[]
  /** True while a part of the prices or discounts is still to come. */
  readonly estimated: boolean
  /** What the promotion engine said beyond discounts, untouched. */
  readonly effects: readonly Json[]
  /** The whole session; undefined in a small answer. */
  readonly session: CustomerSession | undefined
  /** In a small answer, the fields of the session without its lines. */
  readonly changes: Partial<CustomerSession> | undefined
  /** The hash of the session's lines. */
  readonly check: string
}

/** The highest number acknowledged for a writer; 0 for one not heard of. */
export function ackedOf(acked: Acked, writer: string): number {
  return Object.hasOwn(acked, writer) ? (acked[writer] as number) : 0
}

/** Both maps together; the higher number of a writer holds, so that `acked` never goes back. */
export function mergeAcked(one: Acked, other: Acked): Acked {
  const merged = new Map(Object.entries(one))
  for (const [writer, n] of Object.entries(other)) merged.set(writer, Math.max(n, ackedOf(one, writer)))
  return Object.freeze(Object.fromEntries(merged))
}

const acked: GenericSchema<unknown, Acked> = /* @__PURE__ */ custom<Acked>(
  value =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every(n => Number.isSafeInteger(n) && n >= 0),
)

const rejection = /* @__PURE__ */ custom<Rejection>(value => {
  const { writer, n, code } = (value ?? {}) as Rejection
  return isText(writer) && Number.isSafeInteger(n) && isText(code)
})

const notice: GenericSchema<unknown, Notice> = /* @__PURE__ */ custom<Notice>(value => {
  const { id, code, at } = (value ?? {}) as Notice
  return isText(id) && isText(code) && isText(at)
})

const answer = /* @__PURE__ */ (() =>
  looseObject({
    v: custom<number>(version => version === PROTOCOL_VERSION),
    epoch: name,
    version: notNegative,
    currency: nullish(text, ''),
    acked,
    rejected: nullish(array(rejection), []),
    notices: nullish(array(notice), []),
    effects: nullish(array(attributes), []),
    session: custom<Attributes>(value => typeof value === 'object' && value !== null && !Array.isArray(value)),
    check: nullish(text, ''),
  }))()

/** The acknowledgements in stored bytes, or `undefined` when they do not parse. */
export function parseAcked(value: unknown): Acked | undefined {
  const result = safeParse(acked, value)
  return result.success ? result.output : undefined
}

/** The notice in stored bytes, or `undefined` when it does not parse. */
export function parseNotice(value: unknown): Notice | undefined {
  const result = safeParse(notice, value)
  return result.success ? result.output : undefined
}

/**
 * The answer of a server, or `undefined` when it is not one (a proxy's page, half a body, another session).
 *
 * @param body Parsed JSON.
 * @param integrationId The session that was asked for.
 */
export function parseAnswer(body: unknown, integrationId: string): SyncAnswer | undefined {
  const result = safeParse(answer, body)
  if (!result.success) return
  const {
    epoch,
    version,
    currency,
    acked,
    rejected,
    notices,
    estimated,
    effects,
    session: given,
    check,
  } = result.output
  const asked = { ...given, integrationId }
  const isWhole = given.cartItems != null
  if ((given.integrationId ?? integrationId) !== integrationId) return
  const session = isWhole ? parseSession(asked) : undefined
  const changes = isWhole ? undefined : parseFields(asked)
  if (!session && !changes) return
  return {
    epoch,
    version,
    currency,
    acked,
    rejected,
    notices,
    estimated: estimated === true,
    effects,
    session,
    changes,
    check,
  }
}
