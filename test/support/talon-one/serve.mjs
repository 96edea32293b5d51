// The same over HTTP, on this machine alone.
import { once } from 'node:events'
import { createServer } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { createTalonOne } from './index.mjs'

/** @type {import('./types.ts').TalonOneOptions['clock']} */
const CLOCK = {
  now: Date.now,
  after(ms, job) {
    const timer = setTimeout(job, ms)
    return () => clearTimeout(timer)
  },
}

/** @param {import('node:http').IncomingMessage} incoming @param {AbortSignal} signal */
async function requestOf(incoming, signal) {
  const { method = 'GET', headers, url } = incoming
  const body = await buffer(incoming)
  return new Request(`http://127.0.0.1${url}`, {
    method,
    headers: Object.entries(headers).map(([name, value]) => [name, String(value)]),
    signal,
    ...(method !== 'GET' && method !== 'HEAD' && { body }),
  })
}

/**
 * @typedef {object} ServedTalonOne
 * @property {string} url
 * @property {import('./types.ts').TalonOne} talonOne
 * @property {() => Promise<void>} close Ends it, with all connections.
 */

/**
 * Starts a Talon.One on 127.0.0.1.
 *
 * @param {Partial<import('./types.ts').TalonOneOptions> & { port?: number }} [options] `port`: a free one if not given.
 * @returns {Promise<ServedTalonOne>}
 */
export async function serveTalonOne({ port = 0, ...options } = {}) {
  const talonOne = createTalonOne({ clock: CLOCK, random: Math.random, ...options })

  /** @param {import('node:http').IncomingMessage} incoming @param {import('node:http').ServerResponse} outgoing */
  async function answer(incoming, outgoing) {
    const departure = new AbortController()
    outgoing.once('close', () => departure.abort())
    // What was written is with the client before the connection may break.
    const write = (/** @type {Uint8Array} */ part) =>
      new Promise((resolve, reject) => outgoing.write(part, error => (error ? reject(error) : resolve(undefined))))
    try {
      const response = await talonOne.handle(await requestOf(incoming, departure.signal))
      outgoing.writeHead(response.status, Object.fromEntries(response.headers))
      const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader()
      departure.signal.addEventListener('abort', () => void reader.cancel().catch(() => {}))
      for (let part = await reader.read(); !part.done; part = await reader.read()) await write(part.value)
      outgoing.end()
    } catch {
      // The connection was lost, or the client left: whoever is at the other end hears of it by its end.
      outgoing.destroy()
    }
  }

  const server = createServer((incoming, outgoing) => void answer(incoming, outgoing))
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = /** @type {import('node:net').AddressInfo} */ (server.address())
  return {
    url: `http://127.0.0.1:${address.port}`,
    talonOne,
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
