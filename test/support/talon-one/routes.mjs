// Which operation a request asks for, and how.
import { refused } from './responses.mjs'
import { isTime } from './fields.mjs'

const ROUTE = /^\/v2\/customer_sessions\/([^/]+)(?:\/(returns|reopen))?$/
const METHODS = /** @type {Record<string, string>} */ ({
  'PUT ': 'update',
  'GET ': 'read',
  'POST returns': 'returnItems',
  'PUT reopen': 'reopen',
})

/** @param {Request} request */
export function routeOf({ method, url }) {
  const [, segment = '', action = ''] = ROUTE.exec(new URL(url).pathname) ?? []
  const operation = segment && METHODS[`${method} ${action}`]
  if (!operation) return undefined
  try {
    return { operation, id: decodeURIComponent(segment) }
  } catch {
    return undefined
  }
}

/** @param {string} text */
export function parse(text) {
  try {
    return JSON.parse(text)
  } catch {
    throw refused('The body is not JSON.')
  }
}

/** @param {URLSearchParams} query @param {import('./types.ts').ApiKey} key @param {number} now */
export function howOf(query, { isTest = false }, now) {
  const isDry = query.get('dry') === 'true'
  const at = query.get('now')
  if (at === null) return { isDry: isDry || isTest }
  if (!isDry || !isTime(at) || Date.parse(at) <= now)
    throw refused('now must be a time in the future, and needs dry=true')
  return { isDry, at: Date.parse(at) }
}
