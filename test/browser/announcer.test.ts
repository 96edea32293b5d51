import { expect, onTestFinished, test } from 'vitest'
import { createAnnouncer, focusAfterRemoval, noticeText, type AnnouncerOptions } from '../../src/announcer/index.ts'
import { createSessionCart, type SessionCart, type SessionCartOptions } from '../../src/index.ts'
import { createFakeClock, type FakeClock } from '../support/clock.ts'
import { createBackend, createDevice } from '../support/device.ts'

const MUG = { sku: 'MUG-01', name: 'Mug', price: 12.5 }

interface Open {
  readonly cart: SessionCart
  readonly clock: FakeClock
  readonly said: string[]
  readonly message: () => string
}

async function open(options: Partial<SessionCartOptions> = {}, own: AnnouncerOptions = {}): Promise<Open> {
  const clock = createFakeClock()
  const cart = createDevice().load({ locale: 'en', clock, ...options })
  const said: string[] = []
  const announcer = createAnnouncer(cart, { clock, announce: message => said.push(message), ...own })
  onTestFinished(() => {
    announcer.dispose()
    cart.dispose()
  })
  await cart.ready
  return { cart, clock, said, message: () => announcer.$message.get() }
}

test('many clicks are one message, once it is quiet, as it stands then', async () => {
  const { cart, clock, said, message } = await open()
  cart.addItem(MUG)
  await clock.advance(400)
  cart.changeQuantity('MUG-01', 1)
  await clock.advance(400)
  cart.changeQuantity('MUG-01', 1)
  expect(message()).toBe('')
  await clock.advance(500)
  expect(said).toEqual(['3 × Mug added. 3 items in your cart, total €37.50.'])
  expect(message()).toBe(said[0])
})

test('says what changed, what went and what is left', async () => {
  const { cart, clock, said } = await open()
  cart.addItem(MUG, 2)
  cart.addItem({ sku: 'PEN', price: 1 })
  await clock.advance(500)
  cart.changeQuantity('MUG-01', -1)
  await clock.advance(500)
  cart.removeItem('PEN')
  await clock.advance(500)
  for (const sku of ['A', 'B', 'C', 'D']) cart.addItem({ sku, price: 1 })
  await clock.advance(500)
  cart.clearItems()
  await clock.advance(500)
  expect(said).toEqual([
    '2 × Mug added. 1 × PEN added. 3 items in your cart, total €26.00.',
    'Mug: quantity 1. 2 items in your cart, total €13.50.',
    'PEN removed. 1 item in your cart, total €12.50.',
    '4 lines changed. 5 items in your cart, total €16.50.',
    'Your cart is empty.',
  ])
})

test('a message that comes again is another text, so that it is said again', async () => {
  const { cart, clock, said, message } = await open()
  cart.addItem(MUG, 2)
  await clock.advance(500)
  const texts: string[] = []
  for (let times = 0; times < 3; times++) {
    cart.changeQuantity('MUG-01', 1)
    cart.changeQuantity('MUG-01', -1)
    await clock.advance(500)
    texts.push(message())
  }
  expect(said.slice(1)).toEqual(Array(3).fill('Mug: quantity 2. 2 items in your cart, total €25.00.'))
  expect(texts).toEqual([said[1], `${said[1]}\u00a0`, said[1]])
})

test('says coupons, and why one is rejected', async () => {
  const backend = createBackend({
    upstream: ({ coupon }) => (coupon === 'OLD' ? { rejected: [{ kind: 'coupon', reason: 'CouponExpired' }] } : {}),
  })
  const { cart, clock, said } = await open(
    { endpoint: '/api/sessions', fetch: backend.fetch },
    { wait: 50, words: { notices: { 'coupon-rejected': 'No: {reason}.' } } },
  )
  cart.applyCoupon('TEN')
  await clock.advance(1000)
  cart.removeCoupon()
  await clock.advance(1000)
  cart.applyReferral('BOB')
  await clock.advance(1000)
  cart.removeReferral()
  cart.applyCoupon('OLD')
  await clock.advance(3000)
  expect(said).toEqual([
    'Coupon TEN applied.',
    'Coupon removed.',
    'Referral code BOB applied.',
    'Referral code removed. No: CouponExpired.',
  ])
})

