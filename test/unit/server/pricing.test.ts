import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { createSessionHandler, memoryStore, type SessionHandlerOptions } from '../../../src/server/index.ts'
import { adding, get, mutation, post, start } from '../../support/server-client.ts'

type PriceItem = NonNullable<SessionHandlerOptions['priceItem']>

function createShop(priceItem: PriceItem, options: Partial<SessionHandlerOptions> = {}) {
  const asked: string[] = []
  const errors: string[] = []
  const handler = createSessionHandler({
    store: memoryStore(),
    onError: error => errors.push(String(error)),
    priceItem(item, context) {
      asked.push(`${item.quantity} × ${item.sku}`)
      return priceItem(item, context)
    },
    ...options,
  })
  return { handler, asked, errors }
}
const item = (n: number, fields: object, quantity = 1) => mutation(n, 'addItem', { item: fields, quantity })
const told = ({ notices }: any) => notices.map(({ id, line, from, to, reason }: any) => [id, line, from, to, reason])

test("price and costs are the shop's alone: what the browser claims is replaced, what the shop leaves out is gone", async () => {
  const { handler } = createShop(({ sku }) => (sku === 'A' ? { price: 3 } : undefined))
  const claimed = { price: 1, additionalCosts: { deposit: { price: 1 } } }
  const { body } = await post(handler, 's', [
    start(),
    item(2, { sku: 'A', ...claimed }),
    item(3, { sku: 'B', ...claimed }),
  ])
  expect(body.session.cartItems).toEqual([
    { sku: 'A', price: 3, quantity: 1 },
    { sku: 'B', quantity: 1 },
  ])
  expect(told(body)).toEqual([
    ['w1.2.price-changed', 'A', 1, 3, undefined],
    ['w1.2.costs-changed', 'A', { deposit: { price: 1 } }, {}, undefined],
    ['w1.3.price-changed', 'B', 1, undefined, undefined],
    ['w1.3.costs-changed', 'B', { deposit: { price: 1 } }, {}, undefined],
  ])
})

test('what the browser did not claim is not contradicted', async () => {
  const { handler } = createShop(() => ({ price: 3, additionalCosts: { deposit: { price: 0.25 } } }))
  const { body } = await post(handler, 's', [start(), item(2, { sku: 'A' }), item(3, { sku: 'B', price: 3 })])
  expect(body.session.total).toBe(6.5)
  expect(body.notices).toEqual([])
})

test('each line is asked for once in a request, as it stands after it, in any number of mutations', async () => {
  const { handler, asked } = createShop(() => ({ price: 3 }))
  await post(handler, 's', [start(), adding(2, 'A'), adding(3, 'B')])
  expect(asked.splice(0)).toEqual(['1 × A', '1 × B'])
  await post(handler, 's', [
    mutation(4, 'changeQuantity', { line: 'A', by: 1 }),
    mutation(5, 'changeQuantity', { line: 'A', by: -1 }),
    mutation(6, 'changeQuantity', { line: 'A', by: 1 }),
  ])
  expect(asked).toEqual(['2 × A'])
})

test('a batch that raises a line many times asks about no form of it twice', async () => {
  const forms: string[] = []
  const { handler } = createShop(item => {
    forms.push(JSON.stringify(item))
    return { price: 3, additionalCosts: { deposit: { price: 1 } }, limit: 4 }
  })
  const { body } = await post(handler, 's', [start(), ...[2, 3, 4, 5, 6, 7].map(n => adding(n, 'A'))])
  expect(body.session).toMatchObject({ total: 16, cartItems: [{ quantity: 4 }] })
  expect(new Set(forms).size).toBe(forms.length)
})

test('a write that another one beat asks for no price again', async () => {
  const store = memoryStore()
  let misses = 3
  const crowded = {
    ...store,
    write: (...args: Parameters<typeof store.write>) => (misses-- > 0 ? Promise.resolve(false) : store.write(...args)),
  }
  const { handler, asked } = createShop(() => ({ price: 3 }), { store: crowded })
  const { body } = await post(handler, 's', [start(), adding(2, 'A')])
  expect([body.version, body.session.total, misses]).toEqual([1, 3, -1])
  expect(asked).toEqual(['1 × A'])
})

test('what lowers a line, takes it out, or does not touch it asks for no price', async () => {
  const { handler, asked } = createShop(() => ({ price: 3 }))
  await post(handler, 's', [start(), adding(2, 'A', 3), adding(3, 'B')])
  asked.length = 0
  const { body } = await post(handler, 's', [
    mutation(4, 'changeQuantity', { line: 'A', by: -1 }),
    mutation(5, 'setQuantity', { line: 'A', quantity: 1 }),
    mutation(6, 'removeItem', { line: 'B' }),
    mutation(7, 'applyCoupon', { code: 'C' }),
    mutation(8, 'setAttributes', { changes: { a: 1 } }),
  ])
  expect(asked).toEqual([])
  expect(body.session).toMatchObject({ total: 3, cartItems: [{ sku: 'A', quantity: 1 }] })
})

