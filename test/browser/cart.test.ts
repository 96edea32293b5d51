import { computed } from 'nanostores'
import { expect, test, vi } from 'vitest'
import { createSessionCart, isSessionCartError, lineKey, SessionCartError } from '../../src/index.ts'
import type { SessionCart, SessionCartOptions } from '../../src/index.ts'
import { codeOf } from '../support/code-of.ts'

function createCart(options: Partial<SessionCartOptions> = {}): SessionCart {
  return createSessionCart({ currency: 'EUR', storage: 'memory', ...options })
}

async function createReadyCart(options: Partial<SessionCartOptions> = {}): Promise<SessionCart> {
  const cart = createCart(options)
  await cart.ready
  return cart
}

const MUG = { sku: 'MUG-01', name: 'Mug', price: 12.5 }

test('the first snapshot is empty, loading, and every store starts with it', async () => {
  const cart = createCart()
  expect(cart.$status.get().phase).toBe('loading')
  expect(cart.$items.get()).toEqual([])
  for (const $store of [cart.$session, cart.$items, cart.$totals, cart.$quantity, cart.$status, cart.$notices]) {
    expect($store.init).toBe($store.get())
  }
  await cart.ready
  expect(cart.$status.get()).toMatchObject({ phase: 'local', storage: 'memory', pending: 0 })
})

test('a command changes every store in the same tick', async () => {
  const cart = await createReadyCart()
  cart.addItem(MUG, 2)
  expect(cart.$items.get()).toEqual([{ ...MUG, quantity: 2 }])
  expect(cart.$session.get().cartItems).toBe(cart.$items.get())
  expect(cart.$session.get().total).toBe(25)
  expect(cart.$totals.get()).toMatchObject({ items: 25, total: 25, payable: 25 })
  expect(cart.$quantity.get()).toBe(2)
  expect(cart.line('MUG-01').get()?.quantity).toBe(2)
})

test('the whole entity is there, all 14 properties', async () => {
  const cart = await createReadyCart()
  cart.addItem(MUG)
  const session = cart.$session.get()
  expect(Object.keys(session).toSorted()).toEqual(
    [
      'integrationId',
      'created',
      'applicationId',
      'profileId',
      'coupon',
      'referral',
      'state',
      'cartItems',
      'identifiers',
      'total',
      'attributes',
      'firstSession',
      'discounts',
      'updated',
    ].toSorted(),
  )
  expect(Date.parse(session.created)).not.toBeNaN()
  expect(session.integrationId).toMatch(/^[\w-]{22}$/)
})

test('no listener sees a mixture of two states', async () => {
  const cart = await createReadyCart()
  const seen: number[][] = []
  const look = (): void => {
    seen.push([
      cart.$quantity.get(),
      cart.$session.get().total,
      cart.$totals.get().total,
      cart.line('MUG-01').get()?.quantity ?? 0,
    ])
  }
  for (const $store of [cart.$session, cart.$items, cart.$totals, cart.$quantity, cart.line('MUG-01')])
    $store.listen(() => look())
  cart.addItem(MUG, 2)
  cart.changeQuantity('MUG-01', 1)
  expect(seen.length).toBeGreaterThan(4)
  for (const state of seen)
    expect([
      [2, 25, 25, 2],
      [3, 37.5, 37.5, 3],
    ]).toContainEqual(state)
})

test('lines that do not change keep their identity, and their stores stay quiet', async () => {
  const cart = await createReadyCart()
  for (let i = 0; i < 5; i++) cart.addItem({ sku: `S${i}`, price: i })
  const before = cart.$items.get()
  const quiet = vi.fn()
  const told = vi.fn()
  cart.line('S1').listen(quiet)
  cart.line('S3').listen(told)
  cart.setQuantity('S3', 7)
  cart.removeItem('S0')
  expect(cart.$items.get()[0]).toBe(before[1])
  expect(quiet).not.toHaveBeenCalled()
  expect(told).toHaveBeenCalledTimes(1)
  expect(cart.line('S3')).toBe(cart.line('S3'))
})

