import { EventEmitter, once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { bundlePage } from './bundle.ts'
import type { Line } from './contenders/contender.ts'
import { UNANSWERED, type ContenderName } from './contenders/index.ts'

/** Carts under test, and the origin they are kept at. */
export interface KillCarts {
  readonly origin: string
  readonly names: readonly ContenderName[]
}

/** What a page is to do: read the carts back that another page wrote, then give commands to carts of its own. */
export interface KillTask {
  readonly read?: KillCarts
  readonly write: KillCarts
}

/** What a page tells while it gives commands. */
export interface Told {
  /** Commands that are saved since the page last told: cart, number, and when in milliseconds. */
  saved: [cart: ContenderName, n: number, at: number][]
  /** How many saved commands nobody had heard of, at the most so far. */
  peak: number
}

/** The carts as a page read them back. */
export type ReadBack = Partial<Record<ContenderName, readonly Line[]>>

/** The server that the pages report to, which no killed browser takes along. */
export interface KillServer {
  /** A new origin, with nothing stored. */
  addOrigin(): Promise<string>
  /** Emits `told` and `read` with what a page sent. */
  readonly events: EventEmitter<{ told: [Told]; read: [ReadBack] }>
  /** Resolves when the connections are gone, and with them all that a killed page had sent has been heard. */
  drained(): Promise<void>
  close(): void
}

/** The address of a page that does a task. */
export function urlOf(task: KillTask): string {
  return `${(task.read ?? task.write).origin}/?${encodeURIComponent(JSON.stringify(task))}`
}

const pathOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

const PAGE = `<!doctype html>
<meta charset="utf-8">
<title>Kills</title>
<script src="/session-cart.iife.js"></script>
<script src="/page.js" type="module"></script>`

export async function openKillServer(): Promise<KillServer> {
  const scripts = new Map([
    ['/session-cart.iife.js', await readFile(pathOf('../../dist/session-cart.iife.js'), 'utf8')],
    ['/page.js', await bundlePage('kills')],
  ])
  const events: KillServer['events'] = new EventEmitter()
  const servers: Server[] = []
  const sockets = new Map<Socket, Promise<unknown>>()

  function hear(path: string, body: string): void {
    if (path === '/told') events.emit('told', JSON.parse(body) as Told)
    else events.emit('read', JSON.parse(body) as ReadBack)
  }

  const listener: RequestListener = (request, response) => {
    const { pathname } = new URL(`http://localhost${request.url!}`)
    if (pathname.startsWith(UNANSWERED)) return
    if (request.method === 'POST') {
      void text(request).then(
        body => {
          hear(pathname, body)
          response.end()
        },
        // A page that is killed in the middle of a request has told nothing.
        () => {},
      )
      return
    }
    const script = scripts.get(pathname)
    response.setHeader('Content-Type', script ? 'text/javascript' : 'text/html').end(script ?? PAGE)
  }

  return {
    events,
    async addOrigin() {
      const server = createServer(listener).listen(0, '127.0.0.1')
      servers.push(server)
      server.on('connection', socket => {
        const closed = new Promise(resolve => socket.once('close', resolve))
        sockets.set(socket, closed)
        void closed.then(() => sockets.delete(socket))
      })
      await once(server, 'listening')
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    },
    async drained() {
      await Promise.all(sockets.values())
    },
    close() {
      for (const server of servers) {
        server.close()
        server.closeAllConnections()
      }
    },
  }
}
