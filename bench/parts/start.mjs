import { once } from 'node:events'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { BROWSERS, inBrowser } from '../browsers.mjs'
import { bundle } from '../bundle.mjs'
import { interleave } from '../sampling.mjs'

const LINES = 10
const ROUNDS = 12
export const SLOWER = 4

/** Whose cart a page opens: a file of `peers/durable/`, and its export where it has several. */
const PEERS = [
  ['session-cart'],
  ['raw'],
  ['idb-keyval', 'whole'],
  ['nanostores-persistent'],
  ['zustand-persist'],
  ['use-shopping-cart-4'],
  ['faststore'],
  ['dexie'],
  ['tinybase'],
  ['legend'],
  ['y-indexeddb'],
  ['logux'],
  ['tanstack'],
  ['replicache'],
  ['pouchdb'],
  ['rxdb'],
]

const resolveDir = fileURLToPath(new URL('..', import.meta.url))

/** A script that shows what the last page left in the cart, and lets the first one fill it. */
const scriptOf = (file, exported) => `
  import * as all from './peers/durable/${file}.mjs'
  const peer = ${exported ? `all.${exported}` : 'all'}
  globalThis.peerName = peer.name
  const opened = peer.open('start')
  globalThis.fill = async () => {
    const cart = await opened
    await (cart.fill ?? cart.addAll)(Array.from({ length: ${LINES} }, (_, line) => (
      { id: 'SKU-' + line, name: 'Item number ' + line, price: (1999 + line) / 100, mark: 'm' + line + '.' })))
    await cart.close?.()
  }
  globalThis.shown = Promise.resolve(opened).then(cart => {
    const lines = cart.lines()
    document.body.textContent = lines.map(({ name, quantity }) => quantity + ' ' + name).join()
    document.body.getBoundingClientRect()
    return { lines: lines.length, ms: performance.now() - globalThis.begun }
  })`

/** Each peer at an origin of its own, so that none meets the data of another. */
async function serve([file, exported]) {
  const script = await bundle(undefined, {
    stdin: { contents: scriptOf(file, exported), resolveDir },
    format: 'iife',
    minify: true,
  })
  const html = `<!doctype html><title>Start</title><body><script>begun = performance.now()</script><script src="/bench.js"></script>`
  const server = createServer(({ url }, response) => {
    const isScript = url === '/bench.js'
    response.writeHead(200, {
      'Content-Type': isScript ? 'text/javascript' : 'text/html',
      // A first visit: nothing of the script is kept compiled.
      'Cache-Control': 'no-store',
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
    })
    response.end(isScript ? script : html)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { url: `http://127.0.0.1:${server.address().port}/`, bytes: script.length, close: () => server.close() }
}

async function inSlowPage(context, url, job) {
  const page = await context.newPage()
  try {
    const session = await context.newCDPSession(page)
    await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER })
    await page.goto(url)
    return await job(page)
  } finally {
    await page.close()
  }
}

/** From the start of the script, with what it takes to compile it, until the stored cart is shown; in pages of their own. */
export async function start() {
  const [chromium] = BROWSERS
  const sites = []
  const failed = {}
  const bytes = {}
  let times
  await inBrowser(chromium, async context => {
    const contenders = []
    for (const peer of PEERS) {
      const site = await serve(peer)
      sites.push(site)
      try {
        const name = await inSlowPage(context, site.url, async page => {
          await page.evaluate(() => fill())
          return page.evaluate(() => peerName)
        })
        bytes[name] = site.bytes
        contenders.push(async () => {
          const { lines, ms } = await inSlowPage(context, site.url, page => page.evaluate(() => shown))
          if (lines !== LINES) throw new Error(`${name} shows ${lines} lines of ${LINES}.`)
          return { [name]: ms }
        })
      } catch (error) {
        failed[peer.join()] = error.message
      }
    }
    times = await interleave(contenders, ROUNDS)
  })
  for (const { close } of sites) close()
  return { times, bytes, failed, slower: SLOWER, lines: LINES }
}
