// The twenty-two cases of carts in the wild, each of which some known cart gets wrong: one test each, by its number.
import { expect, onTestFinished, test, vi } from 'vitest'
import { lineKey, type SessionCart, type SessionCartOptions } from '../../src/index.ts'
import type { SessionHandlerOptions } from '../../src/server/index.ts'
import { createFakeClock, track, type FakeClock } from '../support/clock.ts'
import { createBackend, createDevice, type Backend, type Device } from '../support/device.ts'

interface World {
  readonly device: Device
  readonly backend: Backend
  readonly clock: FakeClock
  open(options?: Partial<SessionCartOptions>): SessionCart
}

function createWorld(options: Partial<SessionHandlerOptions> = {}): World {
  const [device, backend, clock] = [createDevice(), createBackend(options), createFakeClock()]
  return {
    device,
    backend,
    clock,
    open(more) {
      const cart = device.load({ endpoint: '/api/sessions', fetch: backend.fetch, clock, locale: 'en', ...more })
      onTestFinished(() => cart.dispose())
      return cart
    },
  }
}

const MUG = { sku: 'MUG', price: 12.5 }
const offline = (): Promise<Response> => Promise.reject(new TypeError('no network'))
const linesOf = (cart: SessionCart): string[] => cart.$items.get().map(({ sku, quantity }) => `${quantity} ${sku}`)
const postsOf = ({ requests }: Backend): number => requests.filter(({ method }) => method === 'POST').length
/** What the server has of the session that is shown. */
const atServer = async (backend: Backend, cart: SessionCart): Promise<unknown> =>
  (await backend.handler.sessions.get(cart.$session.get().integrationId))?.session

test('1: a double click in one tick is one line of two', async () => {
  const cart = createWorld().open()
  await cart.ready
  cart.addItem(MUG)
  cart.addItem(MUG)
  expect(linesOf(cart)).toEqual(['2 MUG'])
})

test('2: what is added before the stored cart is loaded stays', async () => {
  const { open, clock } = createWorld()
  const before = open()
  await before.addItem({ sku: 'OLD', price: 1 }).saved
  before.dispose()
  const cart = open()
  cart.addItem(MUG)
  expect(linesOf(cart)).toEqual(['1 MUG'])
  await cart.ready
  await clock.advance(1000)
  expect(linesOf(cart)).toEqual(['1 OLD', '1 MUG'])
})

test('3: what two tabs add is there in both', async () => {
  const { open, clock } = createWorld()
  const tabs = [open(), open()] as const
  await Promise.all(tabs.map(({ ready }) => ready))
  tabs[0].addItem(MUG)
  tabs[1].addItem({ sku: 'TEA', price: 3 })
  await clock.advance(2000)
  expect(tabs.map(cart => linesOf(cart).toSorted())).toEqual([
    ['1 MUG', '1 TEA'],
    ['1 MUG', '1 TEA'],
  ])
})

test('4: fifty clicks are at most two requests, and the quantity is right', async () => {
  const { open, backend, clock } = createWorld()
  const cart = open()
  await cart.ready
  cart.addItem(MUG)
  for (let click = 1; click < 50; click++) {
    await clock.advance(15)
    cart.changeQuantity('MUG', 1)
  }
  await clock.advance(2000)
  expect(postsOf(backend)).toBeLessThanOrEqual(2)
  expect(await atServer(backend, cart)).toMatchObject({ cartItems: [{ sku: 'MUG', quantity: 50 }] })
})

test('5: an answer that comes late never turns the page back', async () => {
  const { open, backend, clock } = createWorld()
  const cart = open({ timeout: 1000 })
  await cart.ready
  let late: (() => void) | undefined
  backend.fault = async (_, answer) => {
    const response = await answer()
    if (late) return response
    await new Promise<void>(resolve => (late = resolve))
    return response
  }
  cart.addItem(MUG)
  await clock.advance(3000)
  cart.setQuantity('MUG', 5)
  await clock.advance(3000)
  const shown: string[] = []
  cart.$items.listen(() => shown.push(...linesOf(cart)))
  late?.()
  await clock.advance(3000)
  expect([linesOf(cart), shown]).toEqual([['5 MUG'], []])
  expect(await atServer(backend, cart)).toMatchObject({ cartItems: [{ quantity: 5 }] })
})

test('6: what was added and removed offline is so at the server after a reload', async () => {
  const { open, backend, clock } = createWorld()
  const before = open()
  await before.addItem(MUG).saved
  await before.flush()
  backend.fault = offline
  before.addItem({ sku: 'TEA', price: 3 })
  await before.removeItem('MUG').saved
  before.dispose()
  const cart = open()
  await cart.ready
  expect(linesOf(cart)).toEqual(['1 TEA'])
  backend.fault = null
  await clock.advance(60_000)
  expect(await atServer(backend, cart)).toEqual(cart.$session.get())
  expect(linesOf(cart)).toEqual(['1 TEA'])
})

