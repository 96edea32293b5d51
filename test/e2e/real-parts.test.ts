// Two devices against real servers and a real database, through a network that does everything wrong. REAL_COMMANDS=300 has
// each of the six tabs give so many commands.
import { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { migrate, type SqlQuery } from '../../src/server/index.ts'
import { replay } from '../../src/session/apply.ts'
import { defaultLimits } from '../../src/session/limits.ts'
import { emptySession } from '../../src/session/session.ts'
import type { CustomerSession, Mutation, SessionCartOptions } from '../../src/index.ts'
import { bundlePage } from '../support/bundle.ts'
import { isMissing, openEngine, type PageEngine, type Tab } from '../support/engines.ts'
import { FAULTS, startFaultProxy, type Passed } from '../support/fault-proxy.ts'
import { servePages, type Pages } from '../support/pages.ts'
import type { Look } from '../support/pages/tabs.ts'
import { openPooler, type Pooler } from '../support/pooler.ts'
import { openPostgres, type Postgres } from '../support/postgres.mjs'
import { startServers } from '../support/server-processes.ts'
import { sumsOf } from '../support/shopping.ts'
import { keepHistory, readHistory } from '../support/write-history.ts'

const TABS = 3
const COMMANDS = Number(process.env.REAL_COMMANDS ?? 40)
const SEED = Number(process.env.SEED ?? 20_261_126)
/** So that the commands make many requests, and not a few large ones. */
const LONGEST_PAUSE_MS = 400
/** Requests between two restarts. */
const EVERY = { server: 10, database: 15 }
/** How long anything may take, in milliseconds. */
const PATIENCE = 60_000 + 1000 * COMMANDS
const poll = { timeout: PATIENCE, interval: 100 }

const html = `<!doctype html><meta charset="utf-8"><title>Real parts</title>
<script src="/session-cart.iife.js"></script><script src="/tabs.js" type="module"></script>`

const idOf = ({ writer, n }: { readonly writer: string; readonly n: number }): string => `${writer}.${n}`

const mutationsOf = ({ method, body }: Passed): Mutation[] =>
  method === 'POST' ? (JSON.parse(body) as { mutations: Mutation[] }).mutations : []

const table: Record<string, Record<string, number>> = {}
afterAll(() => void (Object.keys(table).length && console.table(table)))

// `npm test` says so when there is no PostgreSQL and none could be installed.
describe.skipIf(isMissing('postgres'))('two devices, a bad network, and PostgreSQL', () => {
  let postgres: Postgres
  let pooler: Pooler | undefined
  let pages: Pages
  let pool: Pool
  let devices: PageEngine[] = []
  const query: SqlQuery = (text, values) => pool.query(text, values)

  beforeAll(async () => {
    postgres = await openPostgres()
    pooler = isMissing('pooler') ? undefined : await openPooler(postgres.url)
    pool = new Pool({ connectionString: postgres.url })
    // The restarts take its connections.
    pool.on('error', () => {})
    await migrate(query)
    await keepHistory(query)
    pages = await servePages({ files: { '/': html, '/tabs.js': await bundlePage('tabs') } })
    devices = await Promise.all([openEngine('chromium'), openEngine('chromium')])
  })
  afterAll(async () => {
    await Promise.all(devices.map(device => device.close()))
    await pages?.close()
    await pool?.end()
    await pooler?.close()
    await postgres?.close()
  })

  async function storedSession(id: string): Promise<string> {
    const { rows: found } = await query('select document from session_cart_sessions where id = $1', [id])
    return JSON.stringify((JSON.parse((found[0] as { document: string }).document) as { session: object }).session)
  }

  const looksOf = (tabs: readonly Tab[]): Promise<Look[]> =>
    Promise.all(tabs.map(tab => tab.evaluate(() => shopper.look())))

  test.each([1, 4])(
    `${2 * TABS} tabs with ${COMMANDS} commands each, %i server processes: each command once, each told, all the same`,
    async processes => {
      const began = Date.now()
      const integrationId = `real-parts-${processes}`
      // Many processes share the few connections of a transaction pooler.
      const servers = await startServers(processes, (processes > 1 && pooler ? pooler : postgres).url)
      onTestFinished(servers.close)
      const restarts = { server: 0, database: 0 }
      let restarted: Promise<unknown> = Promise.resolve()
      const proxy = await startFaultProxy({
        seed: SEED + processes,
        pages: pages.url,
        next: servers.next,
        onRequest(count) {
          const due = (
            [
              ['database', postgres],
              ['server', servers],
            ] as const
          ).find(([name]) => count % EVERY[name] === 0)
          if (!due) return
          restarts[due[0]]++
          restarted = restarted.then(due[1].restart)
          // Whoever waits for it in the end hears of it.
          restarted.catch(() => {})
        },
      })
      onTestFinished(proxy.close)
      const tabsOf = await Promise.all(
        devices.map(device => Promise.all(Array.from({ length: TABS }, () => device.open(proxy.url)))),
      )
      const tabs = tabsOf.flat()
      onTestFinished(() => Promise.all(tabs.map(tab => tab.close())).then(() => {}))
      const options: SessionCartOptions = { currency: 'EUR', endpoint: '/api/sessions', integrationId, timeout: 2000 }
      await Promise.all(
        tabs.map(async (tab, index) => {
          const errand = { seed: SEED + index, commands: COMMANDS, longestPause: LONGEST_PAUSE_MS }
          await tab.evaluate(({ options: mine, ...rest }) => shopper.shop(mine, rest), { options, ...errand })
          await tab.evaluate(() => shopper.shopped())
        }),
      )

      const owed = async (): Promise<number> =>
        (await looksOf(tabs)).reduce((sum, { pending, open }) => sum + pending + open, 0)
      await expect.poll(owed, poll).toBe(0)
      await proxy.calm()
      await restarted
      // Somebody may still have to hear that a request of his came to nothing, and ask again.
      const phases = async (): Promise<string[]> => (await looksOf(tabs)).map(({ phase }) => phase)
      await expect.poll(phases, poll).toEqual(tabs.map(() => 'idle'))
      await Promise.all(tabs.map(tab => tab.evaluate(() => shopper.refresh())))
      const session = await storedSession(integrationId)
      await expect
        .poll(async () => (await looksOf(tabs)).map(look => look.session), poll)
        .toEqual(tabs.map(() => session))

      const requests = proxy.passed.map(mutationsOf)
      const taken = await readHistory(query, integrationId, requests)
      const byId = new Map(taken.map(one => [idOf(one.mutation), one]))
      const givenOn = await Promise.all(
        tabsOf.map(async mine => (await Promise.all(mine.map(tab => tab.evaluate(() => shopper.given())))).flat()),
      )
      const given = givenOn.flat()
      const accepted = given.filter(({ outcome }) => outcome?.status === 'accepted')
      const rejected = given.filter(({ outcome }) => outcome?.status === 'rejected')
      const figures = {
        commands: given.length,
        accepted: accepted.length,
        rejected: rejected.length,
        requests: proxy.passed.length,
        'sent again': requests.flat().length - taken.length,
        ...Object.fromEntries(proxy.struck),
        'server restarts': restarts.server,
        'database restarts': restarts.database,
        seconds: (Date.now() - began) / 1000,
      }
      for (const [name, figure] of Object.entries(figures)) {
        table[name] = { ...table[name], [`servers: ${processes}`]: figure }
      }

      // Each was told what became of it, and that is what the database says.
      expect(given).toHaveLength(tabs.length * COMMANDS)
      expect(accepted.length + rejected.length).toBe(given.length)
      expect(rejected.length).toBeGreaterThan(0)
      for (const { id, outcome } of given) {
        expect(outcome!.status).toBe(byId.get(id)!.isRejected ? 'rejected' : 'accepted')
      }
      for (const [index, mine] of tabsOf.entries()) {
        const refused = givenOn[index]!.filter(({ id }) => byId.get(id)!.isRejected).map(({ id }) => id)
        for (const { notices } of await looksOf(mine)) {
          const noticed = (JSON.parse(notices) as { writer: string; n: number }[]).map(idOf)
          expect(noticed).toEqual(expect.arrayContaining(refused))
        }
      }

      // Each number once and in order; and given once more, those that were accepted lead to what the database has.
      expect(byId.size).toBe(taken.length)
      const last = new Map<string, number>()
      for (const { mutation } of taken) {
        expect(mutation.n).toBe((last.get(mutation.writer) ?? 0) + 1)
        last.set(mutation.writer, mutation.n)
      }
      const stored = JSON.parse(session) as CustomerSession
      const effective = taken.filter(one => !one.isRejected).map(one => one.mutation)
      const once = replay(emptySession(integrationId), effective, defaultLimits('EUR'))
      for (const field of ['cartItems', 'coupon', 'attributes', 'total'] as const) {
        expect(stored[field]).toEqual(once[field])
      }
      const sums = sumsOf(accepted)
      const quantities = stored.cartItems.map(({ sku, quantity }) => [sku, quantity] as const)
      expect(Object.fromEntries(quantities.filter(([sku]) => sku in sums))).toEqual(sums)

      // All of it under everything.
      expect(FAULTS.filter(fault => !proxy.struck.get(fault))).toEqual([])
      expect(Math.min(restarts.server, restarts.database)).toBeGreaterThan(0)
    },
    3 * PATIENCE,
  )
})
