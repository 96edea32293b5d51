import { expect, onTestFinished, test } from 'vitest'
import { trackCart, type CartEvent } from '../../src/analytics/index.ts'
import { createSessionCart, type SessionCart, type SessionCartOptions } from '../../src/index.ts'
import { createUndo } from '../../src/undo/index.ts'
import { createFakeClock } from '../support/clock.ts'
import { createBackend, createDevice } from '../support/device.ts'

const MUG = { sku: 'MUG-01', name: 'Mug', price: 19.99 }
const told = ({ name, line, quantity, value }: CartEvent): string => `${name} ${line} ${quantity} ${value}`

async function open(options: Partial<SessionCartOptions> = {}): Promise<[SessionCart, string[]]> {
  const cart = createSessionCart({ currency: 'EUR', storage: 'memory', ...options })
  await cart.ready
  onTestFinished(() => cart.dispose())
  const events: string[] = []
  trackCart(cart, event => events.push(told(event)))
  return [cart, events]
}

test('tells the units of each click, and what they are worth, exactly', async () => {
  const [cart, events] = await open()
  cart.addItem(MUG, 3)
  cart.addItem({ sku: 'GIFT' })
  cart.changeQuantity('MUG-01', 4)
  cart.setQuantity('MUG-01', 5)
  cart.setQuantity('MUG-01', 5)
  cart.changeQuantity('MUG-01', -9)
  expect(events).toEqual([
    'add_to_cart MUG-01 3 59.97',
    'add_to_cart GIFT 1 undefined',
    'add_to_cart MUG-01 4 79.96',
    'remove_from_cart MUG-01 2 39.98',
    'remove_from_cart MUG-01 5 99.95',
  ])
})

test('a cleared cart is an event for each line, an undo the opposite of each', async () => {
  const [cart, events] = await open()
  const undo = createUndo(cart)
  cart.addItem(MUG, 2)
  cart.addItem({ sku: 'PEN', price: 1 })
  await Promise.resolve()
  events.length = 0
  cart.clearItems()
  expect(events).toEqual(['remove_from_cart MUG-01 2 39.98', 'remove_from_cart PEN 1 1'])
  events.length = 0
  undo.undo()
  expect(events).toEqual(['add_to_cart MUG-01 2 39.98', 'add_to_cart PEN 1 1'])
})

test('another price, another size, a coupon or a kept cart is no event', async () => {
  const [cart, events] = await open()
  const undo = createUndo(cart)
  cart.addItem({ ...MUG, attributes: { size: 'S' } })
  cart.addItem({ ...MUG, attributes: { size: 'M' } })
  await Promise.resolve()
  events.length = 0
  cart.updateItem({ ...MUG, attributes: { size: 'S' } }, { price: 5 })
  await Promise.resolve()
  cart.updateItem({ ...MUG, attributes: { size: 'S' } }, { attributes: { size: 'L' } })
  undo.undo()
  undo.undo()
  cart.updateItem({ ...MUG, attributes: { size: 'S' } }, { attributes: { size: 'M' } })
  cart.applyCoupon('TEN')
  cart.setAttributes({ gift: true })
  cart.startSession({ keep: true })
  expect(cart.$quantity.get()).toBe(2)
  expect(events).toEqual([])
})

test('a replay, a roll-back, another tab and what is stored are no events', async () => {
  const clock = createFakeClock()
  const backend = createBackend({ priceItem: ({ sku }) => ({ price: 12.5, limit: sku === 'RARE' ? 1 : undefined }) })
  const device = createDevice()
  const load = () => device.load({ endpoint: '/api/sessions', fetch: backend.fetch, clock })
  const [mine, theirs] = [load(), load()]
  onTestFinished(() => [mine, theirs].forEach(cart => cart.dispose()))
  const events: string[] = []
  const stop = trackCart(mine, event => events.push(told(event)))
  await Promise.all([mine.ready, theirs.ready])
  mine.addItem({ sku: 'RARE', price: 12.5 }, 3)
  await clock.advance(2000)
  expect(mine.$quantity.get()).toBe(1)
  theirs.addItem(MUG, 4)
  await clock.advance(2000)
  await expect.poll(() => mine.$quantity.get()).toBe(5)
  expect(events).toEqual(['add_to_cart RARE 3 37.5'])
  stop()
  mine.clearItems()
  expect(events).toHaveLength(1)
})

test('a click in a long list looks at one line', async () => {
  const [cart] = await open()
  for (let index = 0; index < 1000; index++) cart.addItem({ sku: `S${index}`, price: 1 })
  let looks = 0
  const own = createSessionCart({
    currency: 'EUR',
    storage: 'memory',
    initialSession: { cartItems: cart.$items.get().map(({ sku, quantity }) => ({ sku, quantity })) },
    lineKey: ({ sku }) => (looks++, sku),
  })
  await own.ready
  onTestFinished(() => own.dispose())
  own.changeQuantity('S500', 1)
  looks = 0
  own.changeQuantity('S500', 1)
  const before = looks
  const seen: string[] = []
  trackCart(own, ({ line }) => seen.push(line))
  looks = 0
  own.changeQuantity('S500', 1)
  expect(seen).toEqual(['S500'])
  expect(looks - before).toBe(2)
})