test('7: three answers of 500, then 200: it has happened once', async () => {
  const { open, backend, clock } = createWorld()
  const cart = open()
  await cart.ready
  let left = 3
  // The worst of them: the change was made, and the answer is an error.
  backend.fault = async (_, answer) => {
    const response = await answer()
    return left-- > 0 ? new Response('Oh', { status: 500 }) : response
  }
  cart.addItem(MUG)
  await clock.advance(60_000)
  expect(left).toBeLessThan(0)
  expect(await atServer(backend, cart)).toMatchObject({ cartItems: [{ quantity: 1 }], total: 12.5 })
  expect(linesOf(cart)).toEqual(['1 MUG'])
})

test('8: what is rejected is rolled back alone', async () => {
  const { open, clock } = createWorld({
    upstream: async () => ({ rejected: [{ kind: 'coupon', reason: 'CouponExpired' }] }),
  })
  const cart = open()
  await cart.ready
  cart.addItem(MUG)
  const receipt = cart.applyCoupon('OLD')
  cart.changeQuantity('MUG', 1)
  await clock.advance(2000)
  expect(await receipt.synced).toMatchObject({ status: 'rejected', code: 'coupon-rejected' })
  expect([linesOf(cart), cart.$session.get().coupon]).toEqual([['2 MUG'], ''])
})

test.each(['throws', 'is full', 'is not there'])('9: no command throws where storage %s', async fault => {
  const fail = (): Promise<never> =>
    Promise.reject(new DOMException('No.', fault === 'is full' ? 'QuotaExceededError' : 'SecurityError'))
  const forbidden = (): never => {
    throw new DOMException('No.', 'SecurityError')
  }
  const spare = { length: 0, key: forbidden, getItem: forbidden, setItem: forbidden, removeItem: forbidden }
  const storage = fault === 'is not there' ? 'memory' : { relaxed: fail, strict: fail, spare }
  const cart = createWorld().open({ storage })
  cart.addItem(MUG)
  await cart.ready
  expect(await cart.changeQuantity('MUG', 1).saved).toBe('memory')
  await cart.flush()
  expect([linesOf(cart), cart.$status.get().storage]).toEqual([['2 MUG'], 'memory'])
})

test.each([
  ['EUR', [0.1, 0.2], [1, 1], 0.3, '€0.30'],
  ['EUR', [19.99], [7], 139.93, '€139.93'],
  ['KWD', [1.005], [3], 3.015, 'KWD 3.015'],
  ['JPY', [333], [3], 999, '¥999'],
] as const)('10: in %s, %j × %j is exactly %d', async (currency, prices, quantities, total, text) => {
  const cart = createWorld().open({ currency, endpoint: undefined, storage: 'memory' })
  await cart.ready
  prices.forEach((price, index) => cart.addItem({ sku: `S${index}`, price }, quantities[index]))
  expect(cart.$totals.get().total).toBe(total)
  expect(cart.format(total).replace(/\s/g, ' ').replace('€ ', '€').replace('¥ ', '¥')).toBe(text)
})

test('11: an item in another currency is refused', async () => {
  const cart = createWorld().open()
  await cart.ready
  expect(() => cart.addItem({ ...MUG, currency: 'USD' })).toThrow(
    expect.objectContaining({ code: 'currency-mismatch' }),
  )
  expect(linesOf(cart)).toEqual([])
})

test('12: the sku __proto__ is a sku', async () => {
  const { open, backend } = createWorld()
  const cart = open()
  await cart.ready
  for (const sku of ['__proto__', 'constructor']) cart.addItem({ sku, price: 1, attributes: { [sku]: 'x' } })
  cart.changeQuantity({ sku: '__proto__', attributes: JSON.parse('{"__proto__":"x"}') }, 1).synced.catch(() => {})
  await cart.flush()
  expect(linesOf(cart).toSorted()).toEqual(['1 constructor', '2 __proto__'].toSorted())
  expect(await atServer(backend, cart)).toEqual(cart.$session.get())
  expect(Object.keys(Object.prototype)).toEqual([])
})

test('13: a coupon worth more than the cart makes it free, not negative', async () => {
  const { open } = createWorld({ upstream: async ({ coupon }) => ({ discounts: coupon ? { [coupon]: 100 } : {} }) })
  const cart = open()
  await cart.ready
  cart.addItem(MUG)
  cart.applyCoupon('HUNDRED')
  await cart.flush()
  expect(cart.$totals.get()).toMatchObject({ total: 12.5, discount: 100, payable: 0 })
})

test('14: attributes in another order are the same line, other attributes another', async () => {
  const cart = createWorld().open()
  await cart.ready
  cart.addItem({ ...MUG, attributes: { size: 'M', colour: 'blue' } })
  cart.addItem({ ...MUG, attributes: { colour: 'blue', size: 'M' } })
  cart.addItem({ ...MUG, attributes: { colour: 'red', size: 'M' } })
  expect(linesOf(cart)).toEqual(['2 MUG', '1 MUG'])
})

