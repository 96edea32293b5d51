// What Talon.One answers when it has nothing better to say. None of it is `application/problem+json`.

/** @typedef {{ title: string, details: string, source: { pointer: string } | { parameter: string } }} Flaw */

/** @param {number} status @param {unknown} body */
export const json = (status, body) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } })

/** @param {number} status @param {string} title */
export const page = (status, title) =>
  new Response(`<html><head><title>${status} ${title}</title></head><body><h1>${title}</h1></body></html>`, {
    status,
    headers: { 'content-type': 'text/html' },
  })

/** Something that a client did wrong; a request that throws it has changed nothing. */
export class Refusal extends Error {
  /** @param {number} status @param {object} body */
  constructor(status, body) {
    super(`${status}`)
    this.status = status
    this.body = body
  }
}

/** @param {Flaw[]} errors */
export const invalid = errors => new Refusal(400, { message: 'The submitted data was invalid', errors })

/** @param {string} message */
export const refused = message => new Refusal(400, { message, errors: null })

/** @param {string} to @param {string} from */
export const immovable = (to, from) =>
  new Refusal(400, { message: `Cannot move session to state "${to}" from state "${from}"` })

// Its text is nowhere documented.
export const unauthorized = () => new Refusal(401, { message: 'Invalid API key', errors: null, StatusCode: 401 })

export const unknownSession = () => new Refusal(404, { message: 'Session not found', errors: null, StatusCode: 404 })

/** @param {'session' | 'profile'} what */
export const tooManyUpdates = what =>
  new Refusal(409, {
    message: `Too many requests are updating this ${what} at the same time`,
    errors: [],
    StatusCode: 409,
  })

// Not JSON: only its status is documented, and a client must not need more.
export const tooManyRequests = () => new Response('Too Many Requests', { status: 429 })
export const noSuchRoute = () => new Response('404 page not found', { status: 404 })

class Lost extends TypeError {}

/** What `fetch` throws when there is no connection, or none any more. */
export const lost = () => new Lost('fetch failed', { cause: new Error('socket hang up') })

export const isLost = (/** @type {unknown} */ error) => error instanceof Lost
