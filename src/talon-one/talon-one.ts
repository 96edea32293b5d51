import type { CustomerSession } from '../session/session.ts'
import type { Upstream, UpstreamContext, UpstreamResult } from '../session/upstream.ts'
import { Broken, createCaller, Unsent, type Caller } from './client.ts'
import { TalonOneError } from './error.ts'
import { readMemory } from './memory.ts'
import { resolveOptions, type Settings, type TalonOneOptions } from './options.ts'
import { resultOf, wait } from './outcome.ts'
import { bodyOf, pathOf, prepare, profileOf, type Trip } from './trip.ts'
import { walk } from './walk.ts'

/** What `talonOne()` returns: an upstream that keeps sessions, and can say what it would make of one. */
export interface TalonOneUpstream extends Upstream {
  readonly serialize: NonNullable<Upstream['serialize']>
  readonly preview: NonNullable<Upstream['preview']>
}

function callerIn(settings: Settings, context: UpstreamContext): Caller {
  const access = settings.accessIn(context.currency)
  if (access) return createCaller(settings, access, context)
  return () => {
    if (settings.isNews(`key ${context.currency}`)) {
      context.report(new TalonOneError('not-sent', `There is no apiKey for the currency "${context.currency}".`))
    }
    throw new Unsent()
  }
}

async function prepared(
  settings: Settings,
  session: CustomerSession,
  context: UpstreamContext,
): Promise<Trip | undefined> {
  try {
    return await prepare(settings, session, context, callerIn(settings, context), readMemory(context.memory))
  } catch (error) {
    // An option's function has failed; nothing was sent.
    context.report(error)
    return
  }
}

async function send(settings: Settings, session: CustomerSession, context: UpstreamContext): Promise<UpstreamResult> {
  const trip = await prepared(settings, session, context)
  if (!trip) return { estimated: true, memory: context.memory, again: context.interrupted }
  try {
    return await walk(trip)
  } catch (error) {
    const isBroken = error instanceof Broken
    if (!isBroken && !(error instanceof Unsent)) throw error
    // An answer may be kept under the key of its call, and would be repeated.
    const { calls, unsettled } = trip.memory
    if (isBroken || error.isTurnedAway) trip.memory = { ...trip.memory, calls: calls + 1 }
    if (isBroken) {
      context.report(error)
      trip.memory = { ...trip.memory, unsettled: Math.max(unsettled ?? 0, context.now()) }
    }
    return wait(trip)
  }
}

async function preview(
  settings: Settings,
  session: CustomerSession,
  context: UpstreamContext,
): Promise<UpstreamResult> {
  const trip = await prepared(settings, session, context)
  if (!trip) return { estimated: true }
  const path = pathOf(session)
  try {
    // What is closed changes no more: what it would say is what it says.
    const reply = await (session.state === 'open'
      ? trip.call({ method: 'PUT', path: `${path}?dry=true`, body: bodyOf(trip.sent) })
      : trip.call({ method: 'GET', path }))
    if (reply.kind === 'done') return (await resultOf(settings, session, reply.evaluation)).result
    if (reply.error.status !== 404) context.report(reply.error)
    return {}
  } catch (error) {
    if (error instanceof Unsent) return { estimated: true }
    throw error
  }
}

/**
 * Promotions by Talon.One, for `createSessionHandler`. The session is stored first; then the whole of it goes to Talon.One's
 * Integration API (version 2), and what that makes of it becomes a part of the session: discounts, rejected codes, notices.
 *
 * A session is opened, changed, closed, reopened, returned and cancelled there as it is here, each once, whatever gets lost on
 * the way. While Talon.One is slow or down, the shop goes on without it: answers are `estimated`, and it catches up later.
 *
 * @param options Where the deployment is, and the key of the application.
 * @throws SessionCartError with code `invalid-option`.
 *
 * @example
 * const upstream = talonOne({
 *   baseUrl: 'https://mycompany.europe-west1.talon.one',
 *   apiKey: secrets.talonOne,
 *   identify: request => [request.headers.get('x-forwarded-for') ?? ''],
 *   identifierSalt: secrets.salt,
 * })
 * const handler = createSessionHandler({ store: memoryStore(), currencies: ['EUR'], upstream })
 */
export function talonOne(options: TalonOneOptions): TalonOneUpstream {
  const settings = resolveOptions(options)
  const upstream = (session: CustomerSession, context: UpstreamContext): Promise<UpstreamResult> =>
    send(settings, session, context)
  return Object.assign(upstream, {
    serialize(session: CustomerSession): readonly string[] {
      const profileId = profileOf(settings, session)
      // A guest's own profile has no second session.
      const isOwn = session.profileId === '' && !settings.guestProfile
      return profileId === '' || isOwn ? [] : [`talon-one:${profileId}`]
    },
    preview: (session: CustomerSession, context: UpstreamContext): Promise<UpstreamResult> =>
      preview(settings, session, context),
  })
}
