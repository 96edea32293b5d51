// A Talon.One in memory: its Integration API for customer sessions, with its manners and its faults. Where nothing is
// documented it does what is hardest for a client, and a comment says so.
import { API_KEYS, ATTRIBUTES, CAMPAIGNS } from './campaigns.mjs'
import { createCodes } from './codes.mjs'
import { customerSessionOf, sparse, stateOf } from './contents.mjs'
import { createDelivery } from './delivery.mjs'
import { createChecks } from './fields.mjs'
import { createQueue } from './parallel.mjs'
import { createProfiles } from './profiles.mjs'
import * as answers from './responses.mjs'
import { howOf, parse, routeOf } from './routes.mjs'
import { createSessions } from './sessions.mjs'

const DAY_MS = 86_400_000

/** Something a later release may bring. */
const NEW_EFFECT = {
  campaignId: 99,
  rulesetId: 991,
  ruleIndex: 0,
  ruleName: 'Fireworks',
  effectType: 'lightFireworks',
  props: { colours: ['red', null], at: { position: null } },
}

/**
 * @param {import('./types.ts').TalonOneOptions} options
 * @returns {import('./types.ts').TalonOne}
 */
export function createTalonOne(options) {
  const chosen = {
    apiKeys: API_KEYS,
    campaigns: CAMPAIGNS,
    attributes: ATTRIBUTES,
    additionalCosts: /** @type {const} */ ({ shipping: 'session', giftWrap: 'both' }),
    retention: 30,
    idempotency: /** @type {const} */ ('everywhere'),
    replays: /** @type {const} */ ('success'),
    // Nothing is documented of these three.
    sessionAttributes: /** @type {const} */ ('merge'),
    itemCosts: /** @type {const} */ ('line'),
    pointerPrefix: '',
    faults: { strikes: () => false },
    latency: 0,
    lateness: 60_000,
    ...options,
  }
  const { clock, random } = chosen
  const { now } = clock
  let { campaigns } = chosen
  let isDown = false
  let lastId = 0
  /** @type {import('./types.ts').Fault[]} */
  const script = []
  /** @type {import('./types.ts').Deed[]} */
  const journal = []
  /** @type {import('./types.ts').Arrival[]} */
  const requests = []
  /** @type {Map<string, { at: number, status: number, text: string }>} */
  const replays = new Map()

  const createId = () => ++lastId
  const hex = (/** @type {number} */ digits) =>
    Array.from({ length: digits }, () => Math.floor(random() * 16).toString(16)).join('')
  const createUuid = () => `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`
  const pause = (/** @type {number} */ ms) =>
    ms > 0 ? new Promise(resolve => void clock.after(ms, () => resolve(undefined))) : Promise.resolve()
  const latency = () => (typeof chosen.latency === 'function' ? chosen.latency() : chosen.latency)

  const profiles = createProfiles({ now, createId })
  const codes = createCodes({ now, createId, profiles, campaigns: () => campaigns })
  codes.define(campaigns)
  const sessions = createSessions(chosen, {
    campaigns: () => campaigns,
    codes,
    profiles,
    createId,
    createUuid,
    journal,
  })
  const checks = createChecks(chosen)
  const queue = createQueue()

  /** @param {Request} request */
  function applicationOf({ headers }) {
    const [, key] = /^ApiKey-v1 (\S+)$/.exec(headers.get('authorization') ?? '') ?? []
    const found = chosen.apiKeys.find(one => one.key === key)
    if (!found || (found.expires !== undefined && now() >= found.expires)) throw answers.unauthorized()
    return found
  }

  /** @type {Record<string, (app: any, id: string, body: any, how: { isDry: boolean, at?: number }) => object>} */
  const OPERATIONS = {
    read({ applicationId }, id) {
      const session = sessions.find(applicationId, id)
      if (!session) throw answers.unknownSession()
      return { customerSession: customerSessionOf(session), effects: session.effects }
    },
    update(app, id, body, how) {
      const done = sessions.update(app, id, body, how)
      return stateOf({ ...done, ...how, profile: profiles.find(done.session.profileId) }, body.responseContent)
    },
    returnItems(app, id, body, how) {
      const done = sessions.returnItems(app, id, body, how)
      return stateOf({ ...done, ...how, profile: profiles.find(done.session.profileId) }, body.responseContent)
    },
    reopen: (app, id) => ({ effects: sessions.reopen(app, id) }),
  }

  /** @param {string} operation @param {string} text */
  function bodyOf(operation, text) {
    if (operation === 'read') return undefined
    if (operation === 'reopen') {
      if (text !== '') throw answers.refused('reopen takes no body')
      return undefined
    }
    const body = parse(text)
    checks[operation === 'update' ? 'update' : 'returns'](body)
    return body
  }

  /** @param {Request} request @param {string} operation @param {any} app */
  function replayKeyOf({ headers }, operation, { applicationId }) {
    const key = headers.get('idempotency-key')
    if (key === null || operation === 'read' || chosen.idempotency === 'nowhere') return undefined
    if (chosen.idempotency === 'returns' && operation !== 'returnItems') return undefined
    if (key.length > 255) throw answers.refused('Idempotency-Key must have at most 255 characters')
    return `${applicationId} ${key}`
  }

  const isTooFast = () => {
    if (!chosen.rateLimit) return false
    const since = now() - chosen.rateLimit.ms
    return requests.filter(({ at }) => at > since).length > chosen.rateLimit.requests
  }

  /** Carries an operation out, or answers again what its key was answered before, whatever is asked now. */
  function carryOut(
    /** @type {any} */ { app, id, operation, body, how, replayKey, arrival },
    /** @type {import('./delivery.mjs').Strikes} */ strikes,
  ) {
    const replay = replays.get(replayKey)
    if (replay && now() - replay.at < DAY_MS) {
      arrival.isReplay = true
      return answers.json(replay.status, JSON.parse(replay.text))
    }
    let status = 200
    /** @type {any} */
    let state
    try {
      state = OPERATIONS[operation](app, id, body, how)
      if (strikes('new effect type')) state = { ...state, effects: [...state.effects, NEW_EFFECT] }
      if (strikes('sparse answer')) state = sparse(state)
    } catch (error) {
      if (!(error instanceof answers.Refusal)) throw error
      status = error.status
      state = error.body
    }
    const text = JSON.stringify(state)
    if (replayKey && (status === 200 || chosen.replays === 'all')) replays.set(replayKey, { at: now(), status, text })
    return answers.json(status, state)
  }

  /** @param {Request} request @param {string} text @param {import('./delivery.mjs').Strikes} strikes */
  async function answer(request, text, strikes, /** @type {any} */ arrival) {
    const route = routeOf(request)
    if (!route) return answers.noSuchRoute()
    const { operation, id } = route
    if (strikes('unauthorized')) throw answers.unauthorized()
    const app = applicationOf(request)
    if (isTooFast() || strikes('too many requests')) return answers.tooManyRequests()
    if (Array.from(id).length > 1000) throw answers.refused('The id must have at most 1000 characters.')
    const how = howOf(new URL(request.url).searchParams, app, now())
    const body = bodyOf(operation, text)
    const replayKey = replayKeyOf(request, operation, app)
    const job = { app, id, operation, body, how, replayKey, arrival }
    if (operation === 'read') {
      await pause(latency())
      return carryOut(job, strikes)
    }
    const profileId = body?.customerSession?.profileId ?? sessions.find(app.applicationId, id)?.profileId ?? ''
    const keys = [`session ${app.applicationId}/${id}`, ...(profileId === '' ? [] : [`profile ${profileId}`])]
    const full = strikes('too many updates') ? keys[0] : queue.fullOf(keys)
    if (full) {
      // It says so late: the client may have gone on meanwhile.
      await pause(latency())
      throw answers.tooManyUpdates(full.startsWith('session') ? 'session' : 'profile')
    }
    const leave = await queue.enter(keys)
    try {
      await pause(latency())
      if (isDown) throw answers.lost()
      return carryOut(job, strikes)
    } finally {
      leave()
    }
  }

  /** @param {Request} request @param {string} text @param {import('./delivery.mjs').Strikes} strikes */
  async function process(request, text, strikes) {
    const { pathname, search } = new URL(request.url)
    const idempotencyKey = request.headers.get('idempotency-key') ?? undefined
    /** @type {import('./types.ts').Arrival} */
    const arrival = {
      at: now(),
      method: request.method,
      path: pathname + search,
      idempotencyKey,
      body: text,
      status: undefined,
      isReplay: false,
    }
    requests.push(arrival)
    const refuse = (/** @type {unknown} */ error) => {
      if (error instanceof answers.Refusal) return answers.json(error.status, error.body)
      throw error
    }
    const response = await answer(request, text, strikes, arrival).catch(refuse)
    arrival.status = response.status
    return response
  }

  const deliver = createDelivery({ isDown: () => isDown, pause, late: () => random() * chosen.lateness, process })

  return {
    handle(request) {
      const next = script.shift()
      return deliver(request, fault => fault === next || chosen.faults.strikes(fault))
    },
    journal,
    requests,
    session(id, applicationId = chosen.apiKeys[0]?.applicationId ?? 0) {
      const session = sessions.find(applicationId, id)
      return session && customerSessionOf(session)
    },
    coupon: code => codes.find(code),
    points: (profileId, programId = 1) => profiles.find(profileId)?.points.get(programId) ?? 0,
    failNext: (fault, times = 1) => void script.push(...Array.from({ length: times }, () => fault)),
    get isDown() {
      return isDown
    },
    set isDown(value) {
      isDown = value
    },
    setCampaigns(list) {
      campaigns = list
      codes.define(list)
    },
  }
}
