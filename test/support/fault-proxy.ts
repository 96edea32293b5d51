import { once } from 'node:events'
import { createServer, request as ask, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { createRandom } from './random.ts'

/** What a network does to a request. */
export const FAULTS = [
  'dropped before',
  'dropped after',
  'duplicated',
  'delayed',
  'failed before',
  'failed after',
  'too many',
  'truncated',
] as const

/** One of them. */
export type Fault = (typeof FAULTS)[number]

/** A request as it reached the proxy. */
export interface Passed {
  readonly method: string
  readonly path: string
  readonly body: string
}

/** What a proxy is made with. */
export interface FaultProxyOptions {
  readonly seed: number
  /** The pages, which nothing befalls. */
  readonly pages: string
  /** The port that a request below `/api/` goes to; asked for each one anew. */
  readonly next: () => number
  /** Hears of each request below `/api/` before anything befalls it, until it is calm. */
  readonly onRequest: (count: number) => void
}

/** An HTTP proxy between pages and their servers. */
export interface FaultProxy {
  readonly url: string
  /** The requests below `/api/`. */
  readonly passed: readonly Passed[]
  /** How often each fault struck, and how often no server was there (`unreachable`). */
  readonly struck: ReadonlyMap<Fault | 'unreachable', number>
  /** From now on nothing befalls a request any more; resolves when none is on its way. */
  calm(): Promise<void>
  close(): Promise<void>
}

interface Answer {
  readonly status: number
  readonly headers: readonly string[]
  readonly body: Buffer
}

const CALM_PER_FAULT = 1
/** More than the carts wait, so that some of the requests come in after they were given up and sent again. */
const LONGEST_DELAY_MS = 3000

/** The faults as they strike: in a random order, each once in so many requests. */
function* deal(random: () => number): Generator<Fault | undefined, never> {
  for (;;) {
    const deck: (Fault | undefined)[] = [...FAULTS]
    deck.length *= 1 + CALM_PER_FAULT
    while (deck.length > 0) yield deck.splice(Math.floor(random() * deck.length), 1)[0]
  }
}

async function forward(port: number, { method, url, rawHeaders }: IncomingMessage, body: Buffer): Promise<Answer> {
  const request = ask({ host: '127.0.0.1', port, method: method!, path: url!, headers: rawHeaders, agent: false })
  request.end(body)
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  return { status: response.statusCode!, headers: response.rawHeaders, body: await buffer(response) }
}

function fail(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'Content-Type': 'text/html', ...headers }).end(`<h1>${status}</h1>`)
}

function reply(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, [...headers]).end(body)
}

/** Starts the proxy on a free port of this machine. */
export async function startFaultProxy({ seed, pages, next, onRequest }: FaultProxyOptions): Promise<FaultProxy> {
  const random = createRandom(seed)
  const faults = deal(random)
  const passed: Passed[] = []
  const struck = new Map<Fault | 'unreachable', number>([...FAULTS, 'unreachable' as const].map(fault => [fault, 0]))
  const underWay = new Set<Promise<void>>()
  let isCalm = false

  const count = (fault: Fault | 'unreachable'): unknown => struck.set(fault, struck.get(fault)! + 1)

  async function strike(fault: Fault | undefined, request: IncomingMessage, response: ServerResponse, body: Buffer) {
    const send = (): Promise<Answer> => forward(next(), request, body)
    const delay = (): Promise<void> => new Promise(resolve => setTimeout(resolve, random() * LONGEST_DELAY_MS))
    switch (fault) {
      case undefined:
        return reply(response, await send())
      case 'dropped before':
        return response.destroy()
      case 'dropped after':
        await send()
        return response.destroy()
      case 'duplicated': {
        // At once, or when newer ones have come in.
        const again = random() < 0.5 ? send() : delay().then(send)
        const copies = [send().then(answer => reply(response, answer)), again]
        await Promise.allSettled(copies)
        return void (await Promise.all(copies))
      }
      case 'delayed':
        await delay()
        return reply(response, await send())
      case 'failed before':
        return fail(response, 503)
      case 'failed after':
        await send()
        return fail(response, 504)
      case 'too many':
        return fail(response, 429, { 'Retry-After': '1' })
      case 'truncated': {
        const { status, headers, body: whole } = await send()
        response.writeHead(status, [...headers])
        return response.write(whole.subarray(0, whole.length / 2), () => response.destroy())
      }
    }
  }

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request)
    passed.push({ method: request.method!, path: request.url!, body: body.toString() })
    if (!isCalm) onRequest(passed.length)
    const fault = isCalm ? undefined : faults.next().value
    if (fault) count(fault)
    try {
      await strike(fault, request, response, body)
    } catch {
      count('unreachable')
      if (!response.headersSent) fail(response, 502)
    }
  }

  const listen = (request: IncomingMessage, response: ServerResponse): void => {
    const work = request.url!.startsWith('/api/')
      ? pass(request, response)
      : buffer(request).then(async body => reply(response, await forward(Number(new URL(pages).port), request, body)))
    // A page that goes away in the middle of a request has asked nothing.
    const settled = work.catch(() => response.destroy()).then(() => void underWay.delete(settled))
    underWay.add(settled)
  }

  const server: Server = createServer(listen).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    passed,
    struck,
    async calm() {
      isCalm = true
      await Promise.all(underWay)
    },
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
