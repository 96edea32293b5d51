// Takes orders. What is ordered is a version of a session that the shop itself has confirmed, so neither lines nor amounts
// are taken from the page. A real shop would have it paid here, or before.
import { isSessionProblem } from '../../dist/server.js'
import { isFromOwnPage } from './own-page.mjs'

const MAX_BYTES = 2000

const refuse = (status, detail) => Response.json({ status, detail }, { status })

async function read(request) {
  // Pages of other sites cannot send JSON without asking first.
  if (!request.headers.get('content-type')?.startsWith('application/json')) return undefined
  if (!(Number(request.headers.get('content-length')) <= MAX_BYTES)) return undefined
  const { id, version } = (await request.json().catch(() => undefined)) ?? {}
  return typeof id === 'string' && Number.isSafeInteger(version) ? { id, version } : undefined
}

/** Answers `POST { id, version }`: 200 when the order is placed, by this request or an earlier one; 409 when it cannot be. */
export function createOrders(sessions) {
  return async request => {
    if (request.method !== 'POST') return refuse(405, 'Only POST is answered here.')
    if (!isFromOwnPage(request)) return refuse(403, 'Pages of other sites may not order here.')
    const order = await read(request)
    if (!order) return refuse(400, 'An order is { id, version }.')
    try {
      // The key makes it one order, however often the page has to ask.
      const { rejected } = await sessions.close(order.id, { ifVersion: order.version, key: 'order' })
      return rejected.length > 0 ? refuse(409, 'This cart cannot be ordered.') : Response.json({ placed: true })
    } catch (error) {
      if (isSessionProblem(error, 'precondition')) return refuse(409, 'The cart has changed since.')
      if (isSessionProblem(error)) return refuse(error.status, error.message)
      return error?.code === 'invalid-argument' ? refuse(400, error.message) : refuse(500, 'Something went wrong here.')
    }
  }
}
