// Several sessions on one device, one after another and in two tabs at once.
import { expect, onTestFinished, test } from 'vitest'
import type { SessionCart, SessionCartOptions } from '../../src/index.ts'
import type { SessionHandlerOptions } from '../../src/server/index.ts'
import { createFakeClock, type FakeClock } from '../support/clock.ts'
import { createBackend, createDevice, type Backend, type Device } from '../support/device.ts'

interface World {
  readonly device: Device
  readonly backend: Backend
  readonly clock: FakeClock
  open(options?: Partial<SessionCartOptions>): SessionCart
  /** Lets so many seconds pass, one by one. */
  pass(seconds: number): Promise<void>
  /** What the server has of every session it was asked for, in the order of the alphabet. */
  atServer(): Promise<string[]>
}

function createWorld(upstream?: SessionHandlerOptions['upstream']): World {
  const [device, backend, clock] = [createDevice(), createBackend({ upstream }), createFakeClock()]
  return {
    device,
    backend,
    clock,
    open(options) {
      const cart = device.load({ endpoint: '/api/sessions', fetch: backend.fetch, clock, ...options })
      onTestFinished(() => cart.dispose())
      return cart
    },
    async pass(seconds) {
      for (let second = 0; second < seconds; second++) await clock.advance(1000)
    },
    async atServer() {
      const ids = [...new Set(backend.requests.map(({ integrationId }) => integrationId))]
      const sessions = await Promise.all(ids.map(id => backend.handler.sessions.get(id)))
      return sessions.map(found => String(found?.session.cartItems.map(({ sku }) => sku).toSorted())).toSorted()
    },
  }
}

const add = (cart: SessionCart, sku: string) => cart.addItem({ sku, price: 1 })
const skusOf = (cart: SessionCart): string[] => cart.$items.get().map(({ sku }) => sku)
const everyCodeIsBad: SessionHandlerOptions['upstream'] = async ({ coupon }) => ({
  rejected: coupon ? [{ kind: 'coupon', reason: `Bad ${coupon}` }] : [],
})

test.each(['/api/sessions', undefined])(
  'what is given around another session before the store is read goes where it was given (endpoint %s)',
  async endpoint => {
    const { device, open, pass, atServer } = createWorld()
    const before = open({ endpoint })
    await before.ready
    await add(before, 'OLD').saved
    await before.flush()
    const { integrationId } = before.$session.get()
    before.dispose()
    const cart = open({ endpoint })
    const receipts = [add(cart, 'A'), cart.startSession(), add(cart, 'B'), add(cart, 'C')]
    await cart.ready
    await pass(5)
    const status = endpoint ? 'accepted' : 'local'
    expect(await Promise.all(receipts.map(({ synced }) => synced))).toEqual(receipts.map(() => ({ status })))
    expect(skusOf(cart)).toEqual(['B', 'C'])
    if (endpoint) expect(await atServer()).toEqual(['A,OLD', 'B,C'])
    cart.dispose()
    const after = device.load({ endpoint: undefined })
    await after.ready
    expect(after.$session.get().integrationId).not.toBe(integrationId)
    after.dispose()
  },
)

for (const first of [0, 1]) {
  for (const fault of ['the answers lost', 'the server down']) {
    test(`a session named twice stays one when another begins (tab ${first} first, ${fault})`, async () => {
      const { backend, open, pass, atServer } = createWorld()
      let isOver = false
      backend.fault = async (_asked, answer) => {
        if (!isOver && fault === 'the answers lost') await answer()
        if (!isOver) throw new TypeError('no network')
        return answer()
      }
      const tabs = [open(), open()] as const
      await Promise.all(tabs.map(({ ready }) => ready))
      const [one, two] = first ? [tabs[1], tabs[0]] : tabs
      const receipts = [add(one, 'ONE'), add(two, 'TWO')]
      await pass(5)
      tabs[0].startSession()
      receipts.push(add(tabs[0], 'NEW'))
      await pass(5)
      isOver = true
      await pass(60)
      await Promise.all(tabs.map(cart => cart.refresh()))
      expect(await atServer()).toEqual(['NEW', 'ONE,TWO'])
      expect(await Promise.all(receipts.map(({ synced }) => synced))).toEqual(
        receipts.map(() => ({ status: 'accepted' })),
      )
      expect(tabs.map(skusOf)).toEqual([['NEW'], ['NEW']])
    })
  }
}

