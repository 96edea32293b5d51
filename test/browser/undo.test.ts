import * as fc from 'fast-check'
import { atom } from 'nanostores'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createSessionCart, type SessionCart, type SessionCartOptions } from '../../src/index.ts'
import { createUndo, type Undo, type UndoStorage } from '../../src/undo/index.ts'
import { createFakeClock } from '../support/clock.ts'
import { createBackend, createDevice } from '../support/device.ts'

const MUG = { sku: 'MUG-01', name: 'Mug', price: 12.5 }
const TEE = { sku: 'TEE', price: 20, attributes: { size: 'M' } }
const TEE_M = '["TEE",{"size":"M"}]'
const KEY = 'session-cart:undo:local EUR'

function createStorage(): UndoStorage & { readonly entries: Map<string, string> } {
  const entries = new Map<string, string>()
  return {
    entries,
    getItem: key => entries.get(key) ?? null,
    setItem: (key, value) => void entries.set(key, value),
    removeItem: key => void entries.delete(key),
  }
}

interface Open {
  readonly cart: SessionCart
  readonly undo: Undo
  readonly storage: ReturnType<typeof createStorage>
}

async function open(options: Partial<SessionCartOptions> = {}): Promise<Open> {
  const cart = createSessionCart({ currency: 'EUR', storage: 'memory', ...options })
  const storage = createStorage()
  const undo = createUndo(cart, { storage })
  await cart.ready
  onTestFinished(() => {
    undo.dispose()
    cart.dispose()
  })
  return { cart, undo, storage }
}

/** Lets the tick end that commands of one step are given in. */
const tick = (): Promise<void> => Promise.resolve()

const linesOf = (cart: SessionCart): string[] => cart.$items.get().map(({ sku, quantity }) => `${sku} ${quantity}`)

test('takes a removal back, with place, attributes and quantity, and does it again', async () => {
  const { cart, undo } = await open()
  cart.addItem(MUG, 2)
  cart.addItem(TEE, 3)
  cart.addItem({ sku: 'PEN' })
  await tick()
  const before = cart.$items.get()
  cart.removeItem(TEE_M)
  expect(undo.$undo.get()).toEqual({
    canUndo: true,
    canRedo: false,
    undo: { name: 'removeItem', item: { ...TEE, quantity: 3 }, count: 1 },
    redo: undefined,
  })
  expect(undo.undo()).toHaveLength(1)
  expect(cart.$items.get()).toEqual(before)
  expect(undo.$undo.get().redo).toEqual({ name: 'removeItem', item: { ...TEE, quantity: 3 }, count: 1 })
  undo.redo()
  expect(linesOf(cart)).toEqual(['MUG-01 2', 'PEN 1'])
  expect(undo.$undo.get().canRedo).toBe(false)
})

test('commands of one tick are one step, and those of a group are one of their own', async () => {
  const { cart, undo } = await open()
  cart.addItem(MUG)
  cart.applyCoupon('TEN')
  undo.group(() => {
    cart.addItem(TEE)
    cart.setAttributes({ gift: true })
  })
  cart.changeQuantity('MUG-01', 1)
  undo.undo()
  expect(linesOf(cart)).toEqual(['MUG-01 1', 'TEE 1'])
  undo.undo()
  expect(linesOf(cart)).toEqual(['MUG-01 1'])
  expect(cart.$session.get().attributes).toEqual({})
  undo.undo()
  expect(cart.$session.get()).toMatchObject({ cartItems: [], coupon: '' })
  expect(undo.undo()).toEqual([])
  undo.redo()
  undo.redo()
  undo.redo()
  expect(linesOf(cart)).toEqual(['MUG-01 2', 'TEE 1'])
  expect(cart.$session.get()).toMatchObject({ coupon: 'TEN', attributes: { gift: true } })
})