test('says codes that go in and out, and nothing of one that is the same in the end', async () => {
  const { cart, clock, said } = await open()
  cart.addItem(MUG)
  await clock.advance(500)
  const given: (() => unknown)[] = [
    () => cart.applyReferral('FRIEND'),
    () => cart.removeReferral(),
    () => [cart.applyCoupon('SUMMER'), cart.removeCoupon()],
    () => cart.setAttributes({ gift: true }),
  ]
  for (const give of given) {
    give()
    await clock.advance(500)
  }
  const total = '1 item in your cart, total €12.50.'
  expect(said.slice(1)).toEqual([`Referral code FRIEND applied. ${total}`, `Referral code removed. ${total}`])
})

test('says the notice of a line with its name', async () => {
  const backend = createBackend({ priceItem: () => ({ price: 12.5, limit: 2, reason: 'stock' }) })
  const { cart, clock, said } = await open({ endpoint: '/api/sessions', fetch: backend.fetch }, { wait: 2000 })
  cart.addItem(MUG, 5)
  await clock.advance(5000)
  expect(said).toEqual(['2 × Mug added. 2 items in your cart, total €25.00. Mug: Only 2 can be had.'])
})

test('says that the network is gone, and that what waited has arrived', async () => {
  const backend = createBackend()
  const { cart, clock, said } = await open({ endpoint: '/api/sessions', fetch: backend.fetch }, { wait: 100 })
  cart.addItem(MUG)
  await clock.advance(2000)
  said.length = 0
  backend.fault = () => Promise.reject(new TypeError('no network'))
  cart.changeQuantity('MUG-01', 1)
  await clock.advance(5000)
  backend.fault = null
  await clock.advance(60_000)
  expect(said).toEqual([
    'Mug: quantity 2. 2 items in your cart, total €25.00. You are offline. Your cart is kept and will be sent later.',
    'You are online again. Your cart is up to date.',
  ])
})

test('what a page loads, another cart and another tab are not said', async () => {
  const device = createDevice()
  const clock = createFakeClock()
  const first = device.load()
  await first.addItem(MUG).saved
  const said: string[] = []
  const second = device.load({ clock })
  const announcer = createAnnouncer(second, { clock, announce: message => said.push(message) })
  onTestFinished(() => [first, second].forEach(cart => cart.dispose()))
  await second.ready
  first.addItem({ sku: 'PEN' })
  await expect.poll(() => second.$quantity.get()).toBe(2)
  second.startSession({ keep: true })
  await clock.advance(5000)
  expect(said).toEqual([])
  announcer.dispose()
  second.addItem(MUG)
  await clock.advance(5000)
  expect(said).toEqual([])
})

test('the words can be others', async () => {
  const { cart, clock, said } = await open(
    { locale: 'de' },
    { words: { added: ({ name, quantity }) => `${quantity}-mal ${name} im Korb.`, total: ({ payable }) => payable } },
  )
  cart.addItem(MUG)
  await clock.advance(500)
  expect(said).toEqual([`1-mal Mug im Korb. ${cart.format(12.5)}`])
})

test('without a clock of its own it waits on the page’s', async () => {
  const cart = createSessionCart({ currency: 'EUR', storage: 'memory' })
  onTestFinished(() => cart.dispose())
  const { $message } = createAnnouncer(cart, { wait: 1 })
  cart.addItem(MUG)
  await expect.poll(() => $message.get()).toContain('Mug')
})

test('the focus goes to the next line, else to the one before', () => {
  const items = ['A', 'B', 'C'].map(sku => ({ sku, quantity: 1 }))
  expect(focusAfterRemoval(items, 'A')).toBe('B')
  expect(focusAfterRemoval(items, 1)).toBe('C')
  expect(focusAfterRemoval(items, 'C')).toBe('B')
  expect(focusAfterRemoval([items[0]!], 'A')).toBe(undefined)
  expect(focusAfterRemoval(items, 'X')).toBe(undefined)
  expect(focusAfterRemoval(items, 'b', ({ sku }) => sku.toLowerCase())).toBe('c')
})

test('every notice has a sentence', async () => {
  const { cart } = await open()
  const notice = { id: '1', line: 'MUG-01', at: '2026-11-23T10:00:00Z' }
  expect(noticeText(cart, { ...notice, code: 'price-changed', from: 12.5, to: 13 })).toBe('The price is now €13.00.')
  expect(noticeText(cart, { ...notice, code: 'burned', message: 'technical' })).toMatch(/^A change was lost/)
  expect(noticeText(cart, { ...notice, code: 'burned' }, { burned: 'Weg.' })).toBe('Weg.')
  const gift = { ...notice, code: 'free-item', message: 'Tea towel', to: 2 }
  expect(noticeText(cart, gift)).toBe('For free with your order: 2 × Tea towel.')
  expect(noticeText(cart, { ...notice, code: 'of-the-shop', message: 'As said.' })).toBe('As said.')
})
