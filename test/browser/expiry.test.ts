import { expect, onTestFinished, test } from 'vitest'
import { expireAbandoned } from '../../src/expiry/index.ts'
import type { CustomerSession, SessionCart, SessionCartOptions } from '../../src/index.ts'
import { createFakeClock } from '../support/clock.ts'
import { createBackend, createDevice } from '../support/device.ts'

const DAY = 24 * 3600 * 1000
const MUG = { sku: 'MUG-01', price: 12.5 }

interface World {
  readonly cart: SessionCart
  readonly clock: ReturnType<typeof createFakeClock>
  readonly left: CustomerSession[]
}

/** A visit that gives commands, and another one so many days later. */
async function comeBack(
  days: number,
  visit: (cart: SessionCart) => unknown,
  options: Partial<SessionCartOptions> = {},
): Promise<World> {
  const device = createDevice()
  const clock = createFakeClock()
  const load = () => device.load({ clock, ...options })
  const first = load()
  await first.ready
  await visit(first)
  await clock.advance(5000)
  first.dispose()
  await clock.advance(days * DAY)
  const cart = load()
  const left: CustomerSession[] = []
  const stop = expireAbandoned(cart, { after: 30 * DAY, now: clock.now, onExpired: session => left.push(session) })
  onTestFinished(() => {
    stop()
    cart.dispose()
  })
  await cart.ready
  await clock.advance(5000)
  return { cart, clock, left }
}

test('a session that nobody changed for long is left for a fresh one, and told', async () => {
  const { cart, left } = await comeBack(31, first => first.addItem(MUG, 2))
  expect(cart.$items.get()).toEqual([])
  expect(left).toMatchObject([{ cartItems: [{ sku: 'MUG-01', quantity: 2 }], state: 'open' }])
  expect(cart.$session.get().integrationId).not.toBe(left[0]!.integrationId)
})

test('a younger one, an empty one and an ordered one stay', async () => {
  const younger = await comeBack(29, first => first.addItem(MUG))
  expect(younger.cart.$quantity.get()).toBe(1)
  const empty = await comeBack(31, first => {
    first.addItem(MUG)
    first.clearItems()
  })
  const ordered = await comeBack(31, first => {
    first.addItem(MUG)
    first.closeSession()
  })
  expect(ordered.cart.$session.get().state).toBe('closed')
  expect([younger, empty, ordered].flatMap(({ left }) => left)).toEqual([])
})

test('what waits to be sent is still meant; once it is sent, the age counts', async () => {
  const backend = createBackend()
  backend.fault = () => Promise.reject(new TypeError('no network'))
  const { cart, clock, left } = await comeBack(31, first => first.addItem(MUG), {
    endpoint: '/api/sessions',
    fetch: backend.fetch,
  })
  expect(cart.$quantity.get()).toBe(1)
  backend.fault = null
  await clock.advance(60_000)
  expect(cart.$status.get()).toMatchObject({ phase: 'idle', pending: 0 })
  expect([cart.$quantity.get(), left.length]).toEqual([1, 0])
})

test('with a server it is left when the server has nothing newer', async () => {
  const clock = createFakeClock()
  const backend = createBackend({ clock })
  const { cart, left } = await comeBack(31, first => first.applyCoupon('TEN'), {
    endpoint: '/api/sessions',
    fetch: backend.fetch,
  })
  expect(left).toMatchObject([{ coupon: 'TEN' }])
  expect(cart.$session.get().coupon).toBe('')
})

test('an age that is none is refused', async () => {
  const cart = createDevice().load()
  onTestFinished(() => cart.dispose())
  for (const after of [0, -1, NaN]) {
    expect(() => expireAbandoned(cart, { after })).toThrow(expect.objectContaining({ code: 'invalid-option' }))
  }
})
