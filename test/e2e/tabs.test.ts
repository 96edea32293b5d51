// What many tabs make of one cart. TABS_COMMANDS=500 has each of the eight tabs give so many commands.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { replay } from '../../src/session/apply.ts'
import { defaultLimits } from '../../src/session/limits.ts'
import { emptySession } from '../../src/session/session.ts'
import type { CustomerSession, SessionCartOptions } from '../../src/index.ts'
import { bundlePage } from '../support/bundle.ts'
import { contenders, type ContenderName } from '../support/contenders/index.ts'
import { openEngine, type Engine, type PageEngine, type PageTab, type Tab } from '../support/engines.ts'
import { createJournal } from '../support/journal.ts'
import { servePages, type Pages } from '../support/pages.ts'
import type { Look } from '../support/pages/tabs.ts'
import { sumsOf, type Given } from '../support/shopping.ts'

const TABS = 8
const COMMANDS = Number(process.env.TABS_COMMANDS ?? 30)
const ROUNDS = 20
const SEED = 20_261_125
/** How long anything may take, in milliseconds. */
const PATIENCE = 30_000 + 1000 * COMMANDS
const poll = { timeout: PATIENCE, interval: 30 }

type Fate = 'closes' | 'reloads' | 'crashes' | 'freezes'

/** What becomes of the first tabs while they give their commands; the others stay. */
const ENGINES: [name: 'chromium' | 'firefox' | 'webkit', fates: readonly Fate[]][] = [
  ['chromium', ['closes', 'reloads', 'crashes', 'freezes']],
  ['firefox', ['closes', 'reloads']],
  ['webkit', ['closes', 'reloads']],
]

const journal = createJournal({
  policy: { closeSession: true },
  upstream: ({ coupon }) => ({
    rejected: coupon.startsWith('BAD') ? [{ kind: 'coupon', reason: 'CouponNotFound' }] : [],
    discounts: coupon.startsWith('GOOD') ? { [coupon]: 1 } : {},
  }),
})

/** Which commands are saved, as the pages told that would not live to be asked. */
const told = new Map<string, Set<string>>()

async function answer(request: Request): Promise<Response> {
  if (!request.url.endsWith('/api/saved')) return journal.handler(request)
  const { page, ids } = (await request.json()) as { page: string; ids: string[] }
  told.set(page, new Set([...(told.get(page) ?? []), ...ids]))
  return new Response()
}

const html = (before: string): string =>
  `<!doctype html><meta charset="utf-8"><title>Tabs</title><script>${before}</script>` +
  '<script src="/session-cart.iife.js"></script><script src="/tabs.js" type="module"></script>'

/** Pages that lack something, by what they lack. */
const LACKING = {
  BroadcastChannel: 'delete window.BroadcastChannel;',
  'Web Locks': 'delete Navigator.prototype.locks;',
  'BroadcastChannel and Web Locks': 'delete window.BroadcastChannel; delete Navigator.prototype.locks;',
}

let pages: Pages
beforeAll(async () => {
  const lacking = Object.values(LACKING).map((script, index) => [`/lacking-${index}`, html(script)])
  const files = { '/': html(''), '/tabs.js': await bundlePage('tabs'), ...Object.fromEntries(lacking) }
  pages = await servePages({ isolated: true, handler: answer, files })
})
afterAll(() => pages?.close())
afterEach(() => void (journal.hold = undefined))

const tables = { shopping: [] as object[], shown: [] as object[], sent: [] as object[], kept: [] as object[] }
afterAll(() => {
  for (const rows of Object.values(tables)) if (rows.length) console.table(rows)
})

const optionsOf = (scope: string, isSynced: boolean): SessionCartOptions => ({
  currency: 'EUR',
  scope,
  ...(isSynced && { endpoint: '/api/sessions' }),
})
const openCarts = (tabs: readonly Tab[], options: SessionCartOptions): Promise<unknown> =>
  Promise.all(tabs.map(tab => tab.evaluate(mine => shopper.open(mine), options)))
