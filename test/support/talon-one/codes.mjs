// Coupons, referrals and points: looked at with every update, spent when a session is closed, and given back.

/** Codes are kept in upper case, and a code is what it is in any case. */
export const normalize = (/** @type {string} */ code) => code.toUpperCase()

/** @typedef {{ kind: 'Coupon' | 'Referral', value: string, record?: any, reason?: string }} Verdict */

/**
 * @param {{ now: () => number, createId: () => number, profiles: ReturnType<typeof import('./profiles.mjs').createProfiles>,
 *   campaigns: () => readonly import('./types.ts').Campaign[] }} world
 */
export function createCodes({ now, createId, profiles, campaigns }) {
  /** @type {Record<'Coupon' | 'Referral', Map<string, any>>} */
  const records = { Coupon: new Map(), Referral: new Map() }

  /** @param {'Coupon' | 'Referral'} kind @param {number} campaignId @param {any} definition */
  function define(
    kind,
    campaignId,
    { code, usageLimit = 0, startDate, expiryDate, recipient, advocate, profileLimit },
  ) {
    const value = normalize(code)
    const old = records[kind].get(value)
    records[kind].set(value, {
      id: old?.id ?? createId(),
      created: old?.created ?? new Date(now()).toISOString(),
      campaignId,
      value,
      usageLimit,
      usageCounter: old?.usageCounter ?? 0,
      ...(startDate && { startDate }),
      ...(expiryDate && { expiryDate }),
      ...(recipient && { recipientIntegrationId: recipient }),
      ...(advocate && { advocateProfileIntegrationId: advocate }),
      // Not part of an answer.
      limits: { profileLimit, uses: old?.limits.uses ?? new Map() },
    })
  }

  /** Why a code is no good, whatever kind it is. @param {'Coupon' | 'Referral'} kind @param {any} record */
  function commonReason(
    kind,
    { campaignId, startDate, expiryDate, usageLimit, usageCounter },
    /** @type {number} */ at,
  ) {
    if (campaigns().find(({ id }) => id === campaignId)?.isRunning === false) return `${kind}PartOfNotRunningCampaign`
    if (startDate && at < Date.parse(startDate)) return `${kind}StartDateInFuture`
    if (expiryDate && at >= Date.parse(expiryDate)) return `${kind}Expired`
    return usageLimit > 0 && usageCounter >= usageLimit ? `${kind}LimitReached` : undefined
  }

  /** @param {any} record @param {string} profileId */
  function couponReason({ recipientIntegrationId, limits: { profileLimit, uses } }, profileId) {
    if (recipientIntegrationId && recipientIntegrationId !== profileId) return 'CouponRecipientDoesNotMatch'
    if (profileLimit === undefined) return
    if (profileId === '') return 'ProfileRequired'
    return (uses.get(profileId) ?? 0) >= profileLimit ? 'ProfileLimitReached' : undefined
  }

  /** @param {any} record @param {string} profileId */
  function referralReason({ advocateProfileIntegrationId }, profileId) {
    if (advocateProfileIntegrationId === profileId) return 'ReferralRecipientIdSameAsAdvocate'
    return profiles.find(profileId)?.isReferred ? 'ReferralCustomerAlreadyReferred' : undefined
  }

  /**
   * @param {'Coupon' | 'Referral'} kind
   * @param {string} value
   * @param {number} at
   * @param {(record: any) => string | undefined} ownReason
   * @returns {Verdict}
   */
  function judge(kind, value, at, ownReason) {
    const record = records[kind].get(value)
    if (!record) return { kind, value, reason: `${kind}NotFound` }
    const reason = commonReason(kind, record, at) ?? ownReason(record)
    return { kind, value, record, ...(reason && { reason }) }
  }

  /** @param {any} record @param {string} profileId @param {1 | -1} by */
  function count(record, profileId, by) {
    record.usageCounter += by
    const { uses } = record.limits
    uses.set(profileId, (uses.get(profileId) ?? 0) + by)
  }

  /** Of those without a profile nobody knows it. @param {string} profileId @param {boolean} isReferred */
  function markReferred(profileId, isReferred) {
    if (profileId !== '') profiles.of(profileId).isReferred = isReferred
  }

  const isCoupon = (/** @type {any} */ record) => records.Coupon.get(record.value) === record

  return {
    /** @param {readonly import('./types.ts').Campaign[]} campaigns */
    define(campaigns) {
      for (const { id, coupons = [], referrals = [] } of campaigns) {
        for (const coupon of coupons) define('Coupon', id, coupon)
        for (const referral of referrals) define('Referral', id, referral)
      }
      for (const [kind, list] of /** @type {const} */ ([
        ['Coupon', campaigns.flatMap(({ coupons = [] }) => coupons)],
        ['Referral', campaigns.flatMap(({ referrals = [] }) => referrals)],
      ])) {
        const defined = new Set(list.map(({ code }) => normalize(code)))
        for (const value of records[kind].keys()) if (!defined.has(value)) records[kind].delete(value)
      }
    },
    /** @param {string} value @param {any} session @param {number} at */
    coupon: (value, { profileId }, at) => judge('Coupon', value, at, record => couponReason(record, profileId)),
    /** @param {string} value @param {any} session @param {number} at */
    referral: (value, { profileId }, at) => judge('Referral', value, at, record => referralReason(record, profileId)),
    /** @param {string} code */
    find: code => records.Coupon.get(normalize(code)),

    /**
     * Spends what a session that is being closed was granted.
     *
     * @param {any} session @param {ReturnType<typeof import('./rules.mjs').evaluate>} evaluation
     */
    redeem({ profileId }, { accepted, effects }) {
      for (const record of accepted) {
        count(record, profileId, 1)
        if (!isCoupon(record)) markReferred(profileId, true)
      }
      const points = effects.filter(({ effectType }) => effectType === 'addLoyaltyPoints').map(({ props }) => props)
      for (const { programId, value } of points) profiles.addPoints(profileId, programId, value)
      return [
        ...accepted.map(record => ({
          did: isCoupon(record) ? 'coupon redeemed' : 'referral redeemed',
          code: record.value,
        })),
        ...points.map(({ value }) => ({ did: 'points added', points: value })),
      ]
    },

    /**
     * Gives back what the effects of a closed session had spent.
     *
     * @param {any} session
     */
    rollBack({ profileId, effects }) {
      /** @type {any[]} */
      const deeds = []
      /** @type {any[]} */
      const rollbacks = []
      for (const { effectType, props, ...origin } of effects) {
        const kind = /^accept(Coupon|Referral)$/.exec(effectType)?.[1]
        if (kind) {
          const record = records[/** @type {'Coupon' | 'Referral'} */ (kind)].get(props.value)
          if (record) count(record, profileId, -1)
          if (kind === 'Referral') markReferred(profileId, false)
          deeds.push({ did: `${kind.toLowerCase()} rolled back`, code: props.value })
          rollbacks.push({ ...origin, effectType: `rollback${kind}`, props: { value: props.value } })
        } else if (effectType === 'addLoyaltyPoints') {
          const { name, ...rest } = props
          profiles.addPoints(profileId, props.programId, -props.value)
          deeds.push({ did: 'points rolled back', points: props.value })
          rollbacks.push({ ...origin, effectType: 'rollbackAddedLoyaltyPoints', props: rest })
        }
      }
      return { deeds, rollbacks }
    },
  }
}
