import { BROWSERS, inBrowser } from '../browsers.mjs'
import { servePage } from '../isolated-page.mjs'
import { createServers } from '../peers/wire/server.mjs'
import { pathOf } from '../runtimes.mjs'

const PATIENCE_MS = 60_000

/** What is done to a cart of so many lines, while the server takes so long for each answer. */
const SCENARIOS = [
  { name: '100 edits spread over a second, 10 lines', lines: 10, edits: 100, every: 10, answerMs: 50 },
  { name: 'one edit, 1000 lines', lines: 1000, edits: 1, every: 0, answerMs: 5 },
  { name: '1000 edits without a network, 10 lines', lines: 10, edits: 1000, every: 0, answerMs: 5, isOffline: true },
]

/** Counts what goes over the wire for the servers of the peers, and has each answer wait. */
function createCounter() {
  const servers = createServers()
  const counter = { requests: 0, up: 0, down: 0, answerMs: 0 }
  function answer(request, response) {
    const server = servers[request.url.split('/')[1]]
    if (!server) return response.writeHead(404).end()
    counter.requests++
    counter.up += Number(request.headers['content-length'] ?? 0)
    const end = response.end.bind(response)
    response.end = body => {
      counter.down += Buffer.byteLength(body ?? '')
      setTimeout(() => end(body), counter.answerMs)
      return response
    }
    server(request, response)
  }
  const reset = answerMs => Object.assign(counter, { requests: 0, up: 0, down: 0, answerMs })
  return { answer, reset, read: () => ({ requests: counter.requests, up: counter.up, down: counter.down }) }
}

async function play(peer, { name, lines, edits, every, answerMs, isOffline }, context, url, counter) {
  const page = await context.newPage()
  await page.goto(url)
  try {
    counter.reset(0)
    await page.evaluate(args => bench.open(...args), [peer, `wire ${name} ${peer}`, lines, PATIENCE_MS])
    counter.reset(answerMs)
    if (isOffline) await context.setOffline(true)
    await page.evaluate(args => bench.edit(...args), [edits, every])
    if (isOffline) await context.setOffline(false)
    const ms = await page.evaluate(patience => bench.synced(patience), PATIENCE_MS)
    if (ms === undefined) throw new Error(`Not synced within ${PATIENCE_MS / 1000} s.`)
    return { ...counter.read(), ms }
  } finally {
    await context.setOffline(false)
    await page.close()
  }
}

/** Requests and bytes of their bodies, in Chromium: they are the same everywhere. */
export async function wire() {
  const counter = createCounter()
  const site = await servePage(pathOf('wire'), counter.answer)
  const [browser] = BROWSERS
  const results = { scenarios: [], lacks: {} }
  await inBrowser(browser, async context => {
    const page = await context.newPage()
    await page.goto(site.url)
    results.lacks = await page.evaluate(() => bench.lacks())
    for (const scenario of SCENARIOS) {
      const result = { name: scenario.name, peers: {}, failed: {} }
      for (const peer of Object.keys(results.lacks)) {
        try {
          result.peers[peer] = await play(peer, scenario, context, site.url, counter)
        } catch (error) {
          result.failed[peer] = error.message
        }
      }
      results.scenarios.push(result)
    }
  })
  site.close()
  return results
}
