import { replay } from '../session/apply.ts'
import type { Limits } from '../session/limits.ts'
import type { Stored } from '../storage/stored.ts'

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
export function sessionToOpen(
  { active, sessions }: Stored,
  profileId: string | undefined,
  limits: Limits,
): string | undefined {
  const known = active && sessions.get(active.integrationId)
  const stored = known ? replay(known.base.session, known.pending, limits).profileId : ''
  const isOther = profileId !== undefined && isKnownProfile(stored) && stored !== profileId
  return isOther ? undefined : active?.integrationId
}
