// Profiles, which come into being with the first session that names them.

/** @param {{ now: () => number, createId: () => number }} world */
export function createProfiles({ now, createId }) {
  /** @type {Map<string, any>} */
  const profiles = new Map()

  const of = (/** @type {string} */ integrationId) => {
    const known = profiles.get(integrationId)
    if (known) return known
    const profile = {
      id: createId(),
      created: new Date(now()).toISOString(),
      integrationId,
      closedSessions: 0,
      totalSales: 0,
      lastActivity: new Date(now()).toISOString(),
      /** @type {number | undefined} */
      firstSession: undefined,
      isReferred: false,
      /** @type {Map<number, number>} */
      points: new Map(),
    }
    profiles.set(integrationId, profile)
    return profile
  }

  return {
    of,
    find: (/** @type {string} */ id) => profiles.get(id),
    /** Whether a session is the profile's first; nobody counts those without a profile. @param {string} id @param {number} session */
    isFirst(id, session) {
      const first = profiles.get(id)?.firstSession
      return first === undefined || first === session
    },
    /** @param {string} id @param {number} programId @param {number} points */
    addPoints(id, programId, points) {
      const { points: balances } = of(id)
      balances.set(programId, (balances.get(programId) ?? 0) + points)
    },
  }
}
