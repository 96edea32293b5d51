import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { PGlite } from '@electric-sql/pglite'
import { expect, onTestFinished, test } from 'vitest'
import { toListener } from '../../../examples/server/node-adapter.mjs'
import { main } from '../../../src/conformance/cli.ts'
import { conformanceRules, runConformance, type Report } from '../../../src/conformance/index.ts'
import { createSessionHandler, memoryStore, migrate, sqlStore } from '../../../src/server/index.ts'
import { openServer, SIGNED, type Serve } from '../../support/mutants.ts'

const URL_HERE = 'http://shop.test/api/sessions'

async function listen(serve: Serve): Promise<string> {
  const server = createServer(toListener(serve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/sessions`
}

const inProcess = (serve: Serve) => (url: string, init: RequestInit) => serve(new Request(url, init))

const idsOf = ({ results }: Report, status: string): string[] =>
  results.filter(result => result.status === status).map(({ id }) => id)

// Over a socket the connection may be gone before the answer is read: the server stops listening in the middle of a body.
const withoutCut = (ids: readonly string[]): string[] => ids.filter(id => id !== 'problems/too-large')

test('our handler keeps every rule, over HTTP', async () => {
  const report = await runConformance(await listen(createSessionHandler({ store: memoryStore() })))
  expect(report.results.filter(({ status }) => status === 'failed')).toEqual([])
  expect(withoutCut(idsOf(report, 'skipped'))).toEqual([
    'effects/identifiers',
    'states/closed',
    'states/cancelled',
    'states/reopened',
    'states/returned',
    'problems/unauthorized',
  ])
  expect(report).toMatchObject({ failed: 0, passed: conformanceRules.length - report.skipped })
})

test('our handler keeps every rule, over HTTP, on a database, for whoever is signed in and may do everything', async () => {
  const database = new PGlite()
  onTestFinished(() => database.close())
  const query = (text: string, values: unknown[]) => database.query(text, values)
  await migrate(query)
  const report = await runConformance(await listen(openServer({ store: sqlStore(query) })), { headers: SIGNED })
  expect(report.results.filter(({ status }) => status === 'failed')).toEqual([])
  expect(withoutCut(idsOf(report, 'skipped'))).toEqual(['states/policy'])
})

test('where a shop has its own prices, stock, codes and currency, what cannot be judged is skipped with the reason', async () => {
  const priced = openServer({ priceItem: () => ({ price: 9.99 }) })
  const report = await runConformance(URL_HERE, { headers: SIGNED, fetch: inProcess(priced) })
  expect(idsOf(report, 'failed')).toEqual([])
  const sum = report.results.find(({ id }) => id === 'sums/exact')
  expect(sum).toMatchObject({ status: 'skipped', reason: 'The server sets prices of its own (price-changed).' })
  expect(idsOf(report, 'passed')).toContain('numbers/sent-again')

  const empty = openServer({
    priceItem: () => ({ limit: 0, reason: 'OutOfStock' }),
    upstream: (_, { introduced }) =>
      Promise.resolve({ rejected: introduced.map(({ kind }) => ({ kind, reason: 'CouponNotFound' })) }),
  })
  const bare = await runConformance(URL_HERE, { headers: SIGNED, fetch: inProcess(empty) })
  expect(idsOf(bare, 'failed')).toEqual([])
  expect(idsOf(bare, 'skipped')).toEqual(expect.arrayContaining(['numbers/sent-again', 'effects/codes']))

  const foreign = openServer({ currencies: ['JPY'] })
  const inEuro = await runConformance(URL_HERE, { headers: SIGNED, fetch: inProcess(foreign) })
  expect(inEuro).toMatchObject({ passed: 0, failed: 0 })
  const inYen = await runConformance(URL_HERE, { headers: SIGNED, fetch: inProcess(foreign), currency: 'JPY' })
  expect(idsOf(inYen, 'failed')).toEqual([])
})

test('a server that lets few in at once is asked again', async () => {
  const handler = openServer()
  let inside = 0
  let turnedAway = 0
  const narrow: Serve = async request => {
    if (inside === 4) {
      turnedAway++
      return new Response(null, { status: 503, headers: { 'retry-after': '0' } })
    }
    inside++
    return handler(request).finally(() => inside--)
  }
  const report = await runConformance(URL_HERE, { headers: SIGNED, fetch: inProcess(narrow), only: ['crowd'] })
  expect(idsOf(report, 'passed')).toHaveLength(4)
  expect(turnedAway).toBeGreaterThan(0)
})

test('a server that wants to know who asks is not judged without the headers, and that is no success', async () => {
  const printed: string[] = []
  const code = await main([URL_HERE], text => printed.push(text), inProcess(openServer()))
  expect(code).toBe(1)
  expect(printed.join('\n')).toContain(`0 passed, 0 failed, ${conformanceRules.length} skipped`)
  expect(printed.join('\n')).toContain('The server needs authorization (401)')
})

test.for([
  ['a page of a proxy', () => new Response('<html>Welcome</html>', { headers: { 'content-type': 'text/html' } })],
  ['nothing', () => new Response(null)],
  ['a failure', () => new Response('no', { status: 500 })],
  ['a login', () => new Response(null, { status: 302, headers: { location: '/login' } })],
  ['a list', () => Response.json([])],
  ['an answer without anything', () => Response.json({ v: 1, session: {} })],
] as const)('a server that answers %s keeps no rule but ends the run in order', async ([, answer]) => {
  const report = await runConformance(URL_HERE, { fetch: () => Promise.resolve(answer()) })
  expect(idsOf(report, 'passed')).toEqual([])
  expect(report.failed).toBeGreaterThan(60)
})

test('nobody there, or nobody who answers in time, ends the run', async () => {
  const nobody = (): Promise<Response> => Promise.reject(new TypeError('fetch failed'))
  await expect(runConformance(URL_HERE, { fetch: nobody })).rejects.toThrow(
    `Nobody answers at ${URL_HERE}: fetch failed`,
  )
  const silent = (_: string, { signal }: RequestInit): Promise<Response> =>
    new Promise((_, reject) => {
      signal!.addEventListener('abort', () => reject(signal!.reason as Error))
    })
  await expect(runConformance(URL_HERE, { fetch: silent, timeout: 20 })).rejects.toThrow('Nobody answers')
})

async function run(...args: string[]): Promise<{ code: number; output: string }> {
  const printed: string[] = []
  const code = await main(args, text => printed.push(text), inProcess(openServer()))
  return { code, output: printed.join('\n') }
}

const SIGNED_ARGS = ['--header', `Authorization: ${SIGNED.authorization}`]

test('the command prints a list, and exits 0 when nothing failed', async () => {
  const { code, output } = await run(URL_HERE, ...SIGNED_ARGS, '--only', 'epoch', '--only=states/policy')
  expect(code).toBe(0)
  expect(output).toMatch(/^✔ epoch\/join {2}base 0 without an epoch joins/m)
  expect(output).toMatch(/^– states\/policy .*\n {4}skipped: The policy/m)
  expect(output).toMatch(/5 passed, 0 failed, 1 skipped$/)
})

test('the command tells how it is called, and what it asks for', async () => {
  const help = await run('--help')
  expect([help.code, help.output]).toEqual([0, expect.stringContaining('--currency')])
  const other = await run(URL_HERE, ...SIGNED_ARGS, '--currency', 'EUR', '--timeout=5000', '--only', 'epoch/join')
  expect([other.code, other.output]).toEqual([0, expect.stringMatching(/1 passed, 0 failed, 0 skipped$/)])
})

test('the command exits 1 when something failed, and says what was expected and what came', async () => {
  const printed: string[] = []
  const handler = openServer()
  const cached = async (url: string, init: RequestInit): Promise<Response> => {
    const response = await handler(new Request(url, init))
    response.headers.set('cache-control', 'public')
    return response
  }
  const code = await main([URL_HERE, ...SIGNED_ARGS, '--only', 'answer/headers'], text => printed.push(text), cached)
  expect(code).toBe(1)
  expect(printed.join('\n')).toContain(
    '    docs/protocol.md § Endpoints\n    expected Cache-Control: no-store\n    came     public',
  )
})

test('the command prints the report as JSON, and the list of checks', async () => {
  const { code, output } = await run(URL_HERE, ...SIGNED_ARGS, '--json', '--only', 'numbers/gap', '--timeout', '5000')
  expect(code).toBe(0)
  expect(JSON.parse(output)).toMatchObject({
    url: URL_HERE,
    passed: 1,
    results: [{ id: 'numbers/gap', status: 'passed' }],
  })
  const list = await run('--list')
  expect(list.output.split('\n')).toHaveLength(conformanceRules.length)
})

test.for([
  [[], 'Name one URL'],
  [[URL_HERE, URL_HERE], 'Name one URL'],
  [['shop'], 'is no URL'],
  [[URL_HERE, '--verbose'], 'no option --verbose'],
  [[URL_HERE, '--header'], 'needs a value'],
  [[URL_HERE, '--header', 'x'], "'Name: value'"],
  [[URL_HERE, '--timeout', 'soon'], 'number of milliseconds'],
  [[URL_HERE, '--only', 'nothing'], 'No check is called nothing'],
] as const)('the command %j is refused with a hint', async ([args, hint]) => {
  const { code, output } = await run(...args)
  expect(code).toBe(2)
  expect(output).toContain(hint)
})

test('each check has an id of its own, and stands in the protocol with its rule under a heading of it', () => {
  const protocol = readFileSync(new URL('../../../docs/protocol.md', import.meta.url), 'utf8')
  const ids = conformanceRules.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  const headings = [...protocol.matchAll(/^##+ (.*)$/gm)].map(([, heading]) => heading)
  for (const { section } of conformanceRules) expect(headings).toContain(section)
  const rows = [...protocol.matchAll(/^\| `(\w+\/[\w-]+)` +\| (.*?) +\|$/gm)].map(([, id, rule]) => ({ id, rule }))
  expect(rows).toEqual(conformanceRules.map(({ id, rule }) => ({ id, rule })))
})
