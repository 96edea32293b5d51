import { isText } from '../session/json.ts'
import { SessionProblem } from './problem.ts'

/** What a request wants, by method and path. */
export interface Route {
  readonly action: 'read' | 'mutate'
  readonly integrationId: string
}

/** Whether a session may have this id: 1 to 1000 characters, none of them a control character, and not `.` or `..`. */
export function isIntegrationId(value: string): boolean {
  return isText(value) && value.length <= 1000 && /^(?!\.{1,2}$)\P{Cc}+$/u.test(value)
}

function decoded(segment: string): string | undefined {
  try {
    const id = decodeURIComponent(segment)
    return isIntegrationId(id) ? id : undefined
  } catch {
    return undefined
  }
}

/**
 * Reads the end of the path, so that the handler can be mounted anywhere.
 *
 * @throws SessionProblem 404 or 405, both without a kind: another server may have given them too.
 */
export function routeOf({ method, url }: Request): Route {
  const segments = new URL(url).pathname.split('/').slice(1)
  const mutates = segments.length > 1 && segments.at(-1) === 'mutations'
  // A session may itself be called `mutations`; only GET tells.
  const action = mutates && method !== 'GET' ? 'mutate' : 'read'
  const integrationId = decoded(segments.at(action === 'mutate' ? -2 : -1) ?? '')
  if (integrationId === undefined) throw new SessionProblem(undefined, 'There is nothing here.', { status: 404 })
  const allowed = action === 'mutate' ? 'POST' : 'GET'
  if (method !== allowed) {
    const headers = { allow: `${allowed}, OPTIONS` }
    throw new SessionProblem(undefined, `Only ${allowed} is answered here.`, { status: 405, headers })
  }
  return { action, integrationId }
}
