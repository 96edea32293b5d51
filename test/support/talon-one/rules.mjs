// From a session and the campaigns to effects, always the complete list.

/** @typedef {import('./types.ts').Amount} Amount */

/** @param {Amount | undefined} amount @param {string} currency */
const amountIn = (amount, currency) => (typeof amount === 'object' ? amount[currency] : amount)

/** @param {any} session */
const unitsOf = (session, /** @type {string} */ sku) =>
  session.cartItems.reduce(
    (/** @type {number} */ sum, /** @type {any} */ item) => (item.sku === sku ? sum + item.quantity : sum),
    0,
  )

/** @param {import('./types.ts').Condition} when @param {any} session @param {string} currency */
function holds({ from, below, sku, units = 1, profile }, session, currency) {
  const { cartItemTotal } = session.totals
  if (from !== undefined && !(cartItemTotal >= (amountIn(from, currency) ?? Infinity))) return false
  if (below !== undefined && !(cartItemTotal < (amountIn(below, currency) ?? -Infinity))) return false
  if (sku !== undefined && unitsOf(session, sku) < units) return false
  return !profile || session.profileId !== ''
}

/** @param {number} whole @param {any} action @param {string} currency */
const partOf = (whole, { percent, value }, currency) =>
  percent === undefined ? (amountIn(value, currency) ?? 0) : (whole * percent) / 100

/**
 * What an action comes to. Values are not rounded.
 *
 * @type {Record<string, (action: any, context: { session: any, when: any, currency: string, createUuid: () => string }) => object[]>}
 */
const PROPS = {
  setDiscount: (action, { session, currency }) => [
    { name: action.name, value: partOf(session.totals.total, action, currency) },
  ],
  // Talon.One takes every unit for itself.
  setDiscountPerItem: (action, { session, when, currency }) =>
    session.cartItems.flatMap((/** @type {any} */ { sku, quantity, price = 0 }, /** @type {number} */ position) =>
      when.sku === undefined || when.sku === sku
        ? Array.from({ length: quantity }, (_, subPosition) => ({
            name: `${action.name}#${position}`,
            value: partOf(price, action, currency),
            position,
            subPosition,
          }))
        : [],
    ),
  addFreeItem: ({ sku, name, quantity = 1 }) => Array.from({ length: quantity }, () => ({ sku, name })),
  showNotification: ({ notificationType, title, body }, { session, when, currency }) => {
    const missing = (amountIn(when.below, currency) ?? 0) - session.totals.cartItemTotal
    const text = new Intl.NumberFormat('en', { style: 'currency', currency }).format(missing)
    return [{ notificationType, title, body: body.replace('{missing}', text) }]
  },
  // There is nobody to have them without a profile.
  addLoyaltyPoints: ({ programId, name, per }, { session, currency, createUuid }) =>
    session.profileId === ''
      ? []
      : [
          {
            name,
            programId,
            subLedgerId: '',
            value: session.totals.cartItemTotal * (amountIn(per, currency) ?? 0),
            recipientIntegrationId: session.profileId,
            transactionUUID: createUuid(),
          },
        ],
}

/** @param {import('./types.ts').Campaign} campaign @param {number} ruleIndex */
const originOf = ({ id, rules }, ruleIndex) => ({
  campaignId: id,
  // A ruleset belongs to a campaign; nobody reads more out of its id.
  rulesetId: id * 10 + 1,
  ruleIndex,
  ruleName: rules[ruleIndex]?.name ?? '',
})
const NO_ORIGIN = { campaignId: 0, rulesetId: 0, ruleIndex: 0, ruleName: '' }

/**
 * @param {any} session With its totals.
 * @param {{ campaigns: readonly import('./types.ts').Campaign[], codes: ReturnType<typeof import('./codes.mjs').createCodes>,
 *   currency: string, createUuid: () => string, at: number, evaluable?: readonly number[] }} world
 */
export function evaluate(session, { campaigns, codes, currency, createUuid, at, evaluable }) {
  /** @type {any[]} */
  const effects = []
  /** @type {any[]} */
  const ruleFailureReasons = []
  /** @type {Set<import('./types.ts').Campaign>} */
  const triggered = new Set()
  const coupons = session.couponCodes.map((/** @type {string} */ code) => codes.coupon(code, session, at))
  const referral = session.referralCode === '' ? undefined : codes.referral(session.referralCode, session, at)
  /** @type {Set<any>} */
  const accepted = new Set()
  /** @type {Map<any, object>} */
  const origins = new Map()

  /** @param {any} verdict @param {object} origin */
  function accept({ kind, record }, origin) {
    if (!accepted.has(record)) effects.push({ ...origin, ...effectOf(`accept${kind}`, { value: record.value }) })
    accepted.add(record)
  }
  const effectOf = (/** @type {string} */ effectType, /** @type {object} */ props) => ({ effectType, props })

  for (const campaign of campaigns) {
    // A dry request may name campaigns; they run even when they are not running.
    if (evaluable ? !evaluable.includes(campaign.id) : campaign.isRunning === false) continue
    for (const [ruleIndex, { when = {}, effects: actions }] of campaign.rules.entries()) {
      const given = when.code === 'coupon' ? coupons : [referral]
      const verdicts = when.code
        ? given.filter((/** @type {any} */ one) => one && !one.reason && one.record.campaignId === campaign.id)
        : [undefined]
      const origin = originOf(campaign, ruleIndex)
      for (const verdict of verdicts) {
        if (!holds(when, session, currency)) {
          if (verdict) origins.set(verdict, origin)
          const { id: campaignID, name: campaignName } = campaign
          const { rulesetId: rulesetID, ruleName } = origin
          ruleFailureReasons.push({ campaignID, campaignName, rulesetID, ruleIndex, ruleName, conditionIndex: 0 })
          continue
        }
        triggered.add(campaign)
        const source = { ...origin, ...(verdict?.kind === 'Coupon' && { triggeredByCoupon: verdict.record.id }) }
        if (verdict) accept(verdict, source)
        for (const action of actions) {
          const props = Object.hasOwn(PROPS, action.type)
            ? PROPS[action.type](action, { session, when, currency, createUuid })
            : [/** @type {any} */ (action).props]
          effects.push(...props.map(one => ({ ...source, ...effectOf(action.type, one) })))
        }
      }
    }
  }

  for (const verdict of [...coupons, referral]) {
    if (!verdict || accepted.has(verdict.record)) continue
    const { kind, value, record, reason: rejectionReason = `${kind}RejectedByCondition` } = verdict
    const campaign = campaigns.find(({ id }) => id === record?.campaignId)
    const origin = origins.get(verdict) ?? (campaign ? originOf(campaign, 0) : NO_ORIGIN)
    const of = kind === 'Coupon' && record ? { triggeredByCoupon: record.id } : {}
    effects.push({ ...origin, ...of, ...effectOf(`reject${kind}`, { value, rejectionReason }) })
  }
  return { effects, ruleFailureReasons, triggered: [...triggered], accepted: [...accepted] }
}