test('the stores work with computed stores of the app', async () => {
  const cart = await createReadyCart()
  const $label = computed(cart.$quantity, units => `${units} items`)
  const labels: string[] = []
  $label.subscribe(label => void labels.push(label))
  cart.addItem(MUG, 3)
  expect(labels).toEqual(['0 items', '3 items'])
})

test('an exception in a listener reaches reportError and breaks neither the command nor the other listeners', async () => {
  const cart = await createReadyCart()
  const reported: unknown[] = []
  vi.stubGlobal('reportError', (error: unknown) => void reported.push(error))
  const other = vi.fn()
  cart.$items.listen(() => {
    throw new Error('the app')
  })
  cart.$items.listen(other)
  const receipt = cart.addItem(MUG)
  vi.unstubAllGlobals()
  expect(reported).toMatchObject([{ message: 'the app' }])
  expect(other).toHaveBeenCalledTimes(1)
  expect(await receipt.synced).toEqual({ status: 'local' })
})

test('a command given inside a listener is carried out', async () => {
  const cart = await createReadyCart()
  cart.$quantity.listen(units => {
    if (units === 1) cart.addItem({ sku: 'GIFT', price: 0 })
  })
  cart.addItem(MUG)
  expect(cart.$quantity.get()).toBe(2)
  expect(cart.$session.get().cartItems.map(({ sku }) => sku)).toEqual(['MUG-01', 'GIFT'])
})

test('equal sku and equal attributes merge, other attributes make another line', async () => {
  const cart = await createReadyCart()
  cart.addItem({ sku: 'TEE', price: 20, attributes: { size: 'M', colour: 'blue' } })
  cart.addItem({ sku: 'TEE', attributes: { colour: 'blue', size: 'M' } }, 2)
  cart.addItem({ sku: 'TEE', price: 20, attributes: { size: 'L', colour: 'blue' } })
  expect(cart.$items.get().map(({ quantity }) => quantity)).toEqual([3, 1])
  cart.setQuantity({ sku: 'TEE', attributes: { size: 'L', colour: 'blue' } }, 4)
  expect(cart.line(lineKey({ sku: 'TEE', attributes: { colour: 'blue', size: 'L' } })).get()?.quantity).toBe(4)
})