const looksOf = (tabs: readonly Tab[]): Promise<Look[]> =>
  Promise.all(tabs.map(tab => tab.evaluate(() => shopper.look())))
const add = (tab: Tab, sku: string): Promise<unknown> => tab.evaluate(mine => shopper.add(mine), sku)

/** Waits until nothing is owed any more and all tabs show the same. */
async function untilQuiet(tabs: readonly Tab[]): Promise<{ look: Look; session: CustomerSession; skus: string[] }> {
  const none = tabs.map(() => 0)
  const quiet = { pending: none, open: none, storage: ['indexeddb'], sessions: 1, notices: 1 }
  let looks: Look[] = []
  const state = async (): Promise<typeof quiet> => {
    looks = await looksOf(tabs)
    return {
      pending: looks.map(({ pending }) => pending),
      open: looks.map(({ open }) => open),
      storage: [...new Set(looks.map(({ storage }) => storage))],
      sessions: new Set(looks.map(({ session }) => session)).size,
      notices: new Set(looks.map(({ notices }) => notices)).size,
    }
  }
  await expect.poll(state, { ...poll, interval: 200 }).toEqual(quiet)
  const session = JSON.parse(looks[0]!.session) as CustomerSession
  return { look: looks[0]!, session, skus: session.cartItems.map(({ sku }) => sku) }
}

const idOf = ({ writer, n }: { readonly writer: string; readonly n: number }): string => `${writer}.${n}`
/** The mutations that a notice tells of. */
const noticed = ({ notices }: Look): Set<string> =>
  new Set((JSON.parse(notices) as { writer: string; n: number }[]).map(idOf))
const withStatus = (given: readonly Given[], status: string): Given[] =>
  given.filter(({ outcome }) => outcome?.status === status)

