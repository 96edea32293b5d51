// A shop whose forms work without script, and become those of a live cart with it. Page, route and sync server are one
// process here, and its sessions are in memory: npm run build && node examples/form-post/server.mjs
//
//   PORT  the port to listen on; 0, the default, takes a free one
import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { createServer } from 'node:http'
import { Readable } from 'node:stream'
import { createSessionHandler, memoryStore } from '../../dist/server.js'
import { toListener } from '../server/node-adapter.mjs'
import { isFromOwnPage } from '../server/own-page.mjs'
import { products, renderPage } from './page.mjs'

const { PORT = '0' } = process.env
const MAX_BYTES = 2000
const HALF_A_YEAR = 15_552_000

const handler = createSessionHandler({
  store: memoryStore(),
  currencies: ['EUR'],
  priceItem: ({ sku }) => ({ price: products.get(sku)?.price }),
})

const HEADERS = {
  'Content-Security-Policy':
    "default-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  // With `no-referrer` a browser would send forms with the origin `null`, and the route could not tell whose they are.
  'Referrer-Policy': 'same-origin',
  'Cache-Control': 'no-store',
}

const SCRIPTS = {
  '/session-cart.iife.js': new URL('../../dist/session-cart.iife.js', import.meta.url),
  '/cookie.js': new URL('cookie.js', import.meta.url),
}

const text = (status, body) => new Response(body, { status, headers: { ...HEADERS, 'Content-Type': 'text/plain' } })

/** The session's id by the cookie, if it looks like one: page and server make them of these characters alone. */
function idOf(request) {
  return /(?:^|;\s*)cart=([\w-]{16,64})(?:;|$)/.exec(request.headers.get('cookie') ?? '')?.[1]
}

async function showPage(request) {
  const id = idOf(request)
  const stored = id && (await handler.sessions.get(id))
  const body = renderPage({ id, items: stored?.session.cartItems ?? [] })
  return new Response(body, { headers: { ...HEADERS, 'Content-Type': 'text/html; charset=utf-8' } })
}

/** What a form asks for, in the shop's own words: of the page only the sku and the quantity are believed. */
async function read(request) {
  if (!(Number(request.headers.get('content-length')) <= MAX_BYTES)) return undefined
  const fields = new URLSearchParams(await request.text())
  const sku = fields.get('sku') ?? ''
  const quantity = Number(fields.get('quantity') || 1)
  const product = products.get(sku)
  const isWhole = Number.isInteger(quantity) && quantity >= 1 && quantity <= 99
  return product && isWhole ? { item: { sku, ...product }, quantity } : undefined
}

const put = (id, { item, quantity }) =>
  handler.sessions.apply(id, [
    // Where there is a session already, this changes nothing.
    { name: 'start', args: { currency: 'EUR' } },
    { name: 'addItem', args: { item, quantity } },
  ])

/** Takes the form of a browser without script. */
async function add(request) {
  if (!isFromOwnPage(request)) return text(403, 'Pages of other sites may not add anything here.')
  const wanted = await read(request)
  if (!wanted) return text(400, 'There is no such thing here, or not so many of it.')
  let id = idOf(request) ?? randomUUID()
  const { rejected } = await put(id, wanted)
  if (rejected.some(({ code }) => code === 'session-closed')) {
    // That cart was ordered: another one begins.
    id = randomUUID()
    await put(id, wanted)
  }
  // No HttpOnly: a page with script begins sessions too, and says which. Behind https, add Secure.
  const cookie = `cart=${id}; Path=/; Max-Age=${HALF_A_YEAR}; SameSite=Lax`
  return new Response(null, { status: 303, headers: { ...HEADERS, Location: '/', 'Set-Cookie': cookie } })
}

async function answer(request) {
  const { method, url } = request
  const { pathname } = new URL(url)
  if (pathname.startsWith('/api/sessions/')) return handler(request)
  if (pathname === '/api/cart' && method === 'POST') return add(request)
  if (method !== 'GET') return text(405, 'Only GET is answered here.')
  if (pathname === '/') return showPage(request)
  if (!Object.hasOwn(SCRIPTS, pathname)) return text(404, 'There is nothing here.')
  const body = Readable.toWeb(createReadStream(SCRIPTS[pathname]))
  return new Response(body, { headers: { ...HEADERS, 'Content-Type': 'text/javascript; charset=utf-8' } })
}

const server = createServer(toListener(answer))
server.listen(Number(PORT), '127.0.0.1', () => {
  console.log(`shop: http://localhost:${server.address().port}`)
})