test('a command after an undo ends what could be redone; one that changes nothing does not', async () => {
  const { cart, undo } = await open()
  cart.addItem(MUG)
  await tick()
  cart.changeQuantity('MUG-01', 1)
  undo.undo()
  cart.setQuantity('MUG-01', 1)
  expect(undo.$undo.get().canRedo).toBe(true)
  cart.addItem(TEE)
  expect(undo.$undo.get().canRedo).toBe(false)
  undo.undo()
  undo.undo()
  expect(linesOf(cart)).toEqual([])
})

test('two lines that became one come apart again, and a price that was replaced comes back', async () => {
  const { cart, undo } = await open()
  cart.addItem({ ...TEE, attributes: { size: 'S' }, name: 'Small' }, 2)
  cart.addItem(MUG)
  cart.addItem({ ...TEE, name: 'Medium' }, 3)
  await tick()
  const before = cart.$items.get()
  cart.updateItem('["TEE",{"size":"S"}]', { attributes: { size: 'M' } })
  expect(linesOf(cart)).toEqual(['MUG-01 1', 'TEE 5'])
  await tick()
  cart.addItem({ ...MUG, price: 13 }, 4)
  undo.undo()
  undo.undo()
  expect(cart.$items.get()).toEqual(before)
})

test('what other tabs did meanwhile stays', async () => {
  const device = createDevice()
  const mine = device.load()
  const theirs = device.load()
  const undo = createUndo(mine, { storage: createStorage() })
  onTestFinished(() => [mine, theirs].forEach(cart => cart.dispose()))
  await Promise.all([mine.ready, theirs.ready])
  mine.addItem(MUG, 2)
  mine.applyCoupon('MINE')
  mine.setAttributes({ note: 'mine', gift: true })
  await expect.poll(() => theirs.$session.get().attributes).toEqual({ note: 'mine', gift: true })
  theirs.changeQuantity('MUG-01', 1)
  theirs.applyCoupon('THEIRS')
  theirs.setAttributes({ note: 'theirs' })
  theirs.addItem(TEE)
  await expect.poll(() => linesOf(mine)).toEqual(['MUG-01 3', 'TEE 1'])
  await expect.poll(() => mine.$session.get().attributes).toEqual({ note: 'theirs', gift: true })
  undo.undo()
  expect(linesOf(mine)).toEqual(['MUG-01 1', 'TEE 1'])
  expect(mine.$session.get()).toMatchObject({ coupon: 'THEIRS', attributes: { note: 'theirs' } })
  expect(undo.undo()).toEqual([])
})

test('what does not fit any more is not offered, and what stands below it is', async () => {
  const device = createDevice()
  const mine = device.load()
  const theirs = device.load()
  const undo = createUndo(mine, { storage: createStorage() })
  onTestFinished(() => [mine, theirs].forEach(cart => cart.dispose()))
  await Promise.all([mine.ready, theirs.ready])
  mine.applyCoupon('TEN')
  await tick()
  mine.addItem(MUG, 2)
  await expect.poll(() => linesOf(theirs)).toEqual(['MUG-01 2'])
  theirs.removeItem('MUG-01')
  await expect.poll(() => linesOf(mine)).toEqual([])
  expect(undo.$undo.get().undo?.name).toBe('applyCoupon')
  undo.undo()
  expect(mine.$session.get().coupon).toBe('')
  expect(undo.$undo.get().canUndo).toBe(false)
})

test('a limit leaves out what would pass it, and throws at nobody', async () => {
  const { cart, undo } = await open({ limits: { maxItems: 2 } })
  cart.addItem(MUG)
  cart.addItem(TEE)
  await tick()
  cart.clearItems()
  await tick()
  const other = cart.onCommand(({ mutation }) => {
    if (mutation.name !== 'restoreItem') return
    other()
    cart.addItem({ sku: 'GIFT' })
  })
  undo.undo()
  expect(linesOf(cart)).toEqual(['MUG-01 1', 'GIFT 1'])
})

test('a closed session offers nothing', async () => {
  const { cart, undo } = await open()
  cart.addItem(MUG)
  const states: boolean[] = []
  undo.$undo.subscribe(({ canUndo }) => states.push(canUndo))
  cart.closeSession()
  expect(states).toEqual([true, false])
  cart.reopenSession()
  expect(undo.$undo.get().canUndo).toBe(false)
})

