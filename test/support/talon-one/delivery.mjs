// The way from a client to Talon.One and back, with all that can happen on it.
import { isLost, lost, page } from './responses.mjs'

/** @typedef {import('./types.ts').Fault} Fault */
/** @typedef {(fault: Fault) => boolean} Strikes */

const never = () => new Promise(() => {})

/** @param {unknown} error */
function throwUnlessLost(error) {
  if (!isLost(error)) throw error
}

/** The answer as far as half way, then nothing, or the end of the connection. @param {Response} response @param {boolean} isCut */
async function half(response, isCut) {
  const bytes = new Uint8Array(await response.arrayBuffer())
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(bytes.subarray(0, bytes.length / 2))
    },
    pull(controller) {
      if (isCut) controller.error(lost())
      else return never()
    },
  })
  const { status, headers } = response
  return new Response(body, { status, headers })
}

/** Rejects when the client goes away. What it sent is carried out all the same. @param {Request} request */
function departure({ signal }) {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

/**
 * @param {{ isDown: () => boolean, pause: (ms: number) => Promise<void>, late: () => number,
 *   process: (request: Request, body: string, strikes: Strikes) => Promise<Response> }} parts
 */
export function createDelivery({ isDown, pause, late, process }) {
  /** @param {Request} request @param {Strikes} strikes */
  async function deliver(request, strikes) {
    if (isDown() || strikes('connection lost before processing')) throw lost()
    const body = await request.text()
    if (strikes('processed late')) {
      void pause(late())
        .then(() => isDown() || process(request, body, strikes))
        .catch(throwUnlessLost)
      return never()
    }
    if (strikes('gateway error')) return page(502, 'Bad Gateway')
    if (strikes('server error')) return page(500, 'Internal Server Error')
    const response = await process(request, body, strikes)
    if (isDown() || strikes('answer lost')) throw lost()
    if (strikes('answer never comes')) return never()
    if (strikes('gateway timeout')) return page(504, 'Gateway Timeout')
    if (strikes('page of a firewall')) return page(200, 'Please wait')
    if (strikes('slow answer')) await pause(late())
    if (strikes('answer cut half way')) return half(response, true)
    if (strikes('answer never ends')) return half(response, false)
    return response
  }

  return (/** @type {Request} */ request, /** @type {Strikes} */ strikes) =>
    Promise.race([deliver(request, strikes), departure(request)])
}
