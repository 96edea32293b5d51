import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { toListener } from '../../examples/server/node-adapter.mjs'

const BUILT = ['session-cart.iife.js', 'session-cart-inspector.js']
const dist = fileURLToPath(new URL('../../dist/', import.meta.url))

/** What a server of test pages is made with. */
export interface PagesOptions {
  /** Pages and scripts by path; any other path but those of the built scripts is a page with a cart. */
  readonly files?: Readonly<Record<string, string>>
  /** Cross-origin isolated pages have the finest clock that the engine gives. */
  readonly isolated?: boolean
  /** Sent with every page and script. */
  readonly headers?: Readonly<Record<string, string>>
  /** Answers what is below `/api/`, as the sync server does. */
  readonly handler?: (request: Request) => Promise<Response>
}

/** A server of test pages. */
export interface Pages {
  readonly url: string
  /** The same pages as another site. */
  readonly otherSite: string
  close(): Promise<void>
}

const ISOLATED = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
}

/** Serves test pages and the built scripts on a free port of this machine. */
export async function servePages({ files, isolated, headers, handler }: PagesOptions = {}): Promise<Pages> {
  const content = new Map([
    ...Object.entries(files ?? {}),
    ...BUILT.map(file => [`/${file}`, readFileSync(dist + file, 'utf8')] as const),
  ])
  const page = '<!doctype html><meta charset="utf-8"><title>A page</title><script src="/session-cart.iife.js"></script>'
  const api = handler && toListener(handler)
  const server = createServer((request, response) => {
    const { pathname } = new URL(`http://localhost${request.url!}`)
    if (api && pathname.startsWith('/api/')) return api(request, response)
    const type = pathname.endsWith('.js') ? 'text/javascript' : 'text/html'
    response.writeHead(200, { 'Content-Type': `${type}; charset=utf-8`, ...(isolated && ISOLATED), ...headers })
    response.end(content.get(pathname) ?? page)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    otherSite: `http://localhost:${port}/`,
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
