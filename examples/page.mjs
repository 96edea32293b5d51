// The page process: serves the shop's files and hands /api/* on to the sync server.
//
//   EXAMPLE   the example to serve, one of examples.mjs; the script-tag shop if not given
//   PORT      the port to listen on, 4173 if not given; another free one when it is taken
//   SYNC_URL  where the sync server listens, http://127.0.0.1:4174 if not given
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { Agent, createServer, request as requestUpstream } from 'node:http'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { examples } from './examples.mjs'

const { EXAMPLE = 'script-tag' } = process.env
const example = examples[EXAMPLE]
const SYNC_URL = new URL(process.env.SYNC_URL ?? 'http://127.0.0.1:4174')
const SHOP = new URL('script-tag/', import.meta.url)
const DIST = new URL('../dist/', import.meta.url)
const PAGE = new URL(example.build ? `${EXAMPLE}/${example.build}/` : `${EXAMPLE}/`, import.meta.url)
const RENDERED = '<!-- rendered -->'
const FROM_DIST = new Set(['/session-cart.iife.js', '/session-cart.iife.js.map'])

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
}

const PAGE_HEADERS = {
  'Content-Security-Policy': [
    "default-src 'self'",
    "require-trusted-types-for 'script'",
    // No policy may be made: nothing in the page turns text into markup or code. For some examples, one: see examples.mjs.
    `trusted-types ${example.policy ?? "'none'"}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; '),
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
}

// These speak about one connection, not about the message (RFC 9110, 7.6.1), so a proxy keeps them to itself.
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

// A kept-alive connection may belong to a sync server that has been stopped since: the first request after its return
// would fail for nothing.
const agent = new Agent({ keepAlive: false })

function answerText(response, status, text) {
  if (response.headersSent) return void response.destroy()
  response.writeHead(status, {
    ...PAGE_HEADERS,
    'Content-Type': 'text/plain; charset=utf-8',
    'Cache-Control': 'no-store',
  })
  response.end(`${text}\n`)
}

function endToEnd(rawHeaders, connection = '') {
  const named = new Set(connection.toLowerCase().split(/\s*,\s*/))
  const kept = []
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at].toLowerCase()
    if (!HOP_BY_HOP.has(name) && !named.has(name)) kept.push(rawHeaders[at], rawHeaders[at + 1])
  }
  return kept
}

/** Method, path, headers (Host too: the sync server compares it with Origin), body and answer pass through untouched. */
function proxy(request, response) {
  const headers = endToEnd(request.rawHeaders, request.headers.connection)
  if (request.headers['transfer-encoding']) headers.push('Transfer-Encoding', 'chunked')
  const upstream = requestUpstream(
    {
      agent,
      host: SYNC_URL.hostname,
      port: SYNC_URL.port,
      method: request.method,
      path: request.url,
      headers,
      setHost: false,
    },
    answer => {
      const answerHeaders = endToEnd(answer.rawHeaders, answer.headers.connection)
      response.writeHead(answer.statusCode, answer.statusMessage, answerHeaders)
      answer.pipe(response)
      // An answer cut short must not look whole.
      answer.on('error', () => response.destroy())
    },
  )
  upstream.on('error', () => answerText(response, 502, 'The sync server does not answer.'))
  response.on('close', () => {
    if (!response.writableFinished) upstream.destroy()
  })
  request.on('error', () => upstream.destroy())
  request.pipe(upstream)
}

/** The pictures are the shop's, whichever example is served. */
function folderOf(path) {
  if (FROM_DIST.has(path)) return DIST
  return path.startsWith('/images/') ? SHOP : PAGE
}

/** The file behind a path, or undefined: never outside these folders, never a hidden file, only the types above. */
function locate(pathname) {
  let path
  try {
    path = decodeURIComponent(pathname)
  } catch {
    return undefined
  }
  if (path === '/') path = '/index.html'
  const parts = path.slice(1).split('/')
  const plain = parts.every(part => part !== '' && !part.startsWith('.') && !/[\\:\0]/.test(part))
  if (!plain || !Object.hasOwn(TYPES, extname(path))) return undefined
  const file = fileURLToPath(new URL(parts.map(encodeURIComponent).join('/'), folderOf(path)))
  return { file, type: TYPES[extname(path)] }
}

const { render } = example.ssr ? await import(new URL(`${EXAMPLE}/dist/server/render.js`, import.meta.url).href) : {}

/** The page with what the server renders in its place. */
async function serveRendered(response) {
  const html = await readFile(new URL('index.html', PAGE), 'utf8')
  // A function, since `$&` and its like have a meaning in a replacing text.
  const body = html.replace(RENDERED, () => render())
  response.writeHead(200, { ...PAGE_HEADERS, 'Content-Type': TYPES['.html'], 'Cache-Control': 'no-store' })
  response.end(body)
}

async function serveFile(request, response, pathname) {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD')
    return answerText(response, 405, 'Only GET and HEAD are answered here.')
  }
  if (render && pathname === '/') return serveRendered(response)
  const found = locate(pathname)
  const info = found && (await stat(found.file).catch(() => undefined))
  if (!info?.isFile()) return answerText(response, 404, 'There is nothing here.')
  const headers = {
    ...PAGE_HEADERS,
    'Content-Type': found.type,
    'Cache-Control': 'no-cache',
    ETag: `"${info.size.toString(36)}-${Math.trunc(info.mtimeMs).toString(36)}"`,
  }
  if (request.headers['if-none-match'] === headers.ETag) return void response.writeHead(304, headers).end()
  response.writeHead(200, { ...headers, 'Content-Length': info.size })
  if (request.method === 'HEAD') return void response.end()
  createReadStream(found.file)
    .on('error', () => response.destroy())
    .pipe(response)
}

function answer(request, response) {
  // Not parsed as a URL, which would resolve `..` before it is looked at.
  const pathname = request.url.split('?', 1)[0]
  if (pathname.startsWith('/api/')) return proxy(request, response)
  serveFile(request, response, pathname).catch(() => answerText(response, 500, 'The page could not be read.'))
}

const servers = []

function listen(port, host) {
  return new Promise((resolve, reject) => {
    const server = createServer(answer)
    server.once('error', reject)
    server.listen(port, host, () => resolve(server))
  })
}

/**
 * `localhost` means 127.0.0.1 to some and ::1 to others, and somebody else may hold the port on one of them only:
 * both are taken, or another port is.
 */
async function listenLocally(port) {
  const server = await listen(port, '127.0.0.1')
  const taken = server.address().port
  try {
    servers.push(await listen(taken, '::1'))
  } catch (error) {
    if (error.code === 'EADDRINUSE') {
      server.close()
      throw error
    }
    // A machine without IPv6 has no ::1 to take.
  }
  servers.push(server)
  return taken
}

async function listenSomewhere(wanted) {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await listenLocally(attempt === 0 ? wanted : 0)
    } catch (error) {
      const refused = error.code === 'EADDRINUSE' || error.code === 'EACCES'
      if (!refused || attempt === 10) throw error
    }
  }
}

function stop() {
  for (const server of servers) {
    server.close()
    server.closeAllConnections()
  }
  process.exit(0)
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop)
// Started by start.mjs, it also ends when that ends without a word.
process.on('disconnect', stop)

const port = await listenSomewhere(Number(process.env.PORT ?? 4173))
console.log(`page listening on http://localhost:${port}`)
