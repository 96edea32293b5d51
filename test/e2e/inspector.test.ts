// The inspector as the developer of a shop without a build has it: its one file, in a page under a strict policy.
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import type { SessionCart } from '../../src/index.ts'
import { createSessionHandler, memoryStore } from '../../src/server/index.ts'
import { launchChromium } from '../support/find-programs.mjs'
import { accessibilityViolations, policyViolations, watchPolicy } from '../support/page-checks.ts'
import { servePages, type Pages } from '../support/pages.ts'

declare const SessionCart: { cart: SessionCart }

const shop = (more = ''): string => `<!doctype html><html lang="en"><meta charset="utf-8">
  <meta name="viewport" content="width=device-width"><title>A shop</title>
  <script src="/session-cart.iife.js" data-session-cart data-endpoint="/api/sessions" data-currency="EUR"></script>
  <main><h1>Mugs</h1><button data-cart-add data-cart-sku="MUG-01" data-cart-name="Mug" data-cart-price="12.50">Add</button></main>
  ${more}</html>`

const files = {
  '/': shop('<script type="module" src="/session-cart-inspector.js"></script>'),
  '/bare': shop(),
}
const headers = { 'Content-Security-Policy': "default-src 'self'; require-trusted-types-for 'script'" }
const handler = createSessionHandler({ store: memoryStore() })
let pages: Pages
let browser: Browser
beforeAll(async () => {
  pages = await servePages({ files, headers, handler })
  browser = await chromium.launch(launchChromium())
})
afterAll(async () => {
  await browser?.close()
  await pages?.close()
})

async function newShopper(options: Parameters<Browser['newContext']>[0] = {}): Promise<BrowserContext> {
  const shopper = await browser.newContext(options)
  onTestFinished(() => shopper.close())
  return shopper
}

async function open(shopper: BrowserContext, path = ''): Promise<Page> {
  const page = await shopper.newPage()
  await watchPolicy(page)
  await page.goto(pages.url + path)
  return page
}

const rows = (page: Page, section: string): Promise<string[]> =>
  page.locator(`[data-section=${section}] tbody tr`).allTextContents()

async function expectClean(page: Page): Promise<void> {
  expect(await policyViolations(page)).toEqual([])
  expect(await accessibilityViolations(page)).toEqual([])
}

test('it opens on the cart of the page and shows the rows that are really stored', async () => {
  const page = await open(await newShopper())
  await page.selectOption('[data-do=network]', 'hold')
  await page.click('[data-section=rows] summary')
  await page.click('[data-cart-add]')
  await expect
    .poll(() => rows(page, 'rows'))
    .toContainEqual(expect.stringMatching(/^1[\w-]+\.1 start, [\w-]+\.2 addItem$/))
  await expect.poll(() => rows(page, 'lock')).toEqual([expect.stringMatching(/held.*this page$/)])
  await expect.poll(() => rows(page, 'batches')).toEqual([expect.stringMatching(/POSTheld2: start, addItem\d+$/)])
  await expectClean(page)
  await page.selectOption('[data-do=network]', 'open')
  await expect.poll(() => rows(page, 'log')).toEqual([])
  await expect.poll(() => rows(page, 'rows')).toContainEqual(expect.stringMatching(/^\["base",/))
  await expectClean(page)
})

test('of two tabs each shows what the other does, and who has the lock', async () => {
  const shopper = await newShopper()
  const one = await open(shopper)
  const two = await open(shopper)
  await one.selectOption('[data-do=network]', 'hold')
  await one.click('[data-cart-add]')
  await expect.poll(() => rows(two, 'log')).toHaveLength(2)
  await expect.poll(() => rows(two, 'tabs')).toContainEqual(expect.stringMatching(/[\w-]+\.2 addItem/))
  await expect.poll(() => rows(two, 'lock')).toEqual([expect.stringMatching(/held.*another page$/)])
  // Each page draws at its own next frame: that the second shows it says nothing of the first.
  await expect.poll(() => rows(one, 'log')).toEqual([expect.anything(), expect.stringContaining('this page')])
  expect((await rows(two, 'log'))[1]).not.toContain('this page')
  await one.selectOption('[data-do=network]', 'open')
  await expect.poll(() => rows(two, 'log')).toEqual([])
  for (const page of [one, two]) await expectClean(page)
})

test('on a narrow dark screen, with everything open, it is still without a fault', async () => {
  const page = await open(await newShopper({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' }))
  await page.click('[data-section=rows] summary')
  await page.click('[data-cart-add]')
  await page.selectOption('[data-do=network]', 'offline')
  await page.evaluate(async () => {
    SessionCart.cart.applyCoupon('X')
    await SessionCart.cart.flush().catch(() => {})
  })
  await expect.poll(() => rows(page, 'batches')).toContainEqual(expect.stringContaining('no answer'))
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
  await expectClean(page)
  await page.click('[data-do=fold]')
  await expectClean(page)
})

test('the keyboard reaches everything, and the report is in the clipboard', async () => {
  const page = await open(await newShopper({ permissions: ['clipboard-read', 'clipboard-write'] }))
  await page.click('[data-cart-add]')
  await page.getByRole('separator', { name: 'Height' }).focus()
  const height = () => page.locator('.dock').evaluate(({ style }) => style.height)
  const before = await height()
  await page.keyboard.press('ArrowUp')
  expect(await height()).not.toBe(before)
  await page.getByRole('combobox', { name: 'Network' }).focus()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.getByRole('status').getByText('Copied.').waitFor()
  const report = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()))
  expect(report).toMatchObject({ scope: '/api/sessions EUR', database: { isThere: true } })
  expect(JSON.stringify(report)).not.toContain('MUG-01')
})

test('in any page it can be called from the console, and goes without a trace', async () => {
  const page = await open(await newShopper(), 'bare')
  await page.evaluate(`import('/session-cart-inspector.js')`)
  await page.locator('session-cart-inspector [data-section=session]').waitFor()
  await page.click('[data-do=close]')
  expect(await page.locator('session-cart-inspector').count()).toBe(0)
  await page.click('[data-cart-add]')
  await page.evaluate(() => SessionCart.cart.flush())
  expect(await page.evaluate(() => SessionCart.cart.$status.get().pending)).toBe(0)
  await expectClean(page)
})
