import { expect, test } from 'vitest'
import type { SessionCart } from '../../src/index.ts'
import { createFakeClock, settle, type FakeClock } from '../support/clock.ts'
import { randomCommand } from '../support/commands.ts'
import { createBackend, createDevice, type Device } from '../support/device.ts'
import { createRandom } from '../support/random.ts'

const { VITE_SEED, VITE_WORLDS } = (import.meta as { env?: Record<string, string> }).env ?? {}
const SEED = Number(VITE_SEED ?? 1)
const WORLDS = Number(VITE_WORLDS ?? 8)
const STEPS = 60
const TABS = 3

interface World {
  readonly random: () => number
  readonly below: (limit: number) => number
  readonly clock: FakeClock
  readonly device: Device
  readonly load: () => SessionCart
}

/** One device with several tabs, whose line loses what it carries and whose database fails in between. */
function createWorld(seed: number, hasServer: boolean): World & { backend: ReturnType<typeof createBackend> } {
  const random = createRandom(seed)
  const below = (limit: number): number => Math.floor(random() * limit)
  const clock = createFakeClock()
  const device = createDevice()
  const backend = createBackend({
    upstream: async ({ coupon }) =>
      coupon === 'OLD' ? { rejected: [{ kind: 'coupon', reason: 'CouponExpired' }] } : {},
  })
  backend.fault = async (_asked, answer) => {
    const chance = random()
    if (chance < 0.1) throw new TypeError('lost on the way there')
    const response = await answer()
    if (chance < 0.2) throw new TypeError('lost on the way back')
    if (chance < 0.3) await new Promise<void>(resolve => void clock.after(below(8000), resolve))
    return response
  }
  device.fault = () => {
    const chance = random()
    if (chance < 0.03) return 'lost'
    return chance < 0.06 ? 'unheard' : undefined
  }
  const bytes = (array: Uint8Array<ArrayBuffer>): Uint8Array => array.map(() => below(256))
  const options = { clock, random: { bytes, number: random } }
  const server = { endpoint: '/api/sessions', fetch: backend.fetch }
  return { random, below, clock, device, backend, load: () => device.load({ ...options, ...(hasServer && server) }) }
}

async function live(seed: number, hasServer: boolean): Promise<void> {
  const world = createWorld(seed, hasServer)
  const { random, below, clock, device, backend, load } = world
  const tabs = Array.from({ length: TABS }, load)
  const unsettled = new Set<string>()
  let added = 0
  if (random() < 0.5) await Promise.all(tabs.map(({ ready }) => ready))
  for (let step = 0; step < STEPS; step++) {
    const index = below(TABS)
    const cart = tabs[index]!
    const chance = random()
    device.tabs.isMute = random() < 0.2
    if (chance < 0.7) {
      for (let count = below(3); count >= 0; count--) {
        const receipt = randomCommand(random, cart)
        if (!receipt) continue
        added++
        unsettled.add(receipt.id)
        const drop = (): boolean => unsettled.delete(receipt.id)
        receipt.synced.then(drop, drop)
      }
      if (random() < 0.5) await settle()
    } else if (chance < 0.75) {
      cart.dispose()
      if (random() < 0.5) await settle()
      tabs[index] = load()
      if (random() < 0.7) await tabs[index].ready
    } else await clock.advance([1, 50, 120, 700, 3000, 20_000][below(6)]!)
  }

  device.fault = null
  backend.fault = null
  device.tabs.isMute = false
  await Promise.all(tabs.map(({ ready }) => ready))
  for (let turn = 0; turn < 30; turn++) await clock.advance(5000)
  // Each tab is looked at once.
  for (const cart of tabs) {
    const asked = cart.refresh().catch(() => {})
    await clock.advance(100)
    await asked
  }
  await clock.advance(5000)
  const [first] = tabs
  const shown = tabs.map(cart => JSON.stringify([cart.$session.get(), cart.$notices.get()]))
  expect([seed, ...tabs.map(cart => [cart.$status.get().pending, cart.$status.get().storage])]).toEqual([
    seed,
    ...tabs.map(() => [0, 'indexeddb']),
  ])
  for (const other of shown.slice(1)) expect([seed, other]).toEqual([seed, shown[0]])
  if (hasServer && added) {
    const stored = await backend.handler.sessions.get(first!.$session.get().integrationId)
    expect(JSON.stringify(first!.$session.get())).toBe(JSON.stringify(stored?.session))
  }
  // What is on the disk is what is shown.
  const again = load()
  await again.ready
  expect([seed, JSON.stringify([again.$session.get(), again.$notices.get()])]).toEqual([seed, shown[0]])
  for (const cart of [...tabs, again]) cart.dispose()
  await settle()
  await clock.advance(1)
  expect([seed, [...unsettled], clock.waiting()]).toEqual([seed, [], 0])
}

for (const hasServer of [false, true]) {
  test(`in ${WORLDS} random worlds ${TABS} tabs ${hasServer ? 'and the server ' : ''}show the same, whatever fails`, async () => {
    for (let seed = SEED; seed < SEED + WORLDS; seed++) await live(seed, hasServer)
  }, 120_000)
}
