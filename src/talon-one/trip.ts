import { canonicalJson } from '../session/json.ts'
import type { CustomerSession } from '../session/session.ts'
import type { UpstreamContext } from '../session/upstream.ts'
import type { Caller, Reply } from './client.ts'
import { digest, toUuid } from './digest.ts'
import type { TalonOneError } from './error.ts'
import { checkExtension, type Extension } from './extension.ts'
import { identifiersOf } from './identifiers.ts'
import { contentOf, toV2, type SentSession } from './mapping.ts'
import type { Memory } from './memory.ts'
import type { Settings } from './options.ts'

/** One change of one session on its way upstream. */
export interface Trip {
  readonly settings: Settings
  readonly session: CustomerSession
  readonly context: UpstreamContext
  readonly call: Caller
  /** The session as it is sent. */
  readonly sent: SentSession & Extension
  /** The digest of what makes its content another one. */
  readonly content: string
  /** Until when a call was under way of whose end nobody heard. */
  readonly doubt: number | undefined
  /** Whether that call may still arrive. */
  readonly isEarly: boolean
  /** What is known by now. */
  memory: Memory
}

/** The profile a session is sent with. */
export function profileOf({ guestProfile }: Settings, session: CustomerSession): string {
  if (session.profileId !== '') return session.profileId
  return guestProfile ? guestProfile(session) : `guest-${session.integrationId}`
}

/** The address of a session below the base URL. */
export function pathOf({ integrationId }: CustomerSession): string {
  return `/v2/customer_sessions/${encodeURIComponent(integrationId)}`
}

/** The body of an update. */
export function bodyOf(customerSession: object): string {
  return JSON.stringify({ customerSession, responseContent: ['customerSession'] })
}

/** Makes ready what is sent. */
export async function prepare(
  settings: Settings,
  session: CustomerSession,
  context: UpstreamContext,
  call: Caller,
  memory: Memory,
): Promise<Trip> {
  const profileId = profileOf(settings, session)
  const extension = settings.extend ? checkExtension(settings.extend(session)) : {}
  const identifiers = await identifiersOf(settings, session, context, memory.identifiers)
  const doubts = [context.interrupted, memory.unsettled].filter(moment => moment !== undefined)
  const doubt = doubts.length > 0 ? Math.max(...doubts) : undefined
  return {
    settings,
    session,
    context,
    call,
    sent: { ...toV2({ ...session, profileId, identifiers: identifiers.sent }), ...extension },
    content: await digest(canonicalJson(contentOf(session))),
    doubt,
    isEarly: doubt !== undefined && context.now() < doubt + settings.lateness,
    memory: { ...memory, identifiers: identifiers.own, unsettled: doubt },
  }
}

const METHODS = { '': 'PUT', '/reopen': 'PUT', '/returns': 'POST' } as const

/** What can be done to a session. */
export type Deed = keyof typeof METHODS

/**
 * Makes a call that changes something. Its key is the same when it is made again after nobody heard of its end, so that it
 * takes effect once; it is another one for another state, after an answer, and once the first call can no longer arrive.
 */
export async function change(trip: Trip, deed: Deed, body?: string): Promise<Reply> {
  const { context, doubt, isEarly, memory } = trip
  const settling = isEarly ? undefined : doubt
  const key = async (attempt: number): Promise<string> =>
    toUuid(await digest(JSON.stringify([context.epoch, memory.calls, settling ?? null, attempt, deed, body ?? ''])))
  const reply = await trip.call({ method: METHODS[deed], path: pathOf(trip.session) + deed, body, key })
  trip.memory = { ...trip.memory, calls: memory.calls + 1 }
  return reply
}

/** Tells the operator once for a content. */
export function tellOnce(trip: Trip, error: TalonOneError): void {
  const word = `${error.code}.${trip.content.slice(0, 16)}`
  const { told = [] } = trip.memory
  if (told.includes(word)) return
  trip.context.report(error)
  trip.memory = { ...trip.memory, told: [...told, word].slice(-4) }
}
