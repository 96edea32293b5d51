import { Big } from 'big.js'
import { expect, test } from 'vitest'
import { apply } from '../../../src/session/apply.ts'
import { defaultLimits } from '../../../src/session/limits.ts'
import { recount } from '../../../src/session/lines.ts'
import type { Mutation } from '../../../src/session/mutations.ts'
import { emptySession, type CartItem, type CustomerSession } from '../../../src/session/session.ts'
import { withTotal } from '../../../src/session/totals.ts'
import { createRandom } from '../../support/random.ts'

const SEED = 20261123
const CARTS = 100_000
const CURRENCIES = ['EUR', 'JPY', 'KWD'] as const
const UNITS: Record<string, number> = { EUR: 100, JPY: 1, KWD: 1000 }

const random = createRandom(SEED)
const below = (limit: number): number => Math.floor(random() * limit)
const pick = <Value>(values: readonly Value[]): Value => values[below(values.length)]!

const CORNERS = [
  0, 0.1, 0.2, 0.3, 19.99, 5e-324, 1e-7, 1.5e-7, 1e15, 999_999_999_999_999.9, 0.005, 2.675, 1e-300, 123456789.123456,
]

/** A price of 0 to 17 significant digits anywhere between the smallest double and the limit. */
function price(currency: string): number {
  if (random() < 0.25) return pick(CORNERS)
  if (random() < 0.4) return below(100_000) / UNITS[currency]!
  const digits = Array.from({ length: 1 + below(17) }, () => below(10)).join('')
  const value = Number(`0.${digits}e${below(30) - 14}`)
  return value <= 1e15 ? value : 1e15
}

function costs(currency: string): CartItem['additionalCosts'] {
  if (random() < 0.6) return undefined
  return Object.fromEntries(
    Array.from({ length: 1 + below(2) }, (_, index) => [`cost${index}`, { price: price(currency) }]),
  )
}

function oracle(items: readonly CartItem[]): number {
  let sum = new Big(0)
  for (const item of items) {
    let unit = new Big(String(item.price ?? 0))
    for (const cost of Object.values(item.additionalCosts ?? {})) unit = unit.plus(String(cost.price))
    sum = sum.plus(unit.times(item.quantity - (item.returnedQuantity ?? 0)))
  }
  return Number(sum.toFixed())
}

/** The same sum in doubles: what the total would be without the exact decimals. */
function floatSum(items: readonly CartItem[]): number {
  return items.reduce((sum, { price: one = 0, additionalCosts = {}, quantity, returnedQuantity = 0 }) => {
    const unit = Object.values(additionalCosts).reduce((part, { price: cost }) => part + cost, one)
    return sum + unit * (quantity - returnedQuantity)
  }, 0)
}

/** The total of the same lines added up from nothing: fresh objects in a fresh list, so that nothing is remembered. */
function recomputed(session: CustomerSession): number {
  const cartItems = Object.freeze(session.cartItems.map(item => ({ ...item })))
  recount(cartItems)
  return withTotal({ ...session, cartItems }).total
}

function nextMutation(session: CustomerSession, currency: string, n: number): Mutation {
  const line = session.cartItems.length ? pick(session.cartItems).sku : 'A'
  const sku = pick(['A', 'B', 'C', 'D', 'E', 'F'])
  const quantity = random() < 0.05 ? 1 + below(9000) : 1 + below(20)
  const additionalCosts = costs(currency)
  const item = { sku, price: price(currency), ...(additionalCosts && { additionalCosts }) }
  const open: (() => [string, object])[] = [
    () => ['addItem', { item, quantity }],
    () => ['addItem', { item, quantity }],
    () => ['addItem', { item: random() < 0.2 ? { sku } : item, quantity }],
    () => ['changeQuantity', { line, by: below(7) - 3 }],
    () => ['setQuantity', { line, quantity: below(50) }],
    () => ['updateItem', { line, changes: { price: price(currency), additionalCosts: additionalCosts ?? null } }],
    () => ['removeItem', { line }],
    () => ['restoreItem', { item: { ...item, quantity }, index: below(6) }],
    () => ['closeSession', {}],
  ]
  const closed: (() => [string, object])[] = [
    () => ['returnItems', { items: [{ line, quantity: 1 + below(5) }] }],
    () => ['returnItems', { items: [{ line, quantity: 1 + below(5) }] }],
    () => ['reopenSession', {}],
  ]
  const [name, args] = pick(session.state === 'open' ? open : closed)()
  return { writer: 'w', n, name, args, at: '2026-11-23T10:00:00Z' }
}

test('running, recomputed and arbitrary-precision totals are the same double in 100 000 random carts', () => {
  let mutations = 0
  let differences = 0
  let floatErrors = 0
  let returns = 0
  for (let cart = 0; cart < CARTS; cart++) {
    const currency = CURRENCIES[cart % 3]!
    const limits = defaultLimits(currency)
    let session = emptySession('s')
    for (let n = 1; n <= 4 + below(5); n++) {
      const mutation = nextMutation(session, currency, n)
      const applied = apply(session, mutation, limits)
      session = applied.session
      mutations++
      if (mutation.name === 'returnItems' && applied.outcome.status === 'accepted') returns++
      const exact = oracle(session.cartItems)
      if (Object.is(session.total, exact) && Object.is(recomputed(session), exact)) continue
      differences++
      console.error(`cart ${cart} of seed ${SEED}:`, JSON.stringify(session.cartItems), session.total, exact)
    }
    if (floatSum(session.cartItems) !== session.total) floatErrors++
  }
  console.table([
    { seed: SEED, carts: CARTS, mutations, returns, differences, 'carts a float sum gets wrong': floatErrors },
  ])
  expect(differences).toBe(0)
  expect(returns).toBeGreaterThan(1000)
  // Without these the comparison would prove nothing.
  expect(floatErrors).toBeGreaterThan(CARTS / 10)
}, 120_000)

test('20 carts of 1000 lines are exact too', () => {
  for (let cart = 0; cart < 20; cart++) {
    const currency = CURRENCIES[cart % 3]!
    const limits = defaultLimits(currency)
    let session = emptySession('s')
    for (let n = 1; n <= 1000; n++) {
      const args = { item: { sku: `S${n}`, price: price(currency) }, quantity: 1 + below(10) }
      session = apply(session, { writer: 'w', n, name: 'addItem', args, at: '' }, limits).session
    }
    expect(session.cartItems).toHaveLength(1000)
    expect(session.total).toBe(oracle(session.cartItems))
    expect(session.total).toBe(recomputed(session))
  }
}, 60_000)

test('3 × 0.1 is 0.3 and 7 × 19.99 is 139.93', () => {
  const limits = defaultLimits('EUR')
  const total = (one: number, quantity: number): number =>
    apply(
      emptySession('s'),
      { writer: 'w', n: 1, name: 'addItem', args: { item: { sku: 'A', price: one }, quantity }, at: '' },
      limits,
    ).session.total
  expect(total(0.1, 3)).toBe(0.3)
  expect(total(19.99, 7)).toBe(139.93)
})
