import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import type { PGlite } from '@electric-sql/pglite'
import { toListener } from '../../examples/server/node-adapter.mjs'
import { apply } from '../../src/session/apply.ts'
import { defaultLimits } from '../../src/session/limits.ts'
import { emptySession } from '../../src/session/session.ts'
import { root } from './documents.ts'
import { toScript, type Names } from './example-code.ts'

/** Where examples run. */
export interface World {
  /** What the words of an example stand for when they are not the package's own. */
  readonly names: Names
  /** Runs code; what it declares is known to what runs in the same world afterwards. */
  run(code: string): Promise<void>
  /** Stops what the examples have started. */
  close(): Promise<void>
}

type Handler = (request: Request) => Promise<Response>
type Load = (from: string, names?: readonly string[]) => Promise<Names>

/** The entries of the package by the names they are imported by, and the built files behind them. */
export function entriesOfPackage(): Map<string, string> {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    exports: Record<string, string | { default: string }>
  }
  return new Map(
    Object.entries(exports).flatMap(([entry, target]) =>
      typeof target === 'object' ? [[entry.replace('.', 'session-cart'), join(root, target.default)]] : [],
    ),
  )
}

/** All that the package exports. */
async function everything(): Promise<Names> {
  const all = await Promise.all([...entriesOfPackage().values()].map(file => import(pathToFileURL(file).href)))
  return Object.assign({}, ...all) as Names
}

// The database behind the pool is a real one; only the connection to it is not.
const poolOn = (database: PGlite): Names => ({
  Pool: class {
    query = (text: string, values: unknown[]) => database.query(text, values)
  },
})

/** The parts of Express, Hono and Fastify that a handler is mounted with, where the package itself is not installed. */
function frameworks(serve: (listener: RequestListener) => Server): Names {
  const express = Object.assign(
    () => {
      let mounted: RequestListener | undefined
      return {
        use(path: unknown, listener?: RequestListener) {
          if (listener)
            mounted = (request, response) => {
              request.url = request.url!.slice(String(path).length)
              listener(request, response)
            }
        },
        listen: () => serve((request, response) => mounted!(request, response)),
      }
    },
    { json: () => () => {} },
  )
  class Hono {
    fetch: Handler | undefined
    all(_path: string, answer: (context: object) => Promise<Response>): void {
      this.fetch = request => answer({ req: { raw: request } })
    }
  }
  const Fastify = () => {
    let hook: ((request: object, reply: object) => void) | undefined
    return {
      all: (_path: string, { onRequest }: { onRequest: typeof hook }) => void (hook = onRequest),
      listen: () => serve((request, response) => hook!({ raw: request }, { hijack() {}, raw: response })),
    }
  }
  return { express: { default: express }, hono: { Hono }, fastify: { default: Fastify } }
}

/** Asks what an example serves: it has to know the sync protocol. */
async function ask(send: Handler): Promise<void> {
  const response = await send(new Request('http://shop.test/api/sessions/nobody'))
  const { type } = (await response.json()) as { type?: string }
  if (response.status !== 404 || type !== 'urn:session-cart:problem:session-gone') {
    throw new Error(`a session that is not there is answered ${response.status} ${type}`)
  }
}

function same(value: unknown, literal: unknown): void {
  if (!isDeepStrictEqual(value, literal)) throw new Error(`${JSON.stringify(value)} is not ${JSON.stringify(literal)}`)
}

/** A `localStorage` of its own. */
function storageOf(): Storage {
  const map = new Map<string, string>()
  return {
    getItem: (key: string) => map.get(key) ?? null,
    setItem: (key: string, value: string) => void map.set(key, value),
    removeItem: (key: string) => void map.delete(key),
  } as unknown as Storage
}