test('a browser that changes a price is corrected, and one that brings lines along is priced too', async () => {
  const { handler } = createShop(() => ({ price: 3 }))
  const items = [{ sku: 'A', price: 1, quantity: 2 }]
  const { body } = await post(handler, 's', [
    mutation(1, 'start', { currency: 'EUR', items }),
    mutation(2, 'updateItem', { line: 'A', changes: { price: 0.01 } }),
    mutation(3, 'restoreItem', { item: { sku: 'B', price: 0, quantity: 1 }, index: 0 }),
  ])
  expect(body.session).toMatchObject({ total: 9, cartItems: [{ sku: 'B' }, { sku: 'A' }] })
  expect(told(body)).toEqual([
    ['w1.1.price-changed', 'A', 1, 3, undefined],
    ['w1.2.price-changed', 'A', 0.01, 3, undefined],
    ['w1.3.price-changed', 'B', 0, 3, undefined],
  ])
})

test('a limit holds for additions, raises and sets, and says from, to and why each time', async () => {
  const { handler } = createShop(({ price }) => ({ price, limit: 3, reason: 'OutOfStock' }))
  const { body } = await post(handler, 's', [
    start(),
    adding(2, 'A', 5),
    adding(3, 'A', 2),
    mutation(4, 'changeQuantity', { line: 'A', by: 1 }),
    mutation(5, 'setQuantity', { line: 'A', quantity: 9 }),
    mutation(6, 'setQuantity', { line: 'A', quantity: 2 }),
    adding(7, 'A', 1),
  ])
  expect(told(body)).toEqual([
    ['w1.2.quantity-limited', 'A', 5, 3, 'OutOfStock'],
    ['w1.3.quantity-limited', 'A', 5, 3, 'OutOfStock'],
    ['w1.4.quantity-limited', 'A', 4, 3, 'OutOfStock'],
    ['w1.5.quantity-limited', 'A', 9, 3, 'OutOfStock'],
  ])
  expect(body.session.cartItems).toMatchObject([{ sku: 'A', quantity: 3 }])
})

test('a limit that is reached exactly is not told of', async () => {
  const { handler } = createShop(() => ({ price: 3, limit: 5, reason: 'OutOfStock' }))
  const { body } = await post(handler, 's', [start(), adding(2, 'A', 5)])
  expect(told(body)).toEqual([['w1.2.price-changed', 'A', 2.5, 3, undefined]])
})

test('a limit of 0 takes the line out, and what follows finds none', async () => {
  const { handler } = createShop(({ price, sku }) => ({ price, limit: sku === 'A' ? 0 : undefined, reason: 'Gone' }))
  const { body } = await post(handler, 's', [
    start(),
    adding(2, 'A', 2),
    mutation(3, 'changeQuantity', { line: 'A', by: 1 }),
    adding(4, 'B'),
  ])
  expect(told(body)[0]).toEqual(['w1.2.quantity-limited', 'A', 2, 0, 'Gone'])
  expect(body.rejected).toMatchObject([{ n: 3, code: 'line-not-found' }])
  expect(body.session.cartItems).toMatchObject([{ sku: 'B' }])
})

test('a mutation that brings many lines along leaves a notice of its own for each', async () => {
  const { handler } = createShop(() => ({ price: 3 }))
  const items = ['A', 'B', 'C'].map(sku => ({ sku, price: 1, quantity: 1 }))
  const { body } = await post(handler, 's', [mutation(1, 'start', { currency: 'EUR', items })])
  expect(told(body).map(([id, line]: any) => [id, line])).toEqual([
    ['w1.1.price-changed', 'A'],
    ['w1.1.price-changed.2', 'B'],
    ['w1.1.price-changed.3', 'C'],
  ])
})

test('a repriced answer is whole, an unpriced change to the same cart is small', async () => {
  const { handler } = createShop(() => ({ price: 3 }))
  const { epoch, check } = (await post(handler, 's', [start(), adding(2, 'A', 2)])).body
  const raised = await post(handler, 's', [mutation(3, 'changeQuantity', { line: 'A', by: 1 })], {
    epoch,
    base: 1,
    check,
  })
  expect(raised.body.session).not.toHaveProperty('cartItems')
  const { check: next } = raised.body
  const added = await post(handler, 's', [adding(4, 'B')], { epoch, base: 2, check: next })
  expect(added.body.session.cartItems).toHaveLength(2)
})

test.for(
  [
    { price: NaN },
    { price: Infinity },
    { price: '3' },
    { limit: -1 },
    { limit: 1.5 },
    { additionalCosts: { a: { price: '1' } } },
    { additionalCosts: { a: null } },
    { additionalCosts: { a: 1 } },
    { price: 1, reason: 7n },
    'free',
    7,
  ].map(odd => [inspect(odd), odd] as const),
)('a quote that is none, %s, applies nothing and is told to the operator', async ([, odd]) => {
  const { handler, errors } = createShop(() => odd as never)
  const { status, body } = await post(handler, 's', [start(), adding(2, 'A')])
  expect([status, body.type, errors.length]).toEqual([500, 'about:blank', 1])
  expect(await handler.sessions.get('s')).toBeUndefined()
})

test('a priceItem that fails applies nothing, and the same request succeeds when it is back', async () => {
  let isDown = true
  const { handler, errors } = createShop(() => {
    if (isDown) throw new Error('prices are down')
    return { price: 3 }
  })
  const batch = [start(), adding(2, 'A')]
  expect((await post(handler, 's', batch)).status).toBe(500)
  expect((await get(handler, 's')).status).toBe(404)
  isDown = false
  expect((await post(handler, 's', batch)).body).toMatchObject({ version: 1, session: { total: 3 } })
  expect(errors).toEqual(['Error: prices are down'])
})
