// Sessions, and what moves them from one state to another.
import { normalize } from './codes.mjs'
import { immovable, invalid, refused, unknownSession } from './responses.mjs'
import { evaluate } from './rules.mjs'

const DAY_MS = 86_400_000

// What PUT may do. Nothing is documented of closed → closed: refused, a client that did not hear of its close finds out.
/** @type {Record<string, readonly string[]>} */
const MOVES = {
  '': ['open', 'closed'],
  open: ['open', 'closed', 'cancelled'],
  closed: ['cancelled'],
  partially_returned: ['cancelled'],
  cancelled: [],
}
const DEED = /** @type {const} */ ({ open: 'updated', closed: 'closed', cancelled: 'cancelled' })

/** @param {{ additionalCosts?: Record<string, { price: number }> }} holder */
const costsOf = ({ additionalCosts = {} }) => Object.values(additionalCosts).reduce((sum, { price }) => sum + price, 0)

/** Before discounts, in sums of doubles. @param {any} session @param {'line' | 'unit'} itemCosts */
function totalsOf(session, itemCosts) {
  let cartItemTotal = 0
  let cartItemAdditionalCostTotal = 0
  for (const item of session.cartItems) {
    cartItemTotal += (item.price ?? 0) * item.quantity
    cartItemAdditionalCostTotal += costsOf(item) * (itemCosts === 'unit' ? item.quantity : 1)
  }
  const additionalCostTotal = costsOf(session)
  const total = cartItemTotal + additionalCostTotal + cartItemAdditionalCostTotal
  return { total, cartItemTotal, additionalCostTotal, cartItemAdditionalCostTotal }
}

/** What takes a discount back, for a unit or for the whole session. @param {any} effect */
function rollbackOf({ effectType, props, ...origin }) {
  const { name, value, position, subPosition } = props
  const unit =
    effectType === 'setDiscountPerItem' ? { cartItemPosition: position, cartItemSubPosition: subPosition } : {}
  return { ...origin, effectType: 'rollbackDiscount', props: { name, value, ...unit } }
}
const isDiscount = (/** @type {any} */ { effectType }) => /^setDiscount(PerItem)?$/.test(effectType)

/**
 * @param {import('./types.ts').TalonOneOptions & { retention: number, sessionAttributes: string, itemCosts: 'line' | 'unit' }} options
 * @param {{ campaigns: () => readonly import('./types.ts').Campaign[], codes: ReturnType<typeof import('./codes.mjs').createCodes>,
 *   profiles: ReturnType<typeof import('./profiles.mjs').createProfiles>, createId: () => number, createUuid: () => string,
 *   journal: import('./types.ts').Deed[] }} world
 */