async function surroundings(exported: Names, database: PGlite): Promise<Names> {
  const { createSessionHandler, memoryStore } = exported as any
  const handler = createSessionHandler({ store: memoryStore(), currencies: ['EUR'] })
  const fetch = (path: string, init?: RequestInit): Promise<Response> =>
    handler(new Request(new URL(path, 'http://shop.test'), init))
  const createSessionCart = (options: object) => (exported as any).createSessionCart({ fetch, ...options })
  const cart = createSessionCart({ currency: 'EUR', storage: 'memory' })
  await cart.ready
  cart.addItem({ sku: 'MUG-01', price: 12.5 })
  const start = { name: 'start', args: { currency: 'EUR' } }
  const add = { name: 'addItem', args: { item: { sku: 'MUG-01', price: 12.5 }, quantity: 1 } }
  await handler.sessions.apply('earlier-cart', [start])
  await handler.sessions.apply('s1', [start, add])
  // The examples speak of version 41.
  for (let version = 2; version <= 41; version++) {
    await handler.sessions.apply('s1', [{ name: 'setAttributes', args: { changes: { version } } }])
  }
  const ignore = (): void => {}
  const told = { show: ignore, pay: ignore, tell: ignore, showForm: ignore, askAgain: ignore, askToTryAgain: ignore }
  return {
    ...exported,
    ...told,
    createSessionCart,
    fetch,
    cart,
    handler,
    apply,
    defaultLimits,
    emptySession,
    toListener,
    pg: poolOn(database),
    mutation: { writer: 'w', n: 1, name: 'clearItems', args: {}, at: '2026-11-23T10:00:00Z' },
    id: 's1',
    version: 41,
    sku: 'MUG-01',
    quantity: 1,
    products: new Map([['MUG-01', { name: 'Mug', price: 12.5 }]]),
    secrets: { talonOne: '0a1b2c3d', salt: 'grain' },
    localStorage: storageOf(),
    url: 'http://shop.test/api/sessions',
    headers: {},
    only: ['numbers'],
    currency: 'EUR',
    timeout: 15_000,
  }
}

/**
 * Makes a world for examples: a cart, a handler, a database.
 *
 * @param hidden Names that the examples have to bring themselves.
 */
export async function createWorld(database: PGlite, hidden: readonly string[] = []): Promise<World> {
  const entries = entriesOfPackage()
  const names = await surroundings(await everything(), database)
  // Somebody has bought `cart-1` at whatever handler the examples have made.
  names.paid = async () => {
    const { sessions } = names.handler as any
    const { version } = await sessions.apply('cart-1', [
      { name: 'start', args: { currency: 'EUR' } },
      { name: 'addItem', args: { item: { sku: 'MUG-01', price: 12.5 }, quantity: 1 } },
    ])
    return { version, totals: { payable: 12.5 } }
  }
  const { createSessionCart, handler } = names
  for (const name of hidden) delete names[name]
  const servers: Server[] = []

  function serve(listener: RequestListener): Server {
    const server = createServer(listener).listen(0, '127.0.0.1')
    servers.push(server)
    return server
  }

  const given: Record<string, Names> = {
    ...(frameworks(serve) as Record<string, Names>),
    pg: { default: names.pg },
    'node:http': { createServer: (listener: RequestListener) => ({ listen: () => serve(listener) }) },
    './handler.js': { handler },
    './node-adapter.mjs': { toListener },
    './database.js': { connect: () => ({ query: (text: string, values: unknown[]) => database.query(text, values) }) },
  }

  async function moduleAt(from: string): Promise<Names> {
    const entry = entries.get(from)
    if (entry) {
      const module = (await import(pathToFileURL(entry).href)) as Names
      return from === 'session-cart' ? { ...module, createSessionCart } : module
    }
    const module = given[from]
    if (module) return module
    if (from.startsWith('.') && !isBuiltin(from)) throw new Error(`nobody knows ${from}`)
    return (await import(from)) as Names
  }

  const load: Load = async (from, wanted = []) => {
    const module = await moduleAt(from)
    for (const name of wanted) if (!(name in module)) throw new Error(`${from} exports no ${name}`)
    return module
  }

  return {
    names,
    async run(code) {
      const { code: script, imports } = toScript(code)
      for (const { from, names: wanted } of imports) await load(from, wanted)
      const exported: { default?: { fetch?: (request: Request, env: object) => Promise<Response> } } = {}
      const all: Names = { ...names, load, same, exported }
      // oxlint-disable-next-line typescript/no-implied-eval -- running the code of the documents is what this is for
      const declared = await new Function(...Object.keys(all), `return ${script}`)(...Object.values(all))
      Object.assign(names, declared)
      const { default: app } = exported
      if (app?.fetch) await ask(request => app.fetch!(request, {}))
      for (const server of servers.splice(0)) {
        if (!server.listening) await once(server, 'listening')
        await ask(request => {
          const { port } = server.address() as { port: number }
          return globalThis.fetch(request.url.replace('shop.test', `127.0.0.1:${port}`))
        })
        server.close()
        server.closeAllConnections()
      }
    },
    async close() {
      ;(names.cart as { dispose?: () => void } | undefined)?.dispose?.()
    },
  }
}
