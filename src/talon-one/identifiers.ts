import type { CustomerSession } from '../session/session.ts'
import type { UpstreamContext } from '../session/upstream.ts'
import { digest } from './digest.ts'
import { TalonOneError } from './error.ts'
import type { Settings } from './options.ts'

/** The limit of a session. Source: https://docs.talon.one/integration-api (identifiers of a customer session) */
const MAX_IDENTIFIERS = 5

/** Who asked, as hashes. */
export interface Identified {
  /** The server's own, to be remembered. */
  readonly own: readonly string[]
  /** What is sent: the server's own first, then the session's. */
  readonly sent: readonly string[]
}

async function hashed(salt: string, identifiers: readonly string[]): Promise<readonly string[]> {
  const texts = [...new Set(identifiers.filter(text => typeof text === 'string' && text !== ''))]
  return Promise.all(texts.slice(0, MAX_IDENTIFIERS).map(text => digest(`${salt}:${text}`)))
}

// Promotions do not fall away because a device cannot be told from others this once.
async function identified(
  { identify }: Settings,
  salt: string,
  session: CustomerSession,
  { request, report }: UpstreamContext,
): Promise<readonly string[] | undefined> {
  if (!identify || !request) return
  try {
    return await hashed(salt, await identify(request, session))
  } catch (error) {
    report(error)
    return
  }
}

/**
 * The identifiers of a call: of the request, or without one those of the last request that had some.
 *
 * @param remembered What {@link Identified.own} was in the call before.
 */
export async function identifiersOf(
  settings: Settings,
  session: CustomerSession,
  context: UpstreamContext,
  remembered: readonly string[],
): Promise<Identified> {
  const salt = settings.identifierSalt
  if (salt === undefined) {
    if (session.identifiers.length > 0 && settings.isNews('identifiers')) {
      context.report(new TalonOneError('not-sent', 'Identifiers of sessions are not sent without an identifierSalt.'))
    }
    return { own: [], sent: [] }
  }
  const own = (await identified(settings, salt, session, context)) ?? remembered
  const all = new Set([...own, ...(await hashed(salt, session.identifiers))])
  return { own, sent: [...all].slice(0, MAX_IDENTIFIERS) }
}
