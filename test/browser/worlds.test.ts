import { expect, test } from 'vitest'
import type { SessionCart } from '../../src/index.ts'
import { createFakeClock, settle, track, type FakeClock } from '../support/clock.ts'
import { randomCommand } from '../support/commands.ts'
import { createBackend, createDevice, type Backend, type Device } from '../support/device.ts'
import { createRandom } from '../support/random.ts'

const SEED = 1
const WORLDS = 60
const STEPS = 40

interface World {
  readonly random: () => number
  readonly below: (limit: number) => number
  readonly pick: <Value>(values: readonly Value[]) => Value
  readonly clock: FakeClock
  readonly backend: Backend
  readonly devices: readonly Device[]
  readonly load: (device: Device) => SessionCart
}

/** Two devices on one session, over a network that loses, doubles, delays and garbles. */
function createWorld(seed: number): World {
  const random = createRandom(seed)
  const below = (limit: number): number => Math.floor(random() * limit)
  const clock = createFakeClock()
  const backend = createBackend({
    upstream({ coupon, total }) {
      if (random() < 0.1) throw new Error('down')
      if (coupon === 'OLD') return { rejected: [{ kind: 'coupon', reason: 'CouponExpired' }] }
      return { discounts: coupon ? { coupon: total / 10 } : {} }
    },
  })
  backend.fault = async (_asked, answer) => {
    const chance = random()
    if (chance < 0.15) throw new TypeError('lost on the way there')
    if (chance > 0.65) return answer()
    if (chance < 0.2) return new Response('<html>', { status: 200 })
    if (chance < 0.25) return new Response('', { status: 503 })
    const response = await answer()
    if (chance < 0.4) throw new TypeError('lost on the way back')
    if (chance < 0.5) return answer()
    if (chance < 0.6) await new Promise<void>(resolve => void clock.after(below(15_000), resolve))
    else return new Response((await track(response.text())).slice(0, below(400)), { status: response.status })
    return response
  }
  const bytes = (array: Uint8Array<ArrayBuffer>): Uint8Array => array.map(() => below(256))
  const options = { endpoint: '/api/sessions', fetch: backend.fetch, clock, integrationId: 'shared' }
  return {
    random,
    below,
    pick: values => values[below(values.length)]!,
    clock,
    backend,
    devices: [createDevice(), createDevice()],
    load: device => device.load({ ...options, random: { bytes, number: random } }),
  }
}

async function live(seed: number): Promise<number> {
  const world = createWorld(seed)
  const { random, below, pick, clock, backend, devices, load } = world
  const carts = devices.map(load)
  const unsettled = new Set<string>()
  await Promise.all(carts.map(({ ready }) => ready))
  for (let step = 0; step < STEPS; step++) {
    const index = below(2)
    const cart = carts[index]!
    const chance = random()
    if (chance < 0.7) {
      const receipt = randomCommand(random, cart)
      if (!receipt) continue
      unsettled.add(receipt.id)
      const drop = (): boolean => unsettled.delete(receipt.id)
      receipt.synced.then(drop, drop)
    } else if (chance < 0.8) {
      // A page that is left, sometimes in the tick of its last command, and opened again.
      if (random() < 0.8) await settle()
      cart.dispose()
      if (random() < 0.5) await settle()
      carts[index] = load(devices[index]!)
      await carts[index].ready
    } else await clock.advance(pick([1, 50, 120, 700, 3000, 20_000]))
  }

  backend.fault = null
  for (let turn = 0; turn < 60; turn++) await clock.advance(5000)
  for (let turn = 0; turn < 3; turn++) {
    for (const cart of carts) {
      const asked = cart.refresh().catch(() => {})
      await clock.advance(100)
      await asked
    }
  }
  const stored = await backend.handler.sessions.get('shared')
  for (const cart of carts) {
    expect([seed, cart.$status.get().pending]).toEqual([seed, 0])
    if (stored) expect(JSON.stringify(cart.$session.get())).toBe(JSON.stringify(stored.session))
    cart.dispose()
  }
  await settle()
  expect([seed, [...unsettled], clock.waiting()]).toEqual([seed, [], 0])
  return backend.requests.length
}

test(`in ${WORLDS} random worlds two devices and the server end with the same session, byte for byte`, async () => {
  let requests = 0
  for (let seed = SEED; seed < SEED + WORLDS; seed++) requests += await live(seed)
  console.log(`${WORLDS} worlds from seed ${SEED}: ${requests} requests that arrived, 0 differences`)
}, 180_000)