test.each(['startSession', 'forget'] as const)('%s ends the history, in the storage too', async end => {
  const { cart, undo, storage } = await open()
  cart.addItem(MUG)
  await cart.flush()
  undo.dispose()
  expect(storage.entries.get(KEY)).toContain('MUG-01')
  const next = createUndo(cart, { storage })
  await cart.ready
  await tick()
  expect(next.$undo.get().canUndo).toBe(true)
  cart.applyCoupon('TEN')
  await cart[end]()
  cart.addItem(TEE)
  expect(next.$undo.get().undo?.item?.sku).toBe('TEE')
  next.undo()
  expect(next.$undo.get().canUndo).toBe(false)
  next.clear()
  next.dispose()
  expect(storage.entries.size).toBe(0)
})

test('a cart forgotten in another tab is forgotten here', async () => {
  const device = createDevice()
  const [mine, theirs] = [device.load(), device.load()]
  const storage = createStorage()
  const undo = createUndo(mine, { storage })
  onTestFinished(() => [mine, theirs].forEach(cart => cart.dispose()))
  await Promise.all([mine.ready, theirs.ready])
  mine.addItem(MUG)
  await expect.poll(() => linesOf(theirs)).toEqual(['MUG-01 1'])
  await theirs.forget()
  await expect.poll(() => linesOf(mine)).toEqual([])
  expect(undo.$undo.get()).toMatchObject({ canUndo: false, canRedo: false })
  undo.dispose()
  expect(storage.entries.size).toBe(0)
})

test('a reload goes on with the history, of this session alone', async () => {
  const device = createDevice()
  const storage = createStorage()
  const first = device.load()
  const undo = createUndo(first, { storage })
  await first.ready
  first.addItem(MUG)
  await tick()
  first.addItem(TEE, 2)
  await tick()
  await first.applyCoupon('TEN').saved
  undo.undo()
  await first.removeItem('MUG-01').saved
  undo.dispose()
  first.dispose()
  expect(storage.entries.size).toBe(1)

  const second = device.load()
  const again = createUndo(second, { storage })
  await second.ready
  await tick()
  expect(storage.entries.size).toBe(0)
  expect(again.$undo.get()).toMatchObject({ undo: { name: 'removeItem', item: MUG }, canRedo: false })
  again.undo()
  expect(linesOf(second)).toEqual(['MUG-01 1', 'TEE 2'])
  again.undo()
  again.undo()
  expect(linesOf(second)).toEqual([])
  again.dispose()
  second.startSession()
  await second.addItem(MUG).saved
  second.dispose()

  const third = device.load()
  const none = createUndo(third, { storage })
  await third.ready
  await tick()
  expect(none.$undo.get()).toMatchObject({ canUndo: false, canRedo: false })
  third.dispose()
})

test('what was given before the stored history is known comes on top of it', async () => {
  const device = createDevice()
  const storage = createStorage()
  const first = device.load()
  const undo = createUndo(first, { storage })
  await first.ready
  await first.addItem(MUG).saved
  undo.dispose()
  first.dispose()
  const second = device.load()
  const again = createUndo(second, { storage })
  second.addItem(MUG, 2)
  await second.ready
  await tick()
  again.undo()
  expect(linesOf(second)).toEqual(['MUG-01 1'])
  again.undo()
  expect(linesOf(second)).toEqual([])
  second.dispose()
})

