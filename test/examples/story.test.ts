import { PGlite } from '@electric-sql/pglite'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { replay } from '../../src/session/apply.ts'
import { defaultLimits } from '../../src/session/limits.ts'
import type { Mutation } from '../../src/session/mutations.ts'
import { emptySession, type CartItem } from '../../src/session/session.ts'
import { by, useShop } from '../support/shop.ts'

const { data, shop, browser } = useShop()

/** What the page shows of its cart. */
async function shown(
  page: Page,
): Promise<{ lines: [key: string, quantity: number][]; payable: string; phase: string }> {
  return page.evaluate(() => {
    const text = (name: string): string => document.querySelector(`[data-test=${name}]`)!.textContent.trim()
    const lines = [...document.querySelectorAll<HTMLElement>('[data-test=line]')].map(line => {
      const quantity = line.querySelector<HTMLInputElement>('[data-test=quantity]')!
      return [line.dataset.line!, Number(quantity.value)] as [string, number]
    })
    const phase = document.querySelector<HTMLElement>('[data-test=sync]')!.dataset.phase!
    return { lines, payable: text('payable'), phase }
  })
}

async function openCart(page: Page): Promise<void> {
  await page.click('#cart-open')
  await page.waitForSelector(`${by('cart')}[open]`)
}

async function untilSynced(page: Page): Promise<void> {
  await page.waitForSelector(`${by('sync')}[data-phase=idle]`)
  await page.waitForSelector(`${by('estimated')}[data-estimated=false]`)
}

test('a shopper shops, the server stops, the shopper goes on and reloads, the server returns: the database has what the page shows', async () => {
  const page = await browser().newPage({ viewport: { width: 1280, height: 900 }, locale: 'en-IE' })
  const violations: string[] = []
  const sent: Mutation[] = []
  page.on('pageerror', error => violations.push(error.message))
  page.on('console', message => {
    if (/Content Security Policy|Trusted/i.test(message.text())) violations.push(message.text())
  })
  page.on('request', request => {
    if (request.method() === 'POST')
      sent.push(...(JSON.parse(request.postData()!) as { mutations: Mutation[] }).mutations)
  })

  await page.goto(shop().url)
  const add = page.locator(by('add'))
  await add.first().waitFor()
  expect(await add.count()).toBeGreaterThanOrEqual(24)
  for (const product of [0, 1, 2, 2, 5]) await add.nth(product).click()
  await openCart(page)
  await untilSynced(page)

  await page.fill(by('coupon-input'), 'EXPIRED')
  await page.click(by('coupon-apply'))
  await expect.poll(() => page.textContent(by('coupon-message'))).toMatch(/expired/i)
  const before = (await shown(page)).payable
  await page.fill(by('coupon-input'), 'WELCOME10')
  await page.click(by('coupon-apply'))
  await page.waitForSelector(`${by('discount-row')}:not([hidden])`)
  await untilSynced(page)
  expect((await shown(page)).payable).not.toBe(before)

  await shop().stopServer()
  await page.locator(by('plus')).nth(0).click()
  await page.locator(by('plus')).nth(0).click()
  await page.locator(by('minus')).nth(2).click()
  await page.locator(by('remove')).nth(3).click()
  await page.waitForSelector(`${by('sync')}[data-phase=waiting]`)
  await page.waitForSelector(`${by('estimated')}[data-estimated=true]`)
  const offline = await shown(page)

  await page.reload()
  await add.first().waitFor()
  await openCart(page)
  await page.waitForSelector(by('line'))
  expect((await shown(page)).lines).toEqual(offline.lines)
  expect((await shown(page)).payable).toBe(offline.payable)
  await page.click(by('checkout'))
  await page.waitForSelector(`${by('checkout-problem')}:not([hidden])`)

  await shop().startServer()
  await untilSynced(page)
  await page.click(by('checkout'))
  await page.waitForSelector(`${by('checkout-ready')}:not([hidden])`)
  const final = await shown(page)
  const version = await page.textContent(by('ready-version'))
  expect(final.lines).toEqual(offline.lines)

  await page.close()
  await shop().end()
  const database = await PGlite.create(data)
  const { rows } = await database.query<{ id: string; version: number; document: string }>(
    'select id, version, document from session_cart_sessions',
  )
  await database.close()
  expect(rows).toHaveLength(1)
  const { session, writers } = JSON.parse(rows[0]!.document)
  const items = session.cartItems as CartItem[]
  const limits = defaultLimits('EUR')
  const discount = Object.values<number>(session.discounts).reduce((sum, value) => sum + value, 0)
  const payable = new Intl.NumberFormat('en-IE', { style: 'currency', currency: 'EUR' }).format(
    session.total - discount,
  )

  const stored = items.map(item => [limits.lineKey(item), item.quantity])
  const table = final.lines.map(([key, quantity], index) => ({
    line: key,
    page: quantity,
    database: stored[index]?.[0] === key ? stored[index]?.[1] : 'another line',
  }))
  console.table([
    ...table,
    { line: 'payable', page: final.payable, database: payable },
    { line: 'version', page: version, database: rows[0]!.version },
  ])
  expect(stored).toEqual(final.lines)
  expect(payable).toBe(final.payable)
  expect(String(rows[0]!.version)).toBe(version)

  // Each mutation once: what the server counted is what was given, and giving each once leads to what it has.
  const given = [...new Map(sent.map(mutation => [`${mutation.writer}.${mutation.n}`, mutation])).values()]
  const last = new Map(given.map(({ writer }) => [writer, given.filter(one => one.writer === writer).length]))
  for (const [writer, count] of last) expect(writers[writer][0]).toBe(count)
  const once = replay(emptySession(session.integrationId), given, limits)
  expect(once.cartItems.map(item => [limits.lineKey(item), item.quantity])).toEqual(final.lines)
  console.log(`${given.length} mutations of ${last.size} page loads, sent ${sent.length} times, each counted once`)
  expect(violations).toEqual([])
}, 120_000)
