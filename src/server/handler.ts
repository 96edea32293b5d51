import { checkOf } from '../session/check.ts'
import type { Mutation } from '../session/mutations.ts'
import { checkSession, sessionGone } from './admission.ts'
import { sourcesIn } from './adopt.ts'
import { etagOf, parseEtag, toAnswer, toUnchanged } from './answer.ts'
import { commit, type Committed } from './commit.ts'
import { load } from './load.ts'
import { resolveOptions, type SessionHandlerOptions, type Settings } from './options.ts'
import { checkOrigin, toPreflight } from './origin.ts'
import type { Access } from './policy.ts'
import { isSessionProblem, SessionProblem, toProblemResponse } from './problem.ts'
import { readJson } from './read-json.ts'
import { routeOf } from './route.ts'
import { createSessions, type Sessions } from './sessions.ts'
import { isDue } from './turn.ts'
import { parseMutations, parseSyncRequest } from './sync-request.ts'

/** Answers the requests of browsers; see {@link createSessionHandler}. */
export interface SessionHandler {
  /** Answers one request. Never rejects. */
  (request: Request): Promise<Response>
  /** The same sessions, for the backend's own code. */
  readonly sessions: Sessions
}

async function accessOf(
  { authorize }: Settings,
  request: Request,
  integrationId: string,
  actions: readonly string[],
): Promise<Extract<Access, { trusted: false }>> {
  if (!authorize) return { trusted: false }
  const authorized = await authorize(request, { integrationId, actions })
  if (authorized) return { trusted: false, profileId: authorized.profileId }
  const { headers } = request
  if (headers.has('authorization') || headers.has('cookie')) {
    throw new SessionProblem('forbidden', 'This session is not open to whoever sent the request.')
  }
  throw new SessionProblem('unauthorized', 'Nothing in the request says who sent it.', {
    headers: { 'www-authenticate': 'Bearer' },
  })
}

// Sessions that one request may adopt: each has to be asked for and read.
const MOST_SOURCES = 10

async function sourcesOf(
  { authorize }: Settings,
  request: Request,
  mutations: readonly Mutation[],
): Promise<ReadonlySet<string>> {
  const ids = sourcesIn(mutations).slice(0, MOST_SOURCES)
  if (!authorize) return new Set(ids)
  const allowed = await Promise.all(ids.map(async id => authorize(request, { integrationId: id, actions: ['adopt'] })))
  return new Set(ids.filter((_, index) => allowed[index]))
}

function canReplay({ before, repriced }: Committed, base: number, check: string | undefined): boolean {
  return !repriced && (before?.version ?? 0) === base && checkOf(before?.document.session.cartItems ?? []) === check
}

async function mutate(settings: Settings, request: Request, integrationId: string): Promise<Response> {
  const body = await readJson(request, settings.maxBodySize)
  const { epoch, base, check, mutations: values } = parseSyncRequest(body, settings.maxBatch)
  const { mutations, problem } = parseMutations(values)
  const names = new Set(mutations.map(({ name }) => name))
  const access = await accessOf(settings, request, integrationId, [...names])
  if (problem) throw problem
  const sources = await sourcesOf(settings, request, mutations)
  const committed = await commit(settings, {
    integrationId,
    mutations,
    access: { ...access, sources },
    request,
    admit: stored => {
      checkSession(stored, { epoch, base })
    },
  })
  return toAnswer(committed, { since: base, mutations, small: canReplay(committed, base, check) })
}

async function read(settings: Settings, request: Request, integrationId: string): Promise<Response> {
  const access = await accessOf(settings, request, integrationId, ['read'])
  const received = request.headers.get('if-none-match')
  const known = parseEtag(received)
  const admit: Parameters<typeof commit>[1]['admit'] = stored => {
    if (!stored) throw sessionGone('There is no such session.', 404)
    if (known) checkSession(stored, { epoch: known.epoch, base: known.version })
  }
  let stored = await load(settings, integrationId)
  admit(stored)
  if (!stored || isDue(stored.document, settings.clock.now())) {
    stored = await commit(settings, { integrationId, mutations: [], access, request, admit })
  }
  if (known && received?.includes(etagOf(stored).slice(1, -1))) return toUnchanged(stored)
  return toAnswer(stored, { since: known?.version ?? 0, mutations: [], small: false })
}

async function answer(settings: Settings, request: Request): Promise<Response> {
  if (request.method === 'OPTIONS') return toPreflight(request)
  const { action, integrationId } = routeOf(request)
  try {
    return await (action === 'mutate' ? mutate : read)(settings, request, integrationId)
  } catch (error) {
    if (!isSessionProblem(error)) settings.report(error, integrationId)
    return toProblemResponse(error)
  }
}

async function handle(settings: Settings, request: Request): Promise<Response> {
  try {
    const cors = checkOrigin(request, settings.origins)
    const response = await answer(settings, request).catch(toProblemResponse)
    for (const [name, value] of Object.entries(cors)) response.headers.set(name, value)
    response.headers.set('x-content-type-options', 'nosniff')
    return response
  } catch (error) {
    if (!isSessionProblem(error)) settings.report(error, undefined)
    return toProblemResponse(error)
  }
}

/**
 * Makes the server half of the cart: a function from a `Request` to a `Response`, for Node, Deno, Bun and Workers. It speaks
 * the sync protocol below whatever path it is mounted at:
 *
 * - `POST …/{integrationId}/mutations` applies a batch, each mutation once;
 * - `GET …/{integrationId}` answers the session.
 *
 * It keeps no state of its own: run as many as you like on one store.
 *
 * @param options The store, and what the shop adds: prices, promotions, who may do what.
 *
 * @example
 * const handler = createSessionHandler({ store: memoryStore(), currencies: ['EUR'] })
 * const response = await handler(new Request('https://shop.example/api/sessions/s1'))
 * response.status // 404: nobody has put anything into that cart yet
 */
export function createSessionHandler(options: SessionHandlerOptions): SessionHandler {
  const settings = resolveOptions(options)
  return Object.assign((request: Request) => handle(settings, request), { sessions: createSessions(settings) })
}
