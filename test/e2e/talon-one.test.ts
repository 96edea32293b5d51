// The whole life of a session: a page in Chromium, the server on an embedded database, and Talon.One over HTTP.
import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CustomerSession, Notice, SessionCart } from '../../src/index.ts'
import { createSessionHandler, migrate, sqlStore, type SessionHandler } from '../../src/server/index.ts'
import { talonOne } from '../../src/talon-one/index.ts'
import { openEngine, type PageEngine, type PageTab } from '../support/engines.ts'
import { servePages, type Pages } from '../support/pages.ts'
import { serveTalonOne, type ServedTalonOne } from '../support/talon-one/serve.mjs'

declare const SessionCart: { cart: SessionCart }

const page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>A shop</title>
<script src="/session-cart.iife.js" data-session-cart data-endpoint="/api/sessions" data-currency="EUR" data-locale="en"></script>
<main>
  <h1>Mugs</h1>
  <button data-cart-add data-cart-sku="MUG" data-cart-name="Mug" data-cart-price="20">Add a mug</button>
  <ul><template data-cart-items><li><span data-cart-text="item.name"></span> × <span data-cart-text="item.quantity"></span></li></template></ul>
  <p>Total <span data-cart-text="total"></span>, to pay <span data-cart-text="payable"></span></p>
  <ul role="status"><template data-cart-notices><li><span data-cart-text="notice.message"></span> (<span data-cart-text="notice.reason"></span>)</li></template></ul>
</main>`

const MEMBER = 'member-7'
let served: ServedTalonOne
let database: PGlite
let handler: SessionHandler
let pages: Pages
let engine: PageEngine

beforeAll(async () => {
  served = await serveTalonOne({ apiKeys: [{ key: '0e0a', applicationId: 1, currency: 'EUR' }] })
  database = await PGlite.create()
  const query = (text: string, values?: unknown[]) => database.query(text, values)
  await migrate(query)
  handler = createSessionHandler({
    store: sqlStore(query),
    currencies: ['EUR'],
    upstream: talonOne({ baseUrl: served.url, apiKey: '0e0a' }),
    authorize: ({ headers }) => (headers.get('cookie')?.includes(`member=${MEMBER}`) ? { profileId: MEMBER } : {}),
  })
  pages = await servePages({ files: { '/': page }, handler })
  engine = await openEngine('chromium')
})
afterAll(async () => {
  await engine?.close()
  await pages?.close()
  await served?.close()
  await database?.close()
})

const session = (tab: PageTab): Promise<CustomerSession> => tab.evaluate(() => SessionCart.cart.$session.get())
const notices = (tab: PageTab): Promise<readonly Notice[]> => tab.evaluate(() => SessionCart.cart.$notices.get())
const shown = (tab: PageTab): Promise<string> => tab.page.innerText('main')
const isSettled = (tab: PageTab): Promise<boolean> =>
  tab.evaluate(() => {
    const { pending, phase } = SessionCart.cart.$status.get()
    return pending === 0 && phase === 'idle' && !SessionCart.cart.$totals.get().estimated
  })

test('a guest shops, is refused an expired coupon, signs in, pays and returns: Talon.One and the page say the same', async () => {
  const tab = await engine.open(pages.url)
  const { talonOne: upstream } = served
  await tab.page.click('[data-cart-add]')
  await tab.page.click('[data-cart-add]')
  await expect.poll(() => isSettled(tab)).toBe(true)
  const { integrationId: id } = await session(tab)
  expect(upstream.session(id)).toMatchObject({ profileId: `guest-${id}`, state: 'open', total: 40 })

  // In the tunnel.
  await engine.context.setOffline(true)
  await tab.evaluate(() => void SessionCart.cart.applyCoupon('EXPIRED'))
  expect(await session(tab)).toMatchObject({ coupon: 'EXPIRED', discounts: {} })
  await engine.context.setOffline(false)
  await expect.poll(() => session(tab)).toMatchObject({ coupon: '' })
  expect(await notices(tab)).toMatchObject([{ code: 'coupon-rejected', reason: 'CouponExpired' }])
  expect(await shown(tab)).toMatch(/Mug × 2[\s\S]*This code cannot be used. \(CouponExpired\)/)
  await expect.poll(() => isSettled(tab)).toBe(true)
  expect(upstream.session(id)).toMatchObject({ couponCodes: [] })

  await tab.evaluate(() => void SessionCart.cart.applyCoupon('WELCOME10'))
  await expect.poll(() => session(tab)).toMatchObject({ coupon: 'WELCOME10', discounts: { WELCOME10: 4 } })
  await expect.poll(() => shown(tab)).toMatch(/Total €40\.00, to pay €36\.00/)

  await engine.context.addCookies([{ name: 'member', value: MEMBER, url: pages.url }])
  await tab.evaluate(profileId => void SessionCart.cart.setProfile(profileId), MEMBER)
  await expect.poll(() => isSettled(tab)).toBe(true)
  expect(await session(tab)).toMatchObject({ integrationId: id, profileId: MEMBER, firstSession: true })
  expect(upstream.session(id)).toMatchObject({ profileId: MEMBER })

  const { version, totals } = await tab.evaluate(() => SessionCart.cart.flush())
  expect(totals).toMatchObject({ total: 40, payable: 36, estimated: false })
  const paid = await handler.sessions.close(id, { ifVersion: version, key: 'order-1' })
  expect(paid).toMatchObject({ rejected: [], session: { state: 'closed' }, estimated: false })
  expect(upstream.coupon('WELCOME10')).toMatchObject({ usageCounter: 1 })

  const back = await handler.sessions.returnItems(id, [{ line: 'MUG', quantity: 1 }], { key: 'return-1' })
  expect(back).toMatchObject({ rejected: [], session: { state: 'partially_returned' }, estimated: false })
  await tab.evaluate(() => SessionCart.cart.refresh())
  const seen = await session(tab)
  expect(seen).toMatchObject({ state: 'partially_returned', total: 20 })
  expect(seen.cartItems).toMatchObject([{ sku: 'MUG', quantity: 2, returnedQuantity: 1, remainingQuantity: 1 }])
  await expect.poll(() => shown(tab)).toMatch(/Total €20\.00/)

  // Whoever asks again for what was done is told so, and nothing is done twice.
  await handler.sessions.close(id, { ifVersion: version, key: 'order-1' })
  await handler.sessions.returnItems(id, [{ line: 'MUG', quantity: 1 }], { key: 'return-1' })
  const held = upstream.session(id)!
  expect(held).toMatchObject({ state: seen.state, profileId: seen.profileId, couponCodes: [seen.coupon] })
  expect(held.cartItems).toMatchObject([{ quantity: 2, returnedQuantity: 1, remainingQuantity: 1 }])
  expect(JSON.stringify(seen)).toBe(JSON.stringify((await handler.sessions.get(id))!.session))

  const deeds = upstream.journal.filter(deed => deed.session === id).map(({ did }) => did)
  console.table({ 'Talon.One did': deeds.join(', '), 'the page shows': JSON.stringify(seen) })
  for (const once of ['closed', 'returned', 'coupon redeemed'] as const) {
    expect([once, deeds.filter(did => did === once).length]).toEqual([once, 1])
  }
})
