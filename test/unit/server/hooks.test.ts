import { expect, test } from 'vitest'
import { createSessionHandler, memoryStore, type SessionHandlerOptions } from '../../../src/server/index.ts'
import { adding, get, mutation, post, start } from '../../support/server-client.ts'

const createHandler = (options: Partial<SessionHandlerOptions>) =>
  createSessionHandler({ store: memoryStore(), ...options })
const coupon = (n: number, code: string) => mutation(n, 'applyCoupon', { code })

test('a coupon that is refused as it comes in is rejected with its reason, and the one before holds again', async () => {
  const asked: unknown[] = []
  const handler = createHandler({
    upstream: (session, { introduced }) => {
      asked.push([session.coupon, introduced])
      return session.coupon === 'OLD'
        ? { rejected: [{ kind: 'coupon', reason: 'CouponExpired' }] }
        : { discounts: { GOOD: 1 } }
    },
  })
  const first = await post(handler, 's', [start(), adding(2, 'A'), coupon(3, 'GOOD')])
  expect(first.body).toMatchObject({ session: { coupon: 'GOOD', discounts: { GOOD: 1 } }, estimated: false })
  const { epoch, check } = first.body
  const second = await post(handler, 's', [coupon(4, 'OLD'), adding(5, 'B')], { epoch, base: 1, check })
  expect(second.body).toMatchObject({
    acked: { w1: 5 },
    rejected: [{ writer: 'w1', n: 4, code: 'coupon-rejected', reason: 'CouponExpired' }],
    notices: [
      {
        id: 'w1.4.coupon-rejected',
        code: 'coupon-rejected',
        reason: 'CouponExpired',
        mutation: { name: 'applyCoupon', args: { code: 'OLD' } },
      },
    ],
    session: { coupon: 'GOOD', discounts: { GOOD: 1 } },
  })
  expect(asked.at(-1)).toEqual(['GOOD', []])
  const again = await post(handler, 's', [coupon(4, 'OLD')], { epoch, base: 2 })
  expect(again.body.rejected).toMatchObject([{ n: 4, code: 'coupon-rejected' }])
})

test('a coupon that is refused later stays, and the shopper hears of it once', async () => {
  let isOver = false
  const handler = createHandler({
    upstream: ({ coupon: code }) => (isOver && code ? { rejected: [{ kind: 'coupon', reason: 'CouponExpired' }] } : {}),
  })
  const { epoch } = (await post(handler, 's', [start(), coupon(2, 'C')])).body
  isOver = true
  const later = await post(handler, 's', [adding(3, 'A')], { epoch, base: 1 })
  expect(later.body).toMatchObject({
    rejected: [],
    notices: [{ code: 'coupon-not-applied', from: 'C' }],
    session: { coupon: 'C' },
  })
  expect((await post(handler, 's', [adding(4, 'A')], { epoch, base: 2 })).body.notices).toEqual([])
})

test('promotions that fail or take too long leave the answer estimated, and the next request catches up', async () => {
  const errors: unknown[] = []
  let mode = 'throw'
  const handler = createHandler({
    upstreamTimeout: 30,
    onError: error => errors.push(error),
    upstream: () => {
      if (mode === 'throw') throw new Error('down')
      if (mode === 'hang') return new Promise(() => {})
      return mode === 'odd' ? ({ discounts: { a: 'much' } } as never) : { discounts: { a: 1 } }
    },
  })
  const { body } = await post(handler, 's', [start(), adding(2, 'A')])
  expect(body).toMatchObject({ estimated: true, session: { total: 2.5, discounts: {} } })
  for (mode of ['hang', 'odd']) expect((await get(handler, 's')).body.estimated).toBe(true)
  mode = 'up'
  const caught = await get(handler, 's')
  expect(caught.body).toMatchObject({ estimated: false, session: { discounts: { a: 1 } } })
  expect(caught.body.version).toBeGreaterThan(body.version)
  expect(errors).toHaveLength(3)
})

test("the shop's prices and costs hold, and what changed is told", async () => {
  const asked: string[] = []
  const handler = createHandler({
    priceItem: ({ sku, quantity }, { currency }) => {
      asked.push(`${sku} ${quantity} ${currency}`)
      return { price: sku === 'A' ? 3 : 2.5, additionalCosts: { deposit: { price: 0.25 } } }
    },
  })
  const { body } = await post(handler, 's', [start(), adding(2, 'A', 2), adding(3, 'B')])
  expect(body.session.cartItems).toEqual([
    { sku: 'A', price: 3, quantity: 2, additionalCosts: { deposit: { price: 0.25 } } },
    { sku: 'B', price: 2.5, quantity: 1, additionalCosts: { deposit: { price: 0.25 } } },
  ])
  expect(body.session.total).toBe(9.25)
  expect(body.notices).toContainEqual(
    expect.objectContaining({ id: 'w1.2.price-changed', code: 'price-changed', line: 'A', from: 2.5, to: 3 }),
  )
  expect(asked.every(entry => entry.endsWith('EUR'))).toBe(true)
  expect(new Set(asked).size).toBe(asked.length)
})

test('a limit caps the quantity of a line and says why', async () => {
  const handler = createHandler({ priceItem: ({ price }) => ({ price, limit: 3, reason: 'OutOfStock' }) })
  const { body } = await post(handler, 's', [start(), adding(2, 'A', 5)])
  expect(body.session.cartItems).toMatchObject([{ sku: 'A', quantity: 3 }])
  expect(body.notices).toMatchObject([{ code: 'quantity-limited', line: 'A', from: 5, to: 3, reason: 'OutOfStock' }])
  const { epoch, check } = body
  const lower = await post(handler, 's', [mutation(3, 'changeQuantity', { line: 'A', by: -1 })], {
    epoch,
    base: 1,
    check,
  })
  expect(lower.body).toMatchObject({ notices: [], session: { total: 5 } })
})