describe.each(ENGINES)('in %s', (name, fates) => {
  let engine: Engine
  let idle: Tab[] = []
  beforeAll(async () => void (engine = await openEngine(name)))
  afterAll(() => engine?.close())

  /** Tabs that have just loaded a page. */
  async function openTabs(length: number, path = ''): Promise<Tab[]> {
    const url = pages.url + path
    const kept = idle.splice(0, length)
    await Promise.all(kept.map(tab => tab.goto(url)))
    return [...kept, ...(await Promise.all(Array.from({ length: length - kept.length }, () => engine.open(url))))]
  }

  async function setLifecycle(tab: Tab, state: 'frozen' | 'active'): Promise<void> {
    const protocol = await (engine as PageEngine).context.newCDPSession((tab as PageTab).page)
    await protocol.send('Page.setWebLifecycleState', { state })
  }

  /** Has all tabs give their commands at once. */
  async function shopTogether(scope: string, isSynced: boolean) {
    const began = Date.now()
    const tabs = await openTabs(TABS)
    const lost: string[] = []
    const options = optionsOf(scope, isSynced)
    const start = (tab: Tab, seed: number, commands: number, tellAs?: string): Promise<void> =>
      tab.evaluate(({ options: mine, ...errand }) => shopper.shop(mine, errand), { options, seed, commands, tellAs })
    const shopped = (tab: Tab): Promise<void> => tab.evaluate(() => shopper.shopped())

    async function stay(index: number): Promise<void> {
      await start(tabs[index]!, SEED + index, COMMANDS)
      await shopped(tabs[index]!)
    }

    async function meet(fate: Fate, index: number, staying: Promise<unknown>): Promise<void> {
      const tab = tabs[index]!
      const page = `${name} ${scope} ${index}`
      await start(tab, SEED + index, COMMANDS, page)
      await expect.poll(() => told.get(page)?.size ?? 0, { ...poll, interval: 5 }).toBeGreaterThan(COMMANDS / 4)
      if (fate === 'freezes') {
        await setLifecycle(tab, 'frozen')
        await staying
        await setLifecycle(tab, 'active')
        return shopped(tab)
      }
      if (fate === 'reloads') await tab.goto(pages.url)
      else {
        if (fate === 'crashes') await (tab as PageTab).page.goto('chrome://crash').catch(() => {})
        await tab.close()
        tabs[index] = await engine.open(pages.url)
      }
      lost.push(page)
      await start(tabs[index]!, SEED + TABS + index, COMMANDS - told.get(page)!.size)
      await shopped(tabs[index]!)
    }

    const met = isSynced ? fates : []
    const staying = Promise.all([...tabs.keys()].slice(met.length).map(stay))
    await Promise.all([staying, ...met.map((fate, index) => meet(fate, index, staying))])
    const { look, session } = await untilQuiet(tabs)
    const given = (await Promise.all(tabs.map(tab => tab.evaluate(() => shopper.given())))).flat()
    idle = tabs
    return {
      look,
      session,
      given,
      saved: lost.flatMap(page => [...told.get(page)!]),
      seconds: (Date.now() - began) / 1000,
    }
  }

  test(
    `${TABS} tabs with ${COMMANDS} commands each end up as the server does, each command told and counted once`,
    async () => {
      const { look, session, given, saved, seconds } = await shopTogether('synced', true)
      const { integrationId } = session
      const taken = journal.taken.filter(one => one.session === integrationId)
      const byId = new Map(taken.map(one => [idOf(one.mutation), one]))
      const sent = journal.reached.filter(one => one.session === integrationId && one.mutations.length > 0)
      const rejected = withStatus(given, 'rejected')
      const accepted = withStatus(given, 'accepted')
      const savedRejected = saved.filter(id => byId.get(id)?.isRejected)
      const savedAccepted = saved.filter(id => byId.get(id)?.isRejected === false)
      tables.shopping.push({
        engine: `${name} ${engine.version}`,
        cart: 'synced',
        commands: given.length + saved.length,
        accepted: accepted.length + savedAccepted.length,
        rejected: rejected.length + savedRejected.length,
        'of lost pages': saved.length,
        requests: sent.length,
        'sent again': sent.reduce((sum, { mutations }) => sum + mutations.length, 0) - taken.length,
        seconds,
      })

      expect(look.session).toBe(JSON.stringify((await journal.handler.sessions.get(integrationId))?.session))
      // None is without an outcome, and of the pages that were lost none that was saved.
      expect(given.length + saved.length).toBeGreaterThanOrEqual(TABS * COMMANDS)
      expect(accepted.length + rejected.length).toBe(given.length)
      expect(savedAccepted.length + savedRejected.length).toBe(saved.length)
      expect(rejected.length).toBeGreaterThan(0)
      expect(new Set(given.map(one => one.saved))).toEqual(new Set(['indexeddb']))
      for (const { id, outcome } of given) {
        expect(outcome!.status).toBe(byId.get(id)!.isRejected ? 'rejected' : 'accepted')
      }
      const refused = taken.filter(one => one.isRejected).map(one => idOf(one.mutation))
      expect([...noticed(look)]).toEqual(expect.arrayContaining(refused))

      // Each number once and each writer's in order.
      expect(byId.size).toBe(taken.length)
      const last = new Map<string, number>()
      for (const { mutation } of taken) {
        expect(mutation.n).toBe((last.get(mutation.writer) ?? 0) + 1)
        last.set(mutation.writer, mutation.n)
      }
      // Each took effect once: given once more, those that were not rejected lead to what the server has.
      const effective = taken.filter(one => !one.isRejected).map(one => one.mutation)
      const once = replay(emptySession(integrationId), effective, defaultLimits('EUR'))
      for (const field of ['cartItems', 'coupon', 'attributes', 'total'] as const) {
        expect(session[field]).toEqual(once[field])
      }
    },
    3 * PATIENCE,
  )

  test(
    `${TABS} tabs with ${COMMANDS} commands each end up the same without a server, and nothing is missing`,
    async () => {
      const { look, session, given, seconds } = await shopTogether('local', false)
      const rejected = withStatus(given, 'rejected')
      const accepted = withStatus(given, 'local')
      tables.shopping.push({
        engine: `${name} ${engine.version}`,
        cart: 'local',
        commands: given.length,
        accepted: accepted.length,
        rejected: rejected.length,
        seconds,
      })
      expect(given).toHaveLength(TABS * COMMANDS)
      expect(accepted.length + rejected.length).toBe(given.length)
      expect(new Set(given.map(({ saved }) => saved))).toEqual(new Set(['indexeddb']))
      expect([...noticed(look)]).toEqual(expect.arrayContaining(rejected.map(({ id }) => id)))
      const sums = sumsOf(given)
      const quantities = session.cartItems.map(({ sku, quantity }) => [sku, quantity] as const)
      expect(Object.fromEntries(quantities.filter(([sku]) => sku in sums))).toEqual(sums)
    },
    3 * PATIENCE,
  )

  test(
    'a session that is closed, begun and forgotten in one tab is so in the others',
    async () => {
      const tabs = await openTabs(3)
      const [one, other, third] = tabs as [Tab, Tab, Tab]
      // A late answer comes in although nobody waits for it any more.
      await Promise.all(tabs.map(tab => tab.evaluate(options => shopper.openDeaf(options), optionsOf('states', true))))
      await add(one, 'A')
      const { session: first } = await untilQuiet(tabs)
      await one.evaluate(() => shopper.give('closeSession'))
      expect((await untilQuiet(tabs)).session.state).toBe('closed')
      expect(await other.evaluate(() => shopper.refusal())).toBe('session-closed')
      await other.evaluate(() => shopper.give('startSession'))
      const { session: second } = await untilQuiet(tabs)
      expect(second.state).toBe('open')
      expect(second.integrationId).not.toBe(first.integrationId)
      await add(third, 'SECRET-1')
      expect((await untilQuiet(tabs)).skus).toEqual(['SECRET-1'])

      // The server has taken what these two gave, and its answer is on its way when the third forgets.
      let release = (): void => {}
      const released = new Promise<void>(resolve => (release = resolve))
      journal.hold = () => released
      await Promise.all([add(one, 'SECRET-2'), add(other, 'SECRET-3')])
      const lastSku = (): unknown => (journal.taken.at(-1)!.mutation.args as { item?: { sku: string } }).item?.sku
      await expect.poll(lastSku, poll).toMatch(/SECRET-[23]/)
      const answersOf = async (): Promise<number> => {
        const counts = await Promise.all(tabs.map(tab => tab.evaluate(() => shopper.answers())))
        return counts.reduce((sum, count) => sum + count)
      }
      const answers = await answersOf()
      await third.evaluate(() => shopper.forget())
      const lastOutcome = (tab: Tab): Promise<unknown> => tab.evaluate(() => shopper.given().at(-1)!.outcome)
      for (const tab of [one, other]) await expect.poll(() => lastOutcome(tab), poll).toEqual({ status: 'forgotten' })
      journal.hold = undefined
      release()
      await expect.poll(answersOf, poll).toBeGreaterThan(answers)
      for (const look of await looksOf(tabs)) expect(look.session).not.toContain('SECRET')
      await add(other, 'NEW')
      const { skus, session } = await untilQuiet(tabs)
      expect(skus).toEqual(['NEW'])
      const stored = await one.evaluate(scope => shopper.stored(scope), 'states')
      expect(stored).toContain(session.integrationId)
      for (const gone of ['SECRET', first.integrationId, second.integrationId]) expect(stored).not.toContain(gone)
      idle.push(...tabs)
    },
    2 * PATIENCE,
  )

  test.each([
    ['with', true],
    ['without', false],
  ])(
    'two tabs that give their first command in one moment share one session, %s a server',
    async (_, isSynced) => {
      const tabs = await openTabs(2)
      const [one, other] = tabs as [Tab, Tab]
      for (let round = 0; round < ROUNDS; round++) {
        const before = journal.sessions().size
        const visit = { options: optionsOf(`first visit ${isSynced} ${round}`, isSynced), isEarly: round % 2 === 0 }
        await other.evaluate(({ options, isEarly }) => shopper.arm(() => shopper.visit(options, isEarly)), visit)
        await one.evaluate(({ options, isEarly }) => shopper.fire(() => shopper.visit(options, isEarly)), visit)
        await other.evaluate(() => shopper.fired())
        const { session } = await untilQuiet(tabs)
        expect(session.cartItems.map(({ quantity }) => quantity)).toEqual([2])
        expect(journal.sessions().size - before).toBe(isSynced ? 1 : 0)
      }
      idle.push(...tabs)
    },
    2 * PATIENCE,
  )

  test(
    'another tab shows a change',
    async () => {
      const tabs = await openTabs(2)
      const [one, other] = tabs as [Tab, Tab]
      await openCarts(tabs, optionsOf('shown', false))
      await add(one, 'A')
      await untilQuiet(tabs)
      await other.evaluate(() => shopper.watch())
      const samples = await one.evaluate(() => shopper.measure(200))
      samples.sort((a, b) => a - b)
      const at = (share: number): string => samples[Math.floor(samples.length * share)]!.toFixed(2)
      tables.shown.push({
        engine: name,
        changes: samples.length,
        'ms after saved: median': at(0.5),
        '95 of 100': at(0.95),
      })
      expect(samples).toHaveLength(200)
      idle.push(...tabs)
    },
    PATIENCE,
  )

  test.each(Object.keys(LACKING).map((lacking, index) => [lacking, `lacking-${index}`] as const))(
    'two tabs without %s end up the same',
    async (lacking, path) => {
      const tabs = await openTabs(2, path)
      const types = await tabs[0]!.evaluate(() => [typeof BroadcastChannel, typeof navigator.locks])
      expect(types.map(type => type === 'undefined')).toEqual([/Channel/.test(lacking), /Locks/.test(lacking)])
      for (const isSynced of [true, false]) {
        await openCarts(tabs, optionsOf(`${path} ${isSynced}`, isSynced))
        for (let round = 0; round < 5; round++) await Promise.all(tabs.map(tab => add(tab, 'A')))
        const { session } = await untilQuiet(tabs)
        expect(session.cartItems.map(({ quantity }) => quantity)).toEqual([10])
        const ids = journal.taken.filter(one => one.session === session.integrationId).map(one => idOf(one.mutation))
        expect(new Set(ids).size).toBe(ids.length)
        expect(ids.length >= 11).toBe(isSynced)
      }
      idle.push(...tabs)
    },
    2 * PATIENCE,
  )

  /** Stops a tab that holds the lock, while another waits for it; how long the other's command then takes to the server. */
  async function sendPast(scope: string, stop: (holder: Tab) => Promise<unknown>): Promise<[tabs: Tab[], ms: number]> {
    const tabs = await openTabs(2)
    const [holder, other] = tabs as [Tab, Tab]
    await openCarts(tabs, optionsOf(scope, true))
    await add(holder, 'A')
    const { integrationId } = (await untilQuiet(tabs)).session
    const hasReached = (sku: string): boolean =>
      journal.reached.some(
        ({ session, mutations }) => session === integrationId && JSON.stringify(mutations).includes(sku),
      )
    let release = (): void => {}
    const released = new Promise<void>(resolve => (release = resolve))
    journal.hold = ({ mutations }) => (JSON.stringify(mutations).includes('WAITING') ? undefined : released)
    await add(holder, 'HELD')
    await expect.poll(() => hasReached('HELD'), poll).toBe(true)
    await add(other, 'WAITING')
    const waiting = (): Promise<number> =>
      other.evaluate(async () => (await navigator.locks.query()).pending?.length ?? 0)
    await expect.poll(waiting, poll).toBe(1)
    const began = Date.now()
    await stop(holder)
    await expect.poll(() => hasReached('WAITING'), { ...poll, interval: 5 }).toBe(true)
    const ms = Date.now() - began
    journal.hold = undefined
    release()
    return [tabs, ms]
  }

  test(
    'a tab that is closed while it holds the lock keeps no other tab from sending',
    async () => {
      const [[, other], ms] = await sendPast('closed holder', holder => holder.close())
      tables.sent.push({ engine: name, 'the tab with the lock': 'closed', 'ms until another tab has sent': ms })
      expect(ms).toBeLessThan(4000)
      expect((await untilQuiet([other!])).skus).toEqual(['A', 'HELD', 'WAITING'])
      idle.push(other!)
    },
    2 * PATIENCE,
  )

  if (name === 'chromium') {
    test(
      'a tab that is frozen while it holds the lock keeps other tabs from sending for seconds only',
      async () => {
        const [tabs, ms] = await sendPast('frozen holder', holder => setLifecycle(holder, 'frozen'))
        tables.sent.push({ engine: name, 'the tab with the lock': 'frozen', 'ms until another tab has sent': ms })
        expect(ms).toBeLessThan(8000)
        await setLifecycle(tabs[0]!, 'active')
        expect((await untilQuiet(tabs)).skus).toEqual(['A', 'HELD', 'WAITING'])
        idle.push(...tabs)
      },
      2 * PATIENCE,
    )
  }

  if (name !== 'webkit') {
    test(
      'a page that comes back by the back button shows what another tab changed, and goes on',
      async () => {
        const tabs = await openTabs(2)
        const [one, other] = tabs as [Tab, Tab]
        await openCarts(tabs, optionsOf('back', true))
        await add(one, 'A')
        await untilQuiet(tabs)
        await one.goto(`${pages.url}elsewhere`)
        await add(other, 'B')
        await untilQuiet([other])
        // The page is left before it can answer.
        await one.evaluate('setTimeout(() => history.back())')
        await expect.poll(() => one.evaluate(() => shopper.returns()).catch(() => {}), poll).toEqual([false, true])
        expect((await untilQuiet(tabs)).skus).toEqual(['A', 'B'])
        await Promise.all([add(one, 'C'), add(other, 'C')])
        expect((await untilQuiet(tabs)).skus).toEqual(['A', 'B', 'C'])
        console.log(`${name}: the page came back as it was left`)
        idle.push(...tabs)
      },
      2 * PATIENCE,
    )
  }

  test.each(Object.keys(contenders) as ContenderName[])(
    'two tabs that add a line each in one moment: %s',
    async cart => {
      const tabs = await openTabs(2)
      const [one, other] = tabs as [Tab, Tab]
      let kept = 0
      for (let round = 0; round < ROUNDS / 2; round++) {
        const scope = `contender ${round}`
        const contend = (tab: Tab): Promise<void> =>
          tab.evaluate(mine => shopper.contend(mine.cart, mine.scope), { cart, scope })
        await Promise.all(tabs.map(contend))
        await other.evaluate(() => shopper.arm(() => shopper.addLine('B')))
        await one.evaluate(() => shopper.fire(() => shopper.addLine('A')))
        await other.evaluate(() => shopper.fired())
        await contend(one)
        kept += (await one.evaluate(() => shopper.lines())).length
      }
      tables.kept.push({ engine: name, cart, added: ROUNDS, kept, lost: ROUNDS - kept })
      if (cart.startsWith('session-cart')) expect(kept).toBe(ROUNDS)
      else expect(kept).toBeLessThan(ROUNDS)
      idle.push(...tabs)
    },
    PATIENCE,
  )
})