test.each([true, false])(
  'two tabs of a first visit, one of which begins another session at once (early: %s)',
  async isEarly => {
    const { open, pass, atServer } = createWorld()
    const [one, two] = [open(), open()]
    if (!isEarly) await Promise.all([one.ready, two.ready])
    const receipts = [add(one, 'ONE'), add(two, 'TWO-A')]
    two.startSession()
    receipts.push(add(two, 'TWO-B'), add(two, 'TWO-C'))
    await Promise.all([one.ready, two.ready])
    await pass(30)
    expect(await atServer()).toEqual(['ONE,TWO-A', 'TWO-B,TWO-C'])
    expect(await Promise.all(receipts.map(({ synced }) => synced))).toEqual(
      receipts.map(() => ({ status: 'accepted' })),
    )
    expect([skusOf(one), skusOf(two)]).toEqual([
      ['TWO-B', 'TWO-C'],
      ['TWO-B', 'TWO-C'],
    ])
  },
)

test('what a session owed when it was left is written and sent once, however many tabs have seen it', async () => {
  const { backend, open, pass, atServer } = createWorld()
  backend.fault = () => Promise.reject(new TypeError('no network'))
  const tabs = [open(), open(), open()] as const
  await Promise.all(tabs.map(({ ready }) => ready))
  const receipts = tabs.map((cart, index) => add(cart, `OLD-${index}`))
  await pass(2)
  tabs[0].startSession()
  await add(tabs[0], 'NEW').saved
  await pass(2)
  backend.fault = null
  const before = backend.requests.length
  await pass(120)
  expect(await atServer()).toEqual(['NEW', 'OLD-0,OLD-1,OLD-2'])
  expect(await Promise.all(receipts.map(({ synced }) => synced))).toEqual(receipts.map(() => ({ status: 'accepted' })))
  expect(backend.requests.length - before).toBeLessThan(20)
})

test.each(['startSession', 'dismiss and startSession', 'dismiss and forget'])(
  'a rejection is told although one of an earlier session was like it (%s)',
  async between => {
    const { open, pass } = createWorld(everyCodeIsBad)
    const cart = open()
    await cart.ready
    const first = cart.applyCoupon('ONE')
    await pass(2)
    expect(await first.synced).toMatchObject({ status: 'rejected', reason: 'Bad ONE' })
    if (between.startsWith('dismiss')) cart.dismiss(cart.$notices.get()[0]!.id)
    if (between.endsWith('forget')) await cart.forget()
    else cart.startSession()
    await pass(2)
    const second = cart.applyCoupon('TWO')
    await pass(2)
    expect(await second.synced).toMatchObject({ status: 'rejected', reason: 'Bad TWO' })
    expect(cart.$notices.get().map(({ reason }) => reason)).toContain('Bad TWO')
  },
)

test('a rejection in one session says nothing of a command in the next that another tab sends', async () => {
  const { backend, open, pass } = createWorld(everyCodeIsBad)
  let isDown = false
  const cart = open({
    fetch: (...args) => (isDown ? Promise.reject(new TypeError('no network')) : backend.fetch(...args)),
  })
  await cart.ready
  const bad = cart.applyCoupon('BAD')
  await pass(2)
  expect(await bad.synced).toMatchObject({ status: 'rejected' })
  cart.startSession()
  await pass(2)
  isDown = true
  const good = add(cart, 'A')
  await good.saved
  const other = open()
  await other.ready
  await other.flush()
  await pass(5)
  expect(await good.synced).toEqual({ status: 'accepted' })
})

test('what the server tells by itself is told again in the next session', async () => {
  let turn = 0
  const { open, pass } = createWorld(async ({ coupon }) =>
    coupon && ++turn % 2 === 0 ? { rejected: [{ kind: 'coupon', reason: 'Expired' }] } : {},
  )
  const cart = open()
  await cart.ready
  for (let session = 0; session < 2; session++) {
    cart.startSession()
    await pass(2)
    cart.applyCoupon('GOOD')
    await pass(2)
    add(cart, 'A')
    await pass(2)
    expect(cart.$notices.get()).toMatchObject([{ code: 'coupon-not-applied', reason: 'Expired' }])
    cart.dismiss(cart.$notices.get()[0]!.id)
  }
})