test('misuse throws its code before anything changes', async () => {
  const cart = await createReadyCart()
  cart.addItem(MUG)
  const before = cart.$session.get()
  const cyclic: Record<string, unknown> = {}
  cyclic.self = cyclic
  const hostile: [string, () => unknown][] = [
    ['invalid-item', () => cart.addItem({ sku: '' })],
    ['invalid-item', () => cart.addItem({ sku: 7 } as never)],
    ['invalid-item', () => cart.addItem(null as never)],
    ['invalid-item', () => cart.addItem({ sku: 'A', price: Number.NaN })],
    ['invalid-item', () => cart.addItem({ sku: 'A', price: Infinity })],
    ['invalid-item', () => cart.addItem({ sku: 'A', price: -1 })],
    ['invalid-item', () => cart.addItem({ sku: 'A', price: -0 })],
    ['invalid-item', () => cart.addItem({ sku: 'A', price: '3' } as never)],
    ['invalid-item', () => cart.addItem({ sku: 'A', price: 2e15 })],
    ['invalid-item', () => cart.addItem({ sku: 'A\0' })],
    ['invalid-item', () => cart.addItem({ sku: '\ud800' })],
    ['invalid-item', () => cart.addItem({ sku: 'A', position: 3 } as never)],
    ['invalid-quantity', () => cart.addItem(MUG, 1.5)],
    ['invalid-quantity', () => cart.addItem(MUG, 0)],
    ['invalid-quantity', () => cart.addItem(MUG, -1)],
    ['invalid-quantity', () => cart.addItem(MUG, '3' as never)],
    ['invalid-quantity', () => cart.addItem(MUG, Number.NaN)],
    ['invalid-quantity', () => cart.setQuantity('MUG-01', -1)],
    ['invalid-quantity', () => cart.changeQuantity('MUG-01', 0.5)],
    ['invalid-attributes', () => cart.addItem({ sku: 'A', attributes: cyclic as never })],
    ['invalid-attributes', () => cart.setAttributes([] as never)],
    ['limit-exceeded', () => cart.addItem({ sku: 'A', attributes: { text: 'x'.repeat(10_000_000) } })],
    ['limit-exceeded', () => cart.addItem(MUG, 10_000)],
    ['limit-exceeded', () => cart.applyCoupon('x'.repeat(101))],
    ['limit-exceeded', () => cart.setIdentifiers(['a', 'b', 'c', 'd', 'e', 'f'])],
    ['invalid-argument', () => cart.applyCoupon('')],
    ['invalid-argument', () => cart.setProfile(undefined as never)],
    ['invalid-argument', () => cart.removeItem(undefined as never)],
    ['currency-mismatch', () => cart.addItem({ ...MUG, currency: 'USD' })],
    ['line-not-found', () => cart.removeItem('NONE')],
    ['line-not-found', () => cart.changeQuantity('NONE', -1)],
    ['line-not-found', () => cart.setQuantity('NONE', 0)],
    ['line-not-found', () => cart.updateItem('NONE', { price: 1 })],
    ['illegal-transition', () => cart.reopenSession()],
    ['illegal-transition', () => cart.returnItems([{ line: 'MUG-01', quantity: 1 }])],
    ['invalid-option', () => cart.adopt('other', { epoch: 'e', rule: 'sum' })],
  ]
  for (const [code, command] of hostile) expect([code, codeOf(command)]).toEqual([code, code])
  expect(cart.$session.get()).toBe(before)
  expect(({} as Record<string, unknown>).self).toBeUndefined()
})

test('names that JavaScript gives a meaning are names like any other', async () => {
  const cart = await createReadyCart()
  for (const sku of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
    cart.addItem({ sku, price: 1, attributes: JSON.parse('{"__proto__":{"polluted":1},"constructor":2}') })
    cart.addItem({ sku, price: 1 })
  }
  cart.setAttributes(JSON.parse('{"__proto__":{"polluted":1}}'))
  expect(cart.$quantity.get()).toBe(8)
  expect(cart.line('__proto__').get()?.quantity).toBe(1)
  expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  expect(Object.hasOwn(cart.$session.get().attributes, '__proto__')).toBe(true)
})

test('a line more than the limit, and a unit more than the limit, are refused', async () => {
  const cart = await createReadyCart()
  for (let i = 0; i < 1000; i++) cart.addItem({ sku: `S${i}`, price: 1 }, 10)
  expect(cart.$quantity.get()).toBe(10_000)
  expect(codeOf(() => cart.addItem({ sku: 'ONE-MORE' }))).toBe('limit-exceeded')
  expect(codeOf(() => cart.changeQuantity('S5', 1))).toBe('limit-exceeded')
  cart.changeQuantity('S5', -1)
  expect(cart.$totals.get().total).toBe(9999)
})

test('what the app does to its objects afterwards does not reach the cart', async () => {
  const cart = await createReadyCart()
  const item = { sku: 'TEE', price: 5, attributes: { size: 'M', tags: ['a'] } }
  cart.addItem(item)
  item.price = 0
  item.attributes.size = 'XXL'
  item.attributes.tags.push('b')
  expect(cart.$items.get()[0]).toEqual({ sku: 'TEE', price: 5, attributes: { size: 'M', tags: ['a'] }, quantity: 1 })
  expect(Object.isFrozen(cart.$items.get())).toBe(true)
  expect(Object.isFrozen(cart.$items.get()[0])).toBe(true)
  expect(Object.isFrozen(cart.$items.get()[0]?.attributes)).toBe(true)
})