test('15: a change of quantity keeps the attributes', async () => {
  const cart = createWorld().open()
  await cart.ready
  const attributes = { size: 'M' }
  cart.addItem({ ...MUG, attributes })
  cart.setQuantity({ sku: 'MUG', attributes }, 4)
  cart.changeQuantity({ sku: 'MUG', attributes }, -1)
  expect(cart.$items.get()).toEqual([{ ...MUG, attributes, quantity: 3 }])
})

test('16: added again at another price, the new one holds, and that is said', async () => {
  const { open } = createWorld()
  const cart = open()
  await cart.ready
  cart.addItem(MUG)
  cart.addItem({ ...MUG, price: 14 })
  await cart.flush()
  expect(cart.$items.get()).toEqual([{ ...MUG, price: 14, quantity: 2 }])
  expect(cart.$notices.get()).toMatchObject([{ code: 'price-changed', line: 'MUG', from: 12.5, to: 14 }])
})

test('17: what the server corrects is not sent back to it', async () => {
  const { open, backend, clock } = createWorld({ priceItem: () => ({ price: 9 }) })
  const cart = open()
  await cart.ready
  cart.addItem(MUG)
  await clock.advance(120_000)
  expect(cart.$items.get()).toMatchObject([{ price: 9 }])
  expect(postsOf(backend)).toBe(1)
})

test('18: a cart that the server has lost can be gone on with', async () => {
  const { open, backend, clock } = createWorld()
  const cart = open()
  await cart.ready
  cart.addItem(MUG)
  await cart.flush()
  const lost = createBackend()
  backend.fault = ({ request }) => track(lost.handler(request.clone()))
  cart.addItem({ sku: 'TEA', price: 3 })
  await clock.advance(5000)
  expect([cart.$status.get().phase, linesOf(cart)]).toEqual(['gone', ['1 MUG', '1 TEA']])
  cart.startSession({ keep: true })
  await clock.advance(5000)
  expect(await lost.handler.sessions.get(cart.$session.get().integrationId)).toMatchObject({
    session: { total: 15.5 },
  })
})

test('19: what a server renders is what a page with a stored cart shows first', async () => {
  const { open } = createWorld()
  const before = open()
  await before.addItem(MUG).saved
  before.dispose()
  const cart = open()
  const first = [cart.$items.get(), cart.$totals.get(), cart.$quantity.get(), cart.$status.get().phase]
  expect(first).toEqual([[], expect.objectContaining({ total: 0 }), 0, 'loading'])
  const onServer = createWorld().open({ storage: 'memory', fetch: undefined, endpoint: undefined })
  expect([onServer.$items.get(), onServer.$totals.get().total, onServer.$quantity.get()]).toEqual([[], 0, 0])
  await cart.ready
  expect(linesOf(cart)).toEqual(['1 MUG'])
})

test('20: a page that comes back shows what changed meanwhile', async () => {
  // In Node there is no page; a browser's own cannot be replaced.
  const page = typeof window === 'undefined' ? Object.assign(new EventTarget(), { visibilityState: 'visible' }) : window
  if (typeof window === 'undefined') {
    vi.stubGlobal('window', page)
    vi.stubGlobal('document', page)
    onTestFinished(() => void vi.unstubAllGlobals())
  }
  const { open, clock } = createWorld()
  const away = open({ channel: () => ({ post() {}, close() {} }) })
  const other = open()
  await Promise.all([away.ready, other.ready])
  page.dispatchEvent(Object.assign(new Event('pagehide'), { persisted: true }))
  await other.addItem(MUG).saved
  await clock.advance(10)
  expect(linesOf(away)).toEqual([])
  page.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }))
  await clock.advance(10)
  expect(linesOf(away)).toEqual(['1 MUG'])
})

test('21: an undone removal has its place and its attributes again', async () => {
  const { open, backend } = createWorld()
  const cart = open()
  await cart.ready
  for (const sku of ['A', 'B', 'C']) cart.addItem({ sku, price: 1, attributes: { gift: sku } })
  const before = cart.$items.get()
  cart.removeItem(lineKey(before[1]!))
  cart.restoreItem(before[1]!, 1)
  expect(cart.$items.get()).toEqual(before)
  await cart.flush()
  expect(await atServer(backend, cart)).toEqual(cart.$session.get())
})

test('22: the gate before the checkout waits for the server, and stays shut without it', async () => {
  const { open, backend } = createWorld()
  const cart = open()
  await cart.ready
  cart.addItem(MUG)
  expect(await cart.flush()).toMatchObject({ version: 1, totals: { payable: 12.5, estimated: false } })
  backend.fault = offline
  cart.addItem(MUG)
  await expect(cart.flush()).rejects.toMatchObject({ code: 'not-synced' })
})
