import { expect, onTestFinished, test } from 'vitest'
import { previewAdopt, type SessionCart, type SessionCartOptions } from '../../src/index.ts'
import { createFakeClock, settle, type FakeClock } from '../support/clock.ts'
import { codeOf } from '../support/code-of.ts'
import { createBackend, createDevice, type Backend, type Device } from '../support/device.ts'

const MUG = { sku: 'MUG', price: 12.5 }
const TEE = { sku: 'TEE', price: 20 }

interface World {
  readonly clock: FakeClock
  readonly backend: Backend
  isOffline: boolean
  /** A page load. What is put in stays there until `flush` or time sends it. */
  load(device: Device, options?: Partial<SessionCartOptions>): Promise<SessionCart>
  /** The session as a page reads it: what a preview needs. */
  read(integrationId: string): Promise<any>
}

function createWorld(): World {
  const clock = createFakeClock()
  const backend = createBackend()
  const world: World = {
    clock,
    backend,
    isOffline: false,
    async load(device, options) {
      const send: typeof fetch = (...request) =>
        world.isOffline ? Promise.reject(new TypeError('no network')) : backend.fetch(...request)
      const cart = device.load({ endpoint: '/api/sessions', fetch: send, clock, ...options })
      onTestFinished(() => cart.dispose())
      await cart.ready
      return cart
    },
    async read(integrationId) {
      const response = await backend.fetch(`/api/sessions/${integrationId}`)
      return JSON.parse(await response.text())
    },
  }
  return world
}

/** The member's cart, known to the server: 2 mugs. */
async function createMember({ load }: World): Promise<SessionCart> {
  const cart = await load(createDevice(), { integrationId: 'member-7' })
  cart.addItem(MUG, 2)
  await cart.flush()
  return cart
}

const idOf = (cart: SessionCart): string => cart.$session.get().integrationId
const quantities = (cart: SessionCart) => cart.$items.get().map(({ sku, quantity }) => [sku, quantity])

test('a guest who shopped offline logs in: both devices of the member end with one cart, and the guest is told', async () => {
  const world = createWorld()
  const phone = await createMember(world)
  world.isOffline = true
  const guest = await world.load(createDevice())
  guest.addItem(MUG, 3)
  guest.addItem(TEE)
  await world.clock.advance(5000)
  world.isOffline = false
  await guest.flush()

  const device = createDevice()
  const laptop = await world.load(device, { integrationId: 'member-7' })
  await laptop.refresh()
  const { epoch, session } = await world.read(idOf(guest))
  const before = laptop.$items.get()
  const preview = previewAdopt(before, session.cartItems, 'sum')
  const { synced } = laptop.adopt(idOf(guest), { epoch, rule: 'sum' })
  expect(laptop.$items.get()).toBe(before)
  expect(laptop.$totals.get().estimated).toBe(true)
  // A shopper waits for this: it goes out at once.
  await world.clock.advance(0)
  expect(await synced).toEqual({ status: 'accepted' })
  expect(laptop.$items.get()).toEqual(preview)
  expect(quantities(laptop)).toEqual([
    ['MUG', 5],
    ['TEE', 1],
  ])

  await phone.refresh()
  expect(JSON.stringify(phone.$session.get())).toBe(JSON.stringify(laptop.$session.get()))
  laptop.dispose()
  await settle()
  const reloaded = await world.load(device, { integrationId: 'member-7' })
  expect(JSON.stringify(reloaded.$session.get())).toBe(JSON.stringify(phone.$session.get()))

  await guest.refresh()
  expect(guest.$session.get()).toMatchObject({ state: 'cancelled', cartItems: [], total: 0 })
  expect(guest.$notices.get()).toMatchObject([{ code: 'adopted' }])
  expect(codeOf(() => guest.addItem(TEE))).toBe('session-closed')
  guest.startSession({ keep: true })
  expect(guest.$items.get()).toEqual([])
})

test('an adopt given offline waits in the log, keeps its place among other changes, and is done once', async () => {
  const world = createWorld()
  const phone = await createMember(world)
  const { epoch } = await world.read('member-7')
  world.isOffline = true
  const device = createDevice()
  const guest = await world.load(device)
  guest.addItem(MUG)
  guest.adopt('member-7', { epoch, rule: 'max' })
  await guest.addItem(MUG, 4).saved
  expect(quantities(guest)).toEqual([['MUG', 5]])
  guest.dispose()
  await settle()

  const back = await world.load(device)
  world.isOffline = false
  let lost = 2
  world.backend.fault = async (_asked, answer) => {
    const response = await answer()
    if (lost-- > 0) throw new TypeError('lost on the way back')
    return response
  }
  await world.clock.advance(30_000)
  expect(lost).toBeLessThan(0)
  expect(quantities(back)).toEqual([['MUG', 6]])
  expect(back.$status.get()).toMatchObject({ phase: 'idle', pending: 0 })
  expect(back.$notices.get()).toEqual([])
  await phone.refresh()
  expect(phone.$session.get()).toMatchObject({ state: 'cancelled', cartItems: [] })
})

test('of two tabs that adopt at once one does, and the other is told', async () => {
  const world = createWorld()
  await createMember(world)
  const { epoch } = await world.read('member-7')
  const device = createDevice()
  const [one, other] = [await world.load(device), await world.load(device)]
  one.addItem(TEE)
  await one.flush()
  const receipts = [one, other].map(tab => tab.adopt('member-7', { epoch, rule: 'sum' }))
  await world.clock.advance(10_000)
  const outcomes = await Promise.all(receipts.map(({ synced }) => synced))
  expect(outcomes.map(outcome => ('code' in outcome ? outcome.code : outcome.status)).sort()).toEqual([
    'accepted',
    'adopt-rejected',
  ])
  for (const tab of [one, other]) {
    expect(quantities(tab)).toEqual([
      ['TEE', 1],
      ['MUG', 2],
    ])
    expect(tab.$notices.get()).toMatchObject([{ code: 'adopt-rejected' }])
  }
})

test('an adopt that cannot be meant throws before anything changes', async () => {
  const world = createWorld()
  const cart = await createMember(world)
  const wrong: [string, () => unknown][] = [
    ['invalid-argument', () => cart.adopt('', { epoch: 'e', rule: 'sum' })],
    ['invalid-argument', () => cart.adopt('other', { epoch: 'e', rule: 'min' as never })],
    ['invalid-argument', () => cart.adopt('other', { rule: 'sum' } as never)],
    ['invalid-argument', () => cart.adopt('other', undefined as never)],
  ]
  for (const [code, command] of wrong) expect(codeOf(command)).toBe(code)
  expect(cart.$status.get().pending).toBe(0)
  const { synced } = cart.adopt('member-7', { epoch: 'e', rule: 'sum' })
  await cart.flush()
  expect(await synced).toMatchObject({ status: 'rejected', code: 'invalid-argument' })
  await world.backend.handler.sessions.close('member-7')
  await cart.refresh()
  expect(codeOf(() => cart.adopt('other', { epoch: 'e', rule: 'sum' }))).toBe('session-closed')
})
