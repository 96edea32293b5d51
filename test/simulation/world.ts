import type { Receipt, Rung, SessionCart } from '../../src/index.ts'
import type { Spare } from '../../src/storage/database.ts'
import { createRandom } from '../support/random.ts'
import { createDatabase } from './database.ts'
import { createFaults, type Deed, type Fault } from './faults.ts'
import { createNetwork } from './network.ts'
import { openPage, type Page } from './page.ts'
import { createScheduler } from './scheduler.ts'
import { createServer, type Taken } from './server.ts'
import { createTabs } from './tabs.ts'
import { backendCommands, createUpstream } from './upstream.ts'

/** The devices of a world, by how many tabs each has. */
const DEVICES = [2, 1]
const COMMANDS = 30
const LONGEST_PAUSE_MS = 400
/** The session that both devices open. */
const SESSION = 'shared'

/** One thing that happens on a device. Its chance is its own, so that it stays the same when others are left out. */
export interface Act {
  readonly at: number
  readonly what: 'command' | Deed | 'page resumed' | 'backend'
  readonly device: number
  readonly tab: number
  readonly chance: number
}

const DEEDS: readonly (readonly [Deed, number])[] = [
  ['page reloaded', 0.5],
  ['page killed', 0.35],
  ['page frozen', 0.4],
  ['page hidden', 0.4],
  ['browser killed', 0.15],
  ['power cut', 0.12],
  ['clock jumped', 0.25],
  ['offline', 0.4],
  ['server restarted', 0.3],
]

/** What is different about a world. */
export const KINDS = [
  'plain',
  // Other sessions begin, and in a part of the worlds a device has one of its own, which its tabs name themselves.
  'sessions',
  // Promotions come from Talon.One, the server is two processes, and the shop's own code closes the session.
  'talon-one',
] as const
export type Kind = (typeof KINDS)[number]

/** Everything that will be done in the world of a seed, in order. */
export function planOf(seed: number, kind: Kind = 'plain'): Act[] {
  const random = createRandom(seed)
  const below = (limit: number): number => Math.floor(random() * limit)
  const acts: Act[] = []
  const act = (at: number, what: Act['what'], device: number, tab: number): void =>
    void acts.push({ at, what, device, tab, chance: random() })
  let at = 0
  for (let count = 0; count < COMMANDS; count++) {
    // Now and then somebody thinks for longer.
    at += random() < 0.1 ? below(20_000) : below(LONGEST_PAUSE_MS)
    const device = below(DEVICES.length)
    act(at, 'command', device, below(DEVICES[device]!))
  }
  for (const [what, probability] of DEEDS) {
    if (random() >= probability) continue
    const device = below(DEVICES.length)
    const tab = below(DEVICES[device]!)
    const when = below(at)
    act(when, what, device, tab)
    if (what === 'page frozen') act(when + below(30_000), 'page resumed', device, tab)
  }
  // Drawn last, so that a seed's worlds are alike otherwise.
  if (kind === 'talon-one') {
    let when = at * 0.6 + below(at * 0.5)
    for (let count = 1 + below(5); count > 0; count--) {
      act(when, 'backend', 0, 0)
      when += below(6000)
    }
  }
  return acts.sort((one, other) => one.at - other.at)
}

/** A command that was given in a world. */
interface Given {
  readonly id: string
  readonly page: Page
  readonly device: number
  /** Of a line of its own, which nothing ever takes from. */
  readonly sku: string | undefined
  saved?: { readonly rung: Rung; readonly at: number }
  outcome?: string
}

/** What a world came to. */
export interface Ended {
  /** The laws it broke, each with what was seen. */
  readonly broken: readonly string[]
  readonly struck: ReadonlySet<Fault | Deed>
}

interface Device {
  readonly open: (tab: number) => Page
  readonly pages: Page[]
  readonly network: ReturnType<typeof createNetwork>
  /** Everything stops at once. Whatever was saved since `back` seconds is lost with the power. */
  readonly crash: (hasPower: boolean) => void
}