test('a changed price leaves a notice with what it was', async () => {
  const cart = await createReadyCart()
  cart.addItem(MUG)
  cart.addItem({ sku: 'MUG-01', price: 13 })
  await cart.flush()
  expect(cart.$items.get()).toEqual([{ sku: 'MUG-01', name: 'Mug', price: 13, quantity: 2 }])
  expect(cart.$notices.get()).toMatchObject([{ code: 'price-changed', line: 'MUG-01', from: 12.5, to: 13 }])
  cart.dismiss(cart.$notices.get()[0]!.id)
  expect(cart.$notices.get()).toEqual([])
})

test('an updated item that lands on another line merges with it', async () => {
  const cart = await createReadyCart()
  cart.addItem({ sku: 'TEE', price: 5, attributes: { size: 'M' } }, 2)
  cart.addItem({ sku: 'TEE', price: 5, attributes: { size: 'L' } })
  cart.updateItem({ sku: 'TEE', attributes: { size: 'L' } }, { attributes: { size: 'M' } })
  expect(cart.$items.get()).toEqual([{ sku: 'TEE', price: 5, attributes: { size: 'M' }, quantity: 3 }])
  cart.updateItem({ sku: 'TEE', attributes: { size: 'M' } }, { attributes: null, name: 'Tee' })
  expect(cart.$items.get()).toEqual([{ sku: 'TEE', price: 5, quantity: 3, name: 'Tee' }])
})

test('a removed line comes back to its place', async () => {
  const cart = await createReadyCart()
  for (const sku of ['A', 'B', 'C']) cart.addItem({ sku, price: 1 }, 2)
  const removed = cart.$items.get()[1]!
  cart.removeItem('B')
  cart.restoreItem(removed, 1)
  expect(cart.$items.get().map(({ sku }) => sku)).toEqual(['A', 'B', 'C'])
})

test('a session goes through its life and changes only while open', async () => {
  const cart = await createReadyCart()
  cart.addItem(MUG, 3)
  cart.closeSession()
  expect(codeOf(() => cart.addItem(MUG))).toBe('session-closed')
  expect(codeOf(() => cart.applyCoupon('X'))).toBe('session-closed')
  cart.returnItems([{ line: 'MUG-01', quantity: 1 }])
  expect(cart.$session.get()).toMatchObject({ state: 'partially_returned', total: 25 })
  expect(cart.$items.get()[0]).toMatchObject({ quantity: 3, returnedQuantity: 1, remainingQuantity: 2 })
  expect(cart.$quantity.get()).toBe(2)
  expect(codeOf(() => cart.returnItems([{ line: 'MUG-01', quantity: 3 }]))).toBe('invalid-quantity')
  expect(codeOf(() => cart.reopenSession())).toBe('illegal-transition')
  cart.cancelSession()
  expect(codeOf(() => cart.cancelSession())).toBe('illegal-transition')

  const closed = cart.$session.get().integrationId
  cart.startSession({ keep: true })
  expect(cart.$session.get()).toMatchObject({ state: 'open', total: 37.5 })
  expect(cart.$session.get().integrationId).not.toBe(closed)
  cart.startSession()
  expect(cart.$items.get()).toEqual([])
})

test('options seed a new session', async () => {
  const cart = await createReadyCart({
    profileId: 'guest-1',
    integrationId: 'order-7',
    initialSession: { cartItems: [{ ...MUG, quantity: 2 }], attributes: { channel: 'web' } },
  })
  expect(cart.$session.get()).toMatchObject({
    integrationId: 'order-7',
    profileId: 'guest-1',
    total: 25,
    attributes: { channel: 'web' },
  })
})

test('attributes merge shallowly and null deletes', async () => {
  const cart = await createReadyCart()
  cart.setAttributes({ city: 'Berlin', gift: true })
  cart.setAttributes({ gift: null, zip: '10115' })
  expect(cart.$session.get().attributes).toEqual({ city: 'Berlin', zip: '10115' })
})

