// What an answer holds: effects always, everything else when `responseContent` asks for it.

const time = (/** @type {number} */ ms) => new Date(ms).toISOString()

const EVENTS = /** @type {Record<string, string>} */ ({
  open: 'talon_session_updated',
  closed: 'talon_session_closed',
  cancelled: 'talon_session_cancelled',
  partially_returned: 'talon_session_partially_returned',
})

/** A session in the shape of an answer. Fields that nobody gave are not in it. @param {any} session */
export function customerSessionOf(session) {
  const { totals, created, updated, cartItems, returned, returns, effects, ...fields } = session
  return {
    ...fields,
    created: time(created),
    updated: time(updated),
    cartItems: cartItems.map((/** @type {any} */ item, /** @type {number} */ position) => {
      const back = returned.get(position)
      const { quantity } = item
      return { ...item, position, ...(back && { returnedQuantity: back, remainingQuantity: quantity - back }) }
    }),
    ...totals,
  }
}

/** @param {any} record */
function couponOf({ limits, ...coupon }) {
  return coupon
}

/** @param {any} profile */
function profileOf({ firstSession, isReferred, points, ...profile }) {
  return { ...profile, attributes: {}, accountId: 1, loyaltyMemberships: null, audienceMemberships: [] }
}

/** @param {any} profile */
function loyaltyOf(profile) {
  const programs = [...(profile?.points ?? [])].map(([id, currentBalance]) => [
    id,
    {
      id,
      title: `Program ${id}`,
      name: `program-${id}`,
      ledger: {
        currentBalance,
        pendingBalance: 0,
        expiredBalance: 0,
        spentBalance: 0,
        tentativeCurrentBalance: currentBalance,
      },
    },
  ])
  return { programs: Object.fromEntries(programs) }
}

/**
 * @type {Record<string, (about: { session: any, effects: any[], evaluation: any, profile: any, isDry: boolean }) => unknown>}
 */
const CONTENTS = {
  customerSession: ({ session }) => customerSessionOf(session),
  customerProfile: ({ profile }) => (profile ? profileOf(profile) : null),
  coupons: ({ evaluation }) =>
    (evaluation?.accepted ?? []).filter((/** @type {any} */ one) => !one.advocateProfileIntegrationId).map(couponOf),
  referral: ({ evaluation }) => {
    const record = evaluation?.accepted.find((/** @type {any} */ one) => one.advocateProfileIntegrationId)
    return record && { ...couponOf(record), code: record.value }
  },
  triggeredCampaigns: ({ evaluation }) =>
    (evaluation?.triggered ?? []).map((/** @type {any} */ { id, name }) => ({ id, name, state: 'enabled' })),
  loyalty: ({ profile }) => loyaltyOf(profile),
  event: ({ session, effects }) => ({
    id: session.updateCount,
    created: time(session.updated),
    applicationId: session.applicationId,
    profileId: session.profileId,
    type: session.updateCount === 1 ? 'talon_session_created' : EVENTS[session.state],
    attributes: {},
    sessionId: session.id,
    effects,
  }),
  awardedGiveaways: () => [],
  ruleFailureReasons: ({ evaluation }) => evaluation?.ruleFailureReasons ?? null,
  previousReturns: ({ session }) => session.returns,
  campaignEligibility: ({ evaluation, isDry }) =>
    isDry ? (evaluation?.triggered ?? []).map((/** @type {any} */ { id }) => ({ campaignId: id })) : undefined,
  achievements: () => null,
  unlockedRewards: () => null,
}

/** @param {any} about @param {readonly string[]} wanted */
export function stateOf(about, wanted = []) {
  const known = wanted.filter(name => Object.hasOwn(CONTENTS, name))
  return {
    effects: about.effects,
    createdCoupons: [],
    createdReferrals: [],
    ...Object.fromEntries(known.map(name => [name, CONTENTS[name](about)])),
  }
}

/** As answers once were, and may be again: optional fields are missing, and what is empty is null. @param {any} state */
export function sparse({ customerSession, ...state }) {
  const empty = Object.entries(state).map(([name, value]) => [
    name,
    name !== 'effects' && Array.isArray(value) && value.length === 0 ? null : value,
  ])
  if (!customerSession) return Object.fromEntries(empty)
  const { id, updateCount, updated, cartItemAdditionalCostTotal, ...session } = customerSession
  for (const name of ['cartItems', 'couponCodes']) if (session[name].length === 0) session[name] = null
  return { ...Object.fromEntries(empty), customerSession: session }
}