test('a command that was lost, or that the session never had, is no step', async () => {
  const { cart, undo, storage } = await open()
  cart.addItem(MUG)
  undo.dispose()
  storage.entries.set(KEY, storage.entries.get(KEY)!.replace(/"id":"[^"]*"/, '"id":"elsewhere.1"'))
  const next = createUndo(cart, { storage })
  await cart.ready
  await tick()
  expect(next.$undo.get().canUndo).toBe(false)
})

test.each([
  ['nothing', 'null'],
  ['half a text', '{"session":'],
  ['a list', '[]'],
  ['steps that are none', '{"session":"$","past":[1],"future":[]}'],
  ['a quantity that is none', '$step({"kind":"quantity","line":"MUG-01","by":"-1"})'],
  ['an item that is none', '$step({"kind":"line","item":{"sku":"","quantity":1},"index":0})'],
  ['a place that is none', '$step({"kind":"line","item":{"sku":"A","quantity":1},"index":-1})'],
  ['fields that are none', '$step({"kind":"fields","line":"MUG-01","from":{},"to":{"price":"free"}})'],
  ['attributes that are none', '$step({"kind":"attributes","from":{},"to":7})'],
  ['a code that is none', '$step({"kind":"coupon","from":"","to":7})'],
  ['another kind', '$step({"kind":"constructor"})'],
])('stored bytes that are %s are no history', async (_, text) => {
  const { cart, undo, storage } = await open()
  const { id } = cart.addItem(MUG)
  undo.dispose()
  const valid = text.replace(
    /^\$step\((.*)\)$/,
    (__, change) =>
      `{"session":"$","past":[{"name":"addItem","entries":[{"id":"${id}","changes":[${change}]}]}],"future":[]}`,
  )
  storage.entries.set(KEY, valid.replace('"$"', JSON.stringify(cart.$session.get().integrationId)))
  const next = createUndo(cart, { storage })
  await cart.ready
  await tick()
  expect(next.$undo.get()).toMatchObject({ canUndo: false, canRedo: false })
  next.undo()
  expect(linesOf(cart)).toEqual(['MUG-01 1'])
  // Such bytes are read, not only feared: the same step with a change that is one is a history.
  if (!text.startsWith('$step')) return
  const good = '[{"kind":"quantity","line":"MUG-01","by":-1}]'
  storage.entries.set(
    KEY,
    valid
      .replace('"$"', JSON.stringify(cart.$session.get().integrationId))
      .replace(/"changes":\[.*?\]\}\]\}/, () => `"changes":${good}}]}`),
  )
  const last = createUndo(cart, { storage })
  await cart.ready
  await tick()
  expect(last.$undo.get().canUndo).toBe(true)
})

test('a storage that is full or forbidden keeps nothing and stops nothing', async () => {
  const { cart } = await open()
  const fail = (): never => {
    throw new DOMException('no', 'QuotaExceededError')
  }
  const undo = createUndo(cart, { storage: { getItem: fail, setItem: fail, removeItem: fail } })
  await cart.ready
  cart.addItem(MUG)
  undo.undo()
  expect(linesOf(cart)).toEqual([])
  undo.dispose()
  expect(() => createUndo(cart, { depth: 0 })).toThrow(expect.objectContaining({ code: 'invalid-option' }))
})

test('the oldest steps go when there are more than the depth', async () => {
  const { cart } = await open()
  const undo = createUndo(cart, { storage: createStorage(), depth: 3 })
  await cart.ready
  for (let count = 0; count < 5; count++) {
    cart.addItem(MUG)
    await tick()
  }
  while (undo.undo().length);
  expect(linesOf(cart)).toEqual(['MUG-01 2'])
})

test('a command that the server rejects leaves the history; a limited quantity is counted', async () => {
  const clock = createFakeClock()
  const backend = createBackend({
    priceItem: ({ sku }) => (sku === 'MUG-01' ? { price: 12.5, limit: 4, reason: 'stock' } : { price: 20 }),
    upstream: (_, { introduced }) => ({ rejected: introduced.map(({ kind }) => ({ kind, reason: 'CouponExpired' })) }),
  })
  const storage = createStorage()
  const cart = createDevice().load({ endpoint: '/api/sessions', fetch: backend.fetch, clock })
  const undo = createUndo(cart, { storage })
  onTestFinished(() => cart.dispose())
  await cart.ready
  cart.addItem(MUG, 2)
  await tick()
  cart.changeQuantity('MUG-01', 5)
  await tick()
  const { synced } = cart.applyCoupon('OLD')
  expect(undo.$undo.get().undo?.name).toBe('applyCoupon')
  await clock.advance(2000)
  expect(await synced).toMatchObject({ status: 'rejected', code: 'coupon-rejected' })
  expect(linesOf(cart)).toEqual(['MUG-01 4'])
  expect(undo.$undo.get().undo?.name).toBe('changeQuantity')
  undo.undo()
  expect(linesOf(cart)).toEqual(['MUG-01 2'])
})