/** Lives through the world of a seed. */
export async function live(seed: number, plan: readonly Act[] = planOf(seed), kind: Kind = 'plain'): Promise<Ended> {
  const hasSessions = kind === 'sessions'
  const scheduler = createScheduler(createRandom(seed * 7919 + 1))
  const faults = createFaults(scheduler)
  const upstream = kind === 'talon-one' ? createUpstream(scheduler, faults) : undefined
  const server = createServer(scheduler, faults, upstream?.copies)
  const givens: Given[] = []
  const broken: string[] = []
  // Skus that a page showed and then did not show any more.
  const vanished: string[] = []
  // What was saved in this time is no more: a law of physics, not of ours.
  const powerCuts: (readonly [device: number, from: number, to: number])[] = []
  const isOnItsOwn = (index: number): boolean => hasSessions && index === 0 && seed % 3 === 0
  let count = 0

  const randomBytes = (array: Uint8Array<ArrayBuffer>): Uint8Array => array.map(() => scheduler.below(256))
  const randomId = (): string => String(scheduler.random()).slice(2)

  function createDevice(index: number): Device {
    const database = createDatabase(scheduler, faults, randomId)
    const tabs = createTabs(scheduler, faults)
    const network = createNetwork(scheduler, faults, server)
    let lines = new Map<string, string>()
    const spare: Spare = {
      get length() {
        return lines.size
      },
      key: at => [...lines.keys()][at] ?? null,
      getItem: key => lines.get(key) ?? null,
      setItem: (key, value) => void lines.set(key, value),
      removeItem: key => void lines.delete(key),
    }

    function open(): Page {
      const page = openPage(scheduler, spare, self => ({
        currency: 'EUR',
        endpoint: '/api/sessions',
        integrationId: isOnItsOwn(index) ? undefined : SESSION,
        storage: database.connect(self),
        channel: tabs.channelOf(self),
        locks: tabs.locksOf(self),
        fetch: network.fetchOf(self),
        random: { bytes: randomBytes, number: scheduler.random },
      }))
      let shown: readonly string[] = []
      let session = ''
      page.cart.$session.subscribe(({ integrationId, cartItems, state }) => {
        const now = cartItems.map(({ sku }) => sku).filter(sku => sku.startsWith('OWN'))
        // Before what is stored is known, sessions have no id yet, and another one may begin. What waits to be sent has no place
        // in a session that turns out to be closed; reopened, it takes it.
        if (integrationId === session && session !== '' && state === 'open')
          vanished.push(...shown.filter(sku => !now.includes(sku)))
        session = integrationId
        shown = now
      })
      return page
    }

    const device: Device = {
      open,
      network,
      pages: Array.from({ length: DEVICES[index]! }, open),
      crash(hasPower) {
        for (const page of device.pages) page.kill()
        // Nothing says that what stands in localStorage has reached the disk.
        lines = new Map()
        if (!hasPower) restore?.()
        if (!hasPower) powerCuts.push([index, restoredTo, scheduler.now()])
        device.pages.splice(0, Infinity, ...device.pages.map(open))
      },
    }
    let restore: (() => void) | undefined
    let restoredTo = -Infinity
    scheduler.after(3000, function keep() {
      restore = database.snapshot()
      restoredTo = scheduler.now()
      scheduler.after(3000, keep)
    })
    return device
  }

  const devices = DEVICES.map((_, index) => createDevice(index))

  function note(receipt: Receipt, page: Page, device: number, sku: string | undefined): void {
    const given: Given = { id: receipt.id, page, device, sku }
    givens.push(given)
    void receipt.saved.then(rung => (given.saved = { rung, at: scheduler.now() }))
    receipt.synced.then(
      ({ status }) => (given.outcome = status),
      (error: { code: string }) => (given.outcome = error.code),
    )
  }

  function command(cart: SessionCart, chance: number): readonly [Receipt, string | undefined] | undefined {
    const lines = cart.$items.get().filter(({ sku }) => !sku.startsWith('OWN'))
    const pick = <Value>(values: readonly Value[]): Value => values[Math.floor(chance * 1e6) % values.length]!
    const sku = pick(['A', 'B', 'C'])
    if (chance < 0.25) {
      const own = `OWN-${++count}`
      return [cart.addItem({ sku: own, price: 0.1 }), own]
    }
    if (chance < 0.5) return [cart.addItem({ sku, price: pick([0.1, 0.2, 19.99]) }, 2), undefined]
    if (chance < 0.6) return [cart.applyCoupon(pick(['BAD-1', 'GOOD-1', 'GOOD-2'])), undefined]
    if (chance < 0.66) return [cart.setAttributes({ [sku]: chance }), undefined]
    if (!lines.length) return
    const line = pick(lines).sku
    if (chance < 0.8) return [cart.changeQuantity(line, pick([-1, 1, 2])), undefined]
    if (chance < 0.9) return [cart.setQuantity(line, pick([0, 1, 5])), undefined]
    if (chance < 0.96) return [cart.removeItem(line), undefined]
    if (chance < 0.99 || !hasSessions) return [cart.removeCoupon(), undefined]
    return [cart.startSession(), undefined]
  }

  function shop(page: Page, device: number, chance: number): void {
    if (page.isFrozen) return
    page.deliver(() => {
      // Two in one tick, sometimes.
      for (const each of chance % 0.01 < 0.003 ? [chance, 1 - chance] : [chance]) {
        try {
          const given = command(page.cart, each)
          if (given) note(given[0], page, device, given[1])
        } catch (error) {
          // What it refuses is the shopper's to hear; what is lost or out of order must not come of it.
          if (!(error as { code?: string }).code) throw error
        }
      }
    })
  }

  function act({ what, device: index, tab, chance }: Act): void {
    if (what === 'backend') return server.command(SESSION, session => backendCommands(session, chance))
    const device = devices[index]!
    const page = device.pages[tab]!
    if (what !== 'command' && what !== 'page resumed') faults.note(what)
    switch (what) {
      case 'command':
        return shop(page, index, chance)
      case 'page reloaded':
      case 'page killed':
        if (what === 'page reloaded') page.show(false)
        page.kill()
        device.pages[tab] = device.open(tab)
        return
      case 'page frozen':
        return page.freeze()
      case 'page resumed':
        return page.resume()
      case 'page hidden':
        page.show(false)
        return void scheduler.after(chance * 10_000, () => page.show(true))
      case 'browser killed':
      case 'power cut':
        return device.crash(what === 'browser killed')
      case 'clock jumped':
        return page.jump((chance - 0.5) * 7_200_000)
      case 'offline':
        device.network.isOnline = false
        return void scheduler.after(chance * 20_000, () => (device.network.isOnline = true))
      case 'server restarted':
        return server.crash()
    }
  }

  const allPages = (): Page[] => devices.flatMap(({ pages }) => pages)
  async function wakeAll(): Promise<void> {
    for (const { cart } of allPages()) {
      cart.refresh().catch(() => {})
      await scheduler.advance(3000)
    }
  }

  let before = 0
  for (const each of plan) {
    await scheduler.advance(each.at - before)
    before = each.at
    act(each)
  }
  await scheduler.advance(25_000)
  faults.end()
  for (const { network } of devices) network.isOnline = true
  for (const page of allPages()) if (page.isFrozen) page.resume()
  for (let turn = 0; turn < 40; turn++) await scheduler.advance(5000)
  // The first time, what waits for a sign-in is sent, and given up a minute later if its number does not follow; the second
  // time, everybody hears of it.
  await wakeAll()
  await scheduler.advance(130_000)
  await wakeAll()
  await scheduler.advance(1000)
  if (upstream) {
    server.catchUp()
    await scheduler.advance(60_000)
    await wakeAll()
  }

  const sessions = new Map<string, string | undefined>()
  const ids = [...server.taken.keys(), ...allPages().map(({ cart }) => cart.$session.get().integrationId)]
  for (const id of ids) sessions.set(id, await server.session(id))
  judge([...server.taken.values()].flat(), sessions)
  if (upstream) {
    for (const [id, stored] of sessions) for (const seen of upstream.judge(id, stored)) check(3, false, () => seen)
    const waiting = await server.estimated()
    check(5, waiting.length === 0, () => ['promotions are still to come', waiting])
  }
  for (const { cart } of allPages()) cart.dispose()
  await scheduler.advance(1)
  for (const page of allPages()) page.kill()
  return { broken, struck: faults.struck }

  function check(law: number, isKept: boolean, seen: () => unknown): void {
    if (!isKept) broken.push(`law ${law}: ${JSON.stringify(seen())}`)
  }

  function judge(journal: readonly Taken[], sessions: ReadonlyMap<string, string | undefined>): void {
    const byId = new Map(journal.map(one => [`${one.mutation.writer}.${one.mutation.n}`, one]))
    const isCutOff = ({ device, saved }: Given): boolean =>
      powerCuts.some(([cut, from, to]) => cut === device && saved!.at >= from && saved!.at <= to)
    const safe = givens.filter(given => given.saved?.rung === 'indexeddb' && !isCutOff(given))

    const lost = safe.filter(({ id }) => !byId.has(id))
    check(2, lost.length === 0, () => lost.map(({ id }) => id))

    const twice = journal.filter(one => byId.get(`${one.mutation.writer}.${one.mutation.n}`) !== one)
    check(3, twice.length === 0, () => twice.map(({ mutation }) => `${mutation.writer}.${mutation.n}`))
    const untrue = givens.filter(({ id, outcome }) => {
      const one = byId.get(id)
      return (outcome === 'accepted' && (!one || one.isRejected)) || (outcome === 'rejected' && one && !one.isRejected)
    })
    check(3, untrue.length === 0, () => untrue.map(({ id, outcome }) => [id, outcome]))
    // No cart was disposed or forgotten.
    const unsettled = givens.filter(
      ({ page, outcome }) => page.isAlive && outcome !== 'accepted' && outcome !== 'rejected',
    )
    check(3, unsettled.length === 0, () => unsettled.map(({ id, outcome }) => [id, outcome]))

    const last = new Map<string, number>()
    for (const { mutation } of journal) {
      const { writer, n, name } = mutation
      const expected = (last.get(writer) ?? 0) + 1
      check(4, n === expected || name === 'burn', () => mutation)
      last.set(writer, n)
    }

    for (const page of allPages()) {
      const { pending, storage } = page.cart.$status.get()
      check(5, pending === 0 && storage === 'indexeddb', () => page.cart.$status.get())
      const session = page.cart.$session.get()
      const [shown, stored] = [JSON.stringify(session), sessions.get(session.integrationId)]
      if (stored !== undefined) check(5, shown === stored, () => [shown, stored])
    }
    for (const { pages } of devices) {
      // A session that nobody has begun is a page's own.
      const shown = pages.map(({ cart }) => cart.$session.get().integrationId).filter(id => sessions.get(id))
      check(5, new Set(shown).size <= 1, () => shown)
    }

    const rejected = new Set(givens.filter(({ id }) => byId.get(id)?.isRejected).map(({ sku }) => sku))
    const back = vanished.filter(sku => !rejected.has(sku) && !isLost(sku))
    check(6, back.length === 0, () => back)

    for (const { id, device } of safe.filter(given => byId.get(given.id)?.isRejected)) {
      for (const page of devices[device]!.pages) {
        const isTold = page.cart.$notices.get().some(({ writer, n }) => `${writer}.${n}` === id)
        check(7, isTold, () => ['not told', id, device])
      }
    }

    // Of a page that died before anybody else had it.
    function isLost(sku: string): boolean {
      const given = givens.find(one => one.sku === sku)
      return given !== undefined && !byId.has(given.id) && !safe.includes(given)
    }
  }
}