export function createSessions(options, { campaigns, codes, profiles, createId, createUuid, journal }) {
  const { now } = options.clock
  /** @type {Map<string, any>} */
  const sessions = new Map()
  const keyOf = (/** @type {number} */ applicationId, /** @type {string} */ id) => `${applicationId}/${id}`

  /** @param {number} applicationId @param {string} id */
  function find(applicationId, id) {
    const session = sessions.get(keyOf(applicationId, id))
    return session && now() - session.updated < options.retention * DAY_MS ? session : undefined
  }

  const create = (/** @type {number} */ applicationId, /** @type {string} */ integrationId) => ({
    id: createId(),
    created: now(),
    integrationId,
    applicationId,
    profileId: '',
    couponCodes: [],
    referralCode: '',
    cartItems: [],
    identifiers: null,
    attributes: {},
    updateCount: 0,
    /** Units that came back, by position. @type {Map<number, number>} */
    returned: new Map(),
    returns: [],
  })

  /** What is given replaces what was there; what is not given stays. @param {any} old @param {any} given */
  function merge(old, given) {
    const session = { ...old, ...given }
    session.couponCodes = [...new Set(session.couponCodes.map(normalize))]
    session.referralCode = normalize(session.referralCode)
    // Nothing is documented of attributes that are not named: they stay, so that leaving one out does not take it out.
    const before = options.sessionAttributes === 'merge' ? old.attributes : {}
    const named = Object.entries(given.attributes ?? old.attributes).filter(([, value]) => value !== null)
    session.attributes = { ...before, ...Object.fromEntries(named) }
    session.totals = totalsOf(session, options.itemCosts)
    session.firstSession = profiles.isFirst(session.profileId, session.id)
    return session
  }

  /** @param {any} session @param {object[]} deeds */
  function store(session, deeds) {
    const profile = session.profileId === '' ? undefined : profiles.of(session.profileId)
    if (profile) {
      profile.firstSession ??= session.id
      profile.lastActivity = new Date(now()).toISOString()
    }
    const { applicationId, integrationId } = session
    const stored = { ...session, updated: now(), updateCount: session.updateCount + 1 }
    sessions.set(keyOf(applicationId, integrationId), stored)
    for (const deed of deeds) {
      journal.push(/** @type {any} */ ({ at: now(), applicationId, session: integrationId, ...deed }))
    }
    return stored
  }

  /** Takes back all that a closed session brought; what nobody can take back, such as free items, stays among its effects. @param {any} session */
  function undo(session) {
    const { deeds, rollbacks } = codes.rollBack(session)
    const profile = profiles.find(session.profileId)
    if (profile) {
      profile.closedSessions -= 1
      profile.totalSales -= session.totals.total
    }
    const discounts = session.effects.filter(isDiscount)
    const kept = session.effects.filter(
      (/** @type {any} */ effect) =>
        !isDiscount(effect) && !/^(acceptCoupon|acceptReferral|addLoyaltyPoints)$/.test(effect.effectType),
    )
    return { deeds, kept, effects: [...rollbacks, ...discounts.map(rollbackOf)] }
  }

  /** @param {any} old */
  function cancel(old) {
    const isSpent = old.state !== 'open'
    const { deeds, kept, effects } = isSpent ? undo(old) : { deeds: [], kept: [], effects: [] }
    const session = { ...old, state: 'cancelled', effects: kept }
    return { session: store(session, [{ did: 'cancelled' }, ...deeds]), effects }
  }

  /** Which units of which lines come back. @param {any} session @param {any[]} wanted */
  function unitsOf({ cartItems, returned }, wanted) {
    /** @type {Map<number, number>} */
    const units = new Map()
    const left = (/** @type {number} */ position) =>
      cartItems[position].quantity - (returned.get(position) ?? 0) - (units.get(position) ?? 0)
    for (const [index, { position, quantity, sku }] of wanted.entries()) {
      const pointer = `/return/returnedCartItems/${index}`
      const places = [...cartItems.keys()].filter(
        place => (position === undefined || place === position) && (sku === undefined || cartItems[place].sku === sku),
      )
      let rest = quantity ?? places.reduce((sum, place) => sum + left(place), 0)
      const isNamed = position !== undefined || sku !== undefined
      if (!isNamed || rest === 0 || places.reduce((sum, place) => sum + left(place), 0) < rest) {
        const details = 'the session has no such units that could be returned'
        throw invalid([{ title: 'returnedCartItems', details, source: { pointer } }])
      }
      for (const place of places) {
        const taken = Math.min(rest, left(place))
        if (taken > 0) units.set(place, (units.get(place) ?? 0) + taken)
        rest -= taken
      }
    }
    if (units.size === 0) throw refused('There is nothing to return.')
    return units
  }

  return {
    find,

    /** @param {any} app @param {string} id @param {any} body @param {{ isDry: boolean, at?: number }} how */
    update(app, id, { customerSession: given }, { isDry, at = now() }) {
      const { applicationId, currency } = app
      const { evaluableCampaignIds: evaluable, ...fields } = given
      if (evaluable && !isDry) throw refused('evaluableCampaignIds needs dry=true')
      // A dry request does not build on what is stored.
      const old = isDry ? undefined : find(applicationId, id)
      const state = fields.state ?? 'open'
      const from = old?.state ?? ''
      if (!MOVES[from].includes(state)) throw immovable(state, from)
      if (state === 'cancelled') return { ...cancel(old), evaluation: undefined }

      const session = merge(old ?? create(applicationId, id), { ...fields, state })
      const world = { campaigns: campaigns(), codes, currency, createUuid, at, evaluable }
      const evaluation = evaluate(session, world)
      session.effects = evaluation.effects
      if (isDry)
        return { session: { ...session, updated: now(), updateCount: 1 }, effects: session.effects, evaluation }
      const isNew = !old
      const deeds = isNew ? [{ did: 'created' }] : []
      if (!isNew || state === 'closed') deeds.push({ did: DEED[/** @type {keyof typeof DEED} */ (state)] })
      if (state === 'closed') {
        deeds.push(...codes.redeem(session, evaluation))
        if (session.profileId !== '') {
          const profile = profiles.of(session.profileId)
          profile.closedSessions += 1
          profile.totalSales += session.totals.total
        }
      }
      return { session: store(session, deeds), effects: session.effects, evaluation }
    },

    /** @param {any} app @param {string} id @param {any} body @param {{ isDry: boolean }} how */
    returnItems({ applicationId }, id, { return: { returnedCartItems } }, { isDry }) {
      const old = find(applicationId, id)
      if (!old) throw unknownSession()
      if (!['closed', 'partially_returned'].includes(old.state)) throw immovable('partially_returned', old.state)
      const units = unitsOf(old, returnedCartItems)
      const returned = new Map(old.returned)
      for (const [position, quantity] of units) returned.set(position, (returned.get(position) ?? 0) + quantity)

      // Which of a line's units come back is not documented: the first ones. Discounts on the whole session stay.
      const isBack = (/** @type {any} */ { effectType, props: { position, subPosition } }) =>
        effectType === 'setDiscountPerItem' && units.has(position) && subPosition < (returned.get(position) ?? 0)
      const effects = old.effects.filter(isBack).map(rollbackOf)
      const list = [...units].map(([position, quantity]) => ({ position, quantity }))
      const entry = {
        id: createId(),
        created: new Date(now()).toISOString(),
        applicationId,
        returnedCartItems: list,
        sessionId: old.id,
        sessionIntegrationId: id,
        profileIntegrationId: old.profileId,
      }
      const session = {
        ...old,
        state: 'partially_returned',
        returned,
        returns: [...old.returns, entry],
        effects: old.effects.filter((/** @type {any} */ effect) => !isBack(effect)),
      }
      if (isDry) return { session, effects, evaluation: undefined }
      return { session: store(session, [{ did: 'returned', units: list }]), effects, evaluation: undefined }
    },

    /** @param {any} app @param {string} id */
    reopen({ applicationId }, id) {
      const old = find(applicationId, id)
      if (!old) throw unknownSession()
      if (old.state !== 'closed') throw immovable('open', old.state)
      const { deeds, kept, effects } = undo(old)
      store({ ...old, state: 'open', effects: kept }, [{ did: 'reopened' }, ...deeds])
      return effects
    },
  }
}
