import { replay } from '../session/apply.ts'
import { emptyBase, isAcked } from '../session/ledger.ts'
import type { Limits } from '../session/limits.ts'
import type { Log } from '../storage/log-types.ts'

// Guests have ids that nobody else knows of; a known profile is whatever the shop calls its customer.
function isKnownProfile(profileId: string): boolean {
  return profileId !== '' && !profileId.startsWith('guest-')
}

/**
 * Which stored session a cart goes on with; undefined for a fresh one: nothing is stored, or what is stored belongs to a
 * shopper who is known to be another one.
 *
 * @param profileId Who the app says is shopping, if it says so.
 */
export function sessionToOpen(log: Log, profileId: string | undefined, limits: Limits): string | undefined {
  const { active, bases } = log.state()
  if (!active || profileId === undefined) return active?.integrationId
  const { integrationId } = active
  const base = bases.get(integrationId)?.base ?? emptyBase(integrationId)
  const pending = log.mutations(integrationId).filter(mutation => !isAcked(base.acked, mutation))
  const stored = replay(base.session, pending, limits).profileId
  return isKnownProfile(stored) && stored !== profileId ? undefined : integrationId
}