test('units that a limit took from a step are not taken back, be it all of them or those of one of two lines', async () => {
  const clock = createFakeClock()
  const backend = createBackend({ priceItem: () => ({ price: 12.5, limit: 4, reason: 'stock' }) })
  const cart = createDevice().load({ endpoint: '/api/sessions', fetch: backend.fetch, clock })
  const undo = createUndo(cart, { storage: createStorage() })
  onTestFinished(() => cart.dispose())
  await cart.ready
  const give = async (command: () => unknown): Promise<void> => {
    command()
    await clock.advance(2000)
  }
  await give(() => cart.addItem(MUG, 4))
  await give(() => cart.changeQuantity('MUG-01', 1))
  expect([linesOf(cart), undo.$undo.get().undo?.name]).toEqual([['MUG-01 4'], 'addItem'])
  await give(() => cart.addItem({ sku: 'CUP' }, 3))
  await give(() => cart.updateItem('CUP', { sku: 'MUG-01' }))
  expect(linesOf(cart)).toEqual(['MUG-01 4'])
  await give(() => undo.undo())
  expect(linesOf(cart)).toEqual(['MUG-01 4', 'CUP 3'])
})

test('an undo that is asked for while one is under way does nothing', async () => {
  const { cart, undo } = await open()
  cart.addItem(MUG)
  await tick()
  cart.addItem(TEE)
  await tick()
  const within: number[] = []
  const stop = cart.onCommand(() => within.push(undo.undo().length))
  expect(undo.undo()).toHaveLength(1)
  stop()
  expect([within, linesOf(cart)]).toEqual([[0], ['MUG-01 1']])
})

test('an app that listens sees an undo of many commands at once', async () => {
  const { cart, undo } = await open()
  for (const sku of ['A', 'B', 'C']) cart.addItem({ sku })
  await tick()
  cart.clearItems()
  await tick()
  const seen: number[] = []
  cart.$items.listen(items => seen.push(items.length))
  undo.undo()
  expect(seen).toEqual([3])
})

test('a store listener that throws is reported, and the undo is done', async () => {
  const reported: unknown[] = []
  vi.stubGlobal('reportError', (error: unknown) => void reported.push(error))
  onTestFinished(() => void vi.unstubAllGlobals())
  const { cart, undo } = await open()
  cart.addItem(MUG)
  const failure = new Error('mine')
  cart.$items.listen(() => {
    throw failure
  })
  undo.undo()
  expect(linesOf(cart)).toEqual([])
  expect(reported).toEqual([failure])
  expect(undo.$undo.get().canRedo).toBe(true)
})

test('what can be undone is a store like any other', async () => {
  const { cart, undo } = await open()
  const $label = atom('')
  undo.$undo.subscribe(({ undo: step }) => $label.set(step ? `${step.name} ${step.count}` : ''))
  cart.addItem(MUG)
  cart.addItem(MUG)
  expect($label.get()).toBe('addItem 2')
  await tick()
  cart.clearItems()
  expect($label.get()).toBe('clearItems 1')
})

