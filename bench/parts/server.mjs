// What a sync costs on the server: POSTs of one change to carts of 10 lines, over HTTP on this machine, against a bare
// handler that parses the body and upserts one row as large, in the same process and run; then its memory, for MINUTES
// (a tenth of one by default).
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request as httpRequest } from 'node:http'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { lineKey } from '../../dist/server.js'
import { findProgram } from '../../test/support/find-programs.mjs'
import { openPostgres } from '../../test/support/postgres.mjs'
import { interleave, summary } from '../sampling.mjs'

const MINUTES = Number(process.env.MINUTES ?? 0.1)
const SESSIONS = 300
const LINES = 10
const ROUNDS = 8
const BURSTS = [
  { concurrency: 1, requests: 60 },
  { concurrency: 32, requests: 320 },
]
const POINTS = 6

async function openServer(url) {
  const program = fileURLToPath(new URL('../served.mjs', import.meta.url))
  const child = fork(program, { execArgv: ['--expose-gc'], env: { ...process.env, DATABASE_URL: url ?? '' } })
  const [{ port }] = await once(child, 'message')
  return {
    port,
    async ask(job, argument) {
      child.send({ job, argument })
      const [{ result }] = await once(child, 'message')
      return result
    },
    async close() {
      child.disconnect()
      await once(child, 'exit')
    },
  }
}

const agent = new Agent({ keepAlive: true })

async function post(port, path, content) {
  const body = JSON.stringify(content)
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
  const sent = httpRequest({ host: '127.0.0.1', port, path, method: 'POST', agent, headers })
  sent.end(body)
  const [response] = await once(sent, 'response')
  const answer = await text(response)
  if (response.statusCode !== 200) throw new Error(`${response.statusCode} ${answer}`)
  return JSON.parse(answer)
}

const mutation = (n, name, args) => ({ writer: 'w1', n, name, args, at: '2026-11-23T10:00:00Z' })

function item(line) {
  const details = { name: `A thing called ${line}`, category: 'things', attributes: { size: 'M', colour: 'green' } }
  return { sku: `SKU-${line}`, price: 9.99 + line, quantity: 2, ...details }
}

/** Sessions as their browsers know them: each request says what the answer to the last one told. */
function createShoppers(server, name) {
  const paths = Array.from({ length: SESSIONS }, (_, index) => `/${name}/${name}-session-${index}/mutations`)
  const known = paths.map(path => ({ path, n: 0, base: 0, epoch: undefined, check: undefined, line: '' }))
  let turn = 0

  async function send(shopper, command, args) {
    const { path, base, epoch, check } = shopper
    const answer = await post(server.port, path, {
      v: 1,
      epoch,
      base,
      check,
      mutations: [mutation(++shopper.n, command, args)],
    })
    if (answer.acked.w1 !== shopper.n || answer.rejected?.length > 0) throw new Error(JSON.stringify(answer))
    Object.assign(shopper, { base: answer.version, epoch: answer.epoch, check: answer.check })
    return answer
  }

  return {
    name,
    async begin() {
      const items = Array.from({ length: LINES }, (_, line) => item(line))
      for (const shopper of known) await send(shopper, 'start', { currency: 'EUR', items })
    },
    /** Has so many shoppers at once change one quantity each; gives the milliseconds of each of them and of all. */
    async burst({ concurrency, requests }) {
      const waits = []
      let left = requests
      const lane = async () => {
        while (left-- > 0) {
          const shopper = known[turn++ % SESSIONS]
          const began = performance.now()
          const line = lineKey(item(shopper.n % LINES))
          await send(shopper, 'setQuantity', { line, quantity: 1 + (Math.floor(shopper.n / LINES) % 7) })
          waits.push(performance.now() - began)
        }
      }
      const began = performance.now()
      await Promise.all(Array.from({ length: concurrency }, lane))
      return { waits, ms: performance.now() - began }
    },
  }
}

/** Milliseconds of a burst and of each of its requests, by who answers them. */
async function load(shoppers) {
  const results = []
  for (const burst of BURSTS) {
    const waits = new Map(shoppers.map(({ name }) => [name, []]))
    const contenders = shoppers.map(contender => async () => {
      const sample = await contender.burst(burst)
      waits.get(contender.name).push(...sample.waits)
      return { [contender.name]: sample.ms }
    })
    for (const contender of shoppers) await contender.burst(burst)
    const times = await interleave(contenders, ROUNDS, 0)
    const handlers = shoppers.map(({ name }) => [name, { burst: times[name], request: summary(waits.get(name)) }])
    results.push({ ...burst, handlers: Object.fromEntries(handlers) })
  }
  return results
}

async function memory(server, shopper) {
  const points = []
  const burst = { concurrency: 32, requests: 500 }
  let requests = 0
  // What is compiled and pooled once is no growth.
  for (let warmUp = 0; warmUp < 4; warmUp++) await shopper.burst(burst)
  const began = performance.now()
  const minutes = () => (performance.now() - began) / 60_000
  for (let point = 0; point <= POINTS; point++) {
    while (minutes() < (point / POINTS) * MINUTES) {
      await shopper.burst(burst)
      requests += burst.requests
    }
    points.push({ minutes: minutes(), requests, ...(await server.ask('memory')) })
  }
  return points
}

async function measureOn(url, withMemory) {
  const server = await openServer(url)
  try {
    const [ours, bare, adapted] = ['ours', 'bare', 'adapted'].map(name => createShoppers(server, name))
    await ours.begin()
    const characters = await server.ask('like', 'ours-session-0')
    for (const shoppers of [bare, adapted]) await shoppers.begin()
    const bursts = await load([ours, bare, adapted])
    return { characters, lines: LINES, bursts, ...(withMemory && { memory: await memory(server, ours) }) }
  } finally {
    await server.close()
  }
}

/** On PGlite, and on PostgreSQL where it is installed. */
export async function server() {
  const postgres = findProgram('pgCtl') ? await openPostgres() : undefined
  try {
    const results = { PGlite: await measureOn(undefined, !postgres) }
    if (postgres) results.PostgreSQL = await measureOn(postgres.url, true)
    return results
  } finally {
    await postgres?.close()
    agent.destroy()
  }
}