test('Standard Schemas shape what is stored, and refuse', async () => {
  const upper = {
    '~standard': {
      version: 1 as const,
      vendor: 'test',
      validate: (value: any) =>
        typeof value.size === 'string'
          ? { value: { size: value.size.toUpperCase() } }
          : { issues: [{ message: 'size' }] },
    },
  }
  const cart = await createReadyCart({ itemAttributes: upper, attributes: upper })
  cart.addItem({ sku: 'TEE', attributes: { size: 'm' } })
  cart.setAttributes({ size: 's' })
  expect(cart.$items.get()[0]?.attributes).toEqual({ size: 'M' })
  expect(cart.$session.get().attributes).toEqual({ size: 'S' })
  expect(codeOf(() => cart.addItem({ sku: 'TEE', attributes: { size: 5 } }))).toBe('invalid-attributes')
  const slow = { '~standard': { version: 1 as const, validate: async (value: unknown) => ({ value }) } }
  const other = await createReadyCart({ attributes: slow })
  expect(codeOf(() => other.setAttributes({ a: 1 }))).toBe('invalid-option')
})

test('options that do not fit are refused', () => {
  for (const options of [
    { currency: 'euro' },
    { currency: undefined },
    { integrationId: '..' },
    { integrationId: 'a\nb' },
    { integrationId: 'x'.repeat(1001) },
    { timeout: 0 },
    { timeout: Number.NaN },
    { lineKey: 'sku' },
    { limits: { maxItem: 5 } },
    { endpoint: '/api', limits: { maxItems: 2000 } },
    { limits: { maxItems: Number.NaN } },
    { endpoint: 7 },
  ]) {
    expect(codeOf(() => createCart(options as never))).toBe('invalid-option')
  }
  expect(codeOf(() => createCart({ limits: { maxItems: 2000 } }))).toBe('nothing thrown')
})

test('a disposed cart refuses commands and lets receipts go', async () => {
  const cart = await createReadyCart({ endpoint: '/api', fetch: () => new Promise<Response>(() => {}) })
  const receipt = cart.addItem(MUG)
  cart.dispose()
  cart.dispose()
  await expect(receipt.synced).rejects.toMatchObject({ code: 'disposed' })
  expect(codeOf(() => cart.addItem(MUG))).toBe('disposed')
  expect(codeOf(() => cart.startSession())).toBe('disposed')
  await expect(cart.flush()).rejects.toMatchObject({ code: 'disposed' })
  await expect(cart.forget()).rejects.toMatchObject({ code: 'disposed' })
  expect(cart.$status.get().phase).toBe('stopped')
})

test('the error guard knows errors of another copy of the package', () => {
  expect(isSessionCartError(new SessionCartError('forgotten', 'gone'), 'forgotten')).toBe(true)
  expect(isSessionCartError({ name: 'SessionCartError', code: 'burned' })).toBe(true)
  for (const other of [null, undefined, 7, 'SessionCartError', new Error('no')])
    expect(isSessionCartError(other)).toBe(false)
})

test('money is formatted with the digits of its currency', () => {
  const shown = (currency: string, amount: number) =>
    createCart({ currency, locale: 'en' }).format(amount).replace(/\s/g, ' ')
  expect([shown('EUR', 19.99), shown('JPY', 1200), shown('KWD', 1.2345)]).toEqual(['€19.99', '¥1,200', 'KWD 1.235'])
})

test('sums are exact where float sums are not', async () => {
  const cart = await createReadyCart()
  cart.addItem({ sku: 'A', price: 0.1 }, 3)
  expect(cart.$totals.get().total).toBe(0.3)
  cart.clearItems()
  cart.addItem({ sku: 'B', price: 19.99 }, 7)
  expect(cart.$totals.get().total).toBe(139.93)
})

test('a session started before the store is read is a fresh one', async () => {
  const cart = createCart()
  cart.addItem(MUG)
  cart.startSession()
  cart.addItem({ sku: 'TEA', price: 1 })
  await cart.ready
  expect(cart.$items.get().map(({ sku }) => sku)).toEqual(['TEA'])
})