const skus = fc.constantFrom('A', 'B', '[', '__proto__')
const sizes = fc.constantFrom(undefined, { size: 'S' }, { size: 'M' }, { constructor: 'x' })
const items = fc.record(
  { sku: skus, attributes: sizes, price: fc.constantFrom(0, 0.1, 19.99), name: fc.constantFrom('one', 'two') },
  { requiredKeys: ['sku'] },
)
const spot = fc.nat(5)
const value = fc.constantFrom(null, 1, 'x', { deep: null }, [1])
const command = fc.oneof(
  fc.record({ do: fc.constant('add' as const), item: items, quantity: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ do: fc.constant('change' as const), spot, by: fc.integer({ min: -4, max: 3 }) }),
  fc.record({ do: fc.constant('set' as const), spot, quantity: fc.nat(3) }),
  fc.record({ do: fc.constant('update' as const), spot, item: items }),
  fc.record({ do: fc.constant('null' as const), spot, field: fc.constantFrom('name', 'price', 'attributes') }),
  fc.record({ do: fc.constant('remove' as const), spot }),
  fc.record({ do: fc.constant('clear' as const) }),
  fc.record({ do: fc.constant('restore' as const), item: items, quantity: fc.integer({ min: 1, max: 3 }), spot }),
  fc.record({ do: fc.constant('coupon' as const), code: fc.constantFrom('', 'TEN', 'FIVE') }),
  fc.record({ do: fc.constant('referral' as const), code: fc.constantFrom('', 'BOB') }),
  fc.record({
    do: fc.constant('attributes' as const),
    changes: fc.dictionary(fc.constantFrom('a', 'b', '__proto__', 'constructor'), value, { maxKeys: 2 }),
  }),
  fc.record({ do: fc.constant('tick' as const) }),
)

type Act = typeof command extends fc.Arbitrary<infer Value> ? Value : never

async function act(cart: SessionCart, given: Act): Promise<void> {
  const lines = cart.$items.get()
  const line = 'spot' in given ? lines[given.spot % Math.max(lines.length, 1)] : undefined
  const at = line && { sku: line.sku, attributes: line.attributes }
  if (given.do === 'add') cart.addItem(given.item, given.quantity)
  if (given.do === 'restore') cart.restoreItem({ ...given.item, quantity: given.quantity }, given.spot)
  if (given.do === 'clear') cart.clearItems()
  if (given.do === 'coupon' && given.code) cart.applyCoupon(given.code)
  if (given.do === 'coupon' && !given.code) cart.removeCoupon()
  if (given.do === 'referral' && given.code) cart.applyReferral(given.code)
  if (given.do === 'referral' && !given.code) cart.removeReferral()
  if (given.do === 'attributes') cart.setAttributes(given.changes)
  if (given.do === 'tick') await tick()
  if (!at) return
  if (given.do === 'change') cart.changeQuantity(at, given.by)
  if (given.do === 'set') cart.setQuantity(at, given.quantity)
  if (given.do === 'remove') cart.removeItem(at)
  if (given.do === 'update') cart.updateItem(at, given.item)
  if (given.do === 'null') cart.updateItem(at, { [given.field]: null })
}

const shopperSide = (cart: SessionCart) => {
  const { cartItems, coupon, referral, attributes } = cart.$session.get()
  return JSON.parse(
    JSON.stringify({
      cartItems,
      coupon,
      referral,
      attributes: Object.entries(attributes).sort(([one], [other]) => (one < other ? -1 : 1)),
    }),
  )
}

test('whatever was done: undone it is as it was, redone as it became, with a reload anywhere', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(command, { maxLength: 12 }),
      fc.array(command, { maxLength: 12 }),
      async (first, then) => {
        const cart = createSessionCart({ currency: 'EUR', storage: 'memory' })
        const storage = createStorage()
        await cart.ready
        for (const given of first) await act(cart, given)
        await tick()
        const start = shopperSide(cart)
        let undo = createUndo(cart, { storage })
        const reload = async (): Promise<void> => {
          undo.dispose()
          undo = createUndo(cart, { storage })
          await cart.ready
          await tick()
        }
        await reload()
        for (const [index, given] of then.entries()) {
          await act(cart, given)
          if (index === 6) await reload()
        }
        const end = shopperSide(cart)
        await reload()
        while (undo.undo().length);
        expect(shopperSide(cart)).toEqual(start)
        await reload()
        while (undo.redo().length);
        expect(shopperSide(cart)).toEqual(end)
        while (undo.undo().length);
        expect(shopperSide(cart)).toEqual(start)
        undo.dispose()
        cart.dispose()
      },
    ),
    { numRuns: 300 },
  )
})
