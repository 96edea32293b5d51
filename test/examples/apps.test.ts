import { rmSync } from 'node:fs'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, describe, expect, test } from 'vitest'
import { examples } from '../../examples/examples.mjs'
import { isWhole } from '../support/examples.ts'
import { accessibilityViolations, policyViolations, watchPolicy } from '../support/page-checks.ts'
import { countRenders, takeRendered } from '../support/react-renders.ts'
import { by, makeSessionsFolder, useShop, type Shop } from '../support/shop.ts'

declare const touched: string[]

const sessions = makeSessionsFolder()
afterAll(() => rmSync(sessions, { recursive: true, force: true }))

/** What the pages of a context said in their consoles: nothing, if all is well. */
const said = new WeakMap<BrowserContext, string[]>()

/** A tab of somebody who has not been there before. */
async function openTab(browser: Browser, options?: BrowserContextOptions): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en', ...options })
  const complaints: string[] = []
  said.set(context, complaints)
  context.on('console', message => {
    // The browser, not the page, says so of each request without a network.
    if (message.text().startsWith('Failed to load resource')) return
    if (['warning', 'error'].includes(message.type())) complaints.push(message.text())
  })
  context.on('weberror', error => complaints.push(error.error().message))
  const page = await context.newPage()
  await watchPolicy(page)
  return page
}

const text = async (page: Page, name: string): Promise<string> =>
  (await page.locator(by(name)).allTextContents()).join(' | ').replaceAll(/\s+/g, ' ').trim()

const expectText = (page: Page, name: string): ReturnType<typeof expect.poll> =>
  expect.poll(() => text(page, name), { timeout: 15_000 })

const reach = (page: Page, phase: string): Promise<unknown> =>
  page.waitForSelector(`${by('sync')}[data-phase=${phase}]`)

/** Opens the shop and puts things in the cart, given by their places in the list, until the server has them. */
async function fillCart(page: Page, shop: Shop, things: readonly number[]): Promise<void> {
  await page.goto(shop.url)
  await page.waitForSelector(by('cart-empty'))
  for (const thing of things) await page.locator(by('add')).nth(thing).click()
  await expectText(page, 'cart-count').toBe(String(things.length))
  await reach(page, 'idle')
}

/** Notes in `touched` the line of every row in which the document changes. */
async function watchRows(page: Page): Promise<void> {
  await page.evaluate(selector => {
    const rows: string[] = []
    Object.assign(globalThis, { touched: rows })
    const kinds = { subtree: true, childList: true, attributes: true, characterData: true }
    new MutationObserver(records => {
      for (const { target } of records) {
        const element = target instanceof Element ? target : target.parentElement
        rows.push(element?.closest<HTMLElement>('[data-line]')?.dataset.line ?? 'the list')
      }
    }).observe(document.querySelector(selector)!, kinds)
  }, by('lines'))
}

async function expectSilence(page: Page): Promise<void> {
  expect(said.get(page.context())).toEqual([])
  expect(await policyViolations(page)).toEqual([])
}

async function expectNoComplaint(page: Page): Promise<void> {
  await expectSilence(page)
  expect(await accessibilityViolations(page)).toEqual([])
}

// The page that is rendered on the server is the React page; it has tests of its own below.
const BUILT = Object.entries(examples).flatMap(([name, example]) =>
  'build' in example && (isWhole || !('ssr' in example)) ? name : [],
)

describe.each(BUILT)('the example %s', app => {
  const { shop, browser } = useShop({ app, sessions })

  test('takes a shopper from the empty cart to the checkout', async () => {
    const page = await openTab(browser())
    await page.goto(shop().url)
    await page.waitForSelector(by('cart-empty'))
    await expectNoComplaint(page)

    await page.locator(by('add')).nth(0).click()
    await page.locator(by('choice')).nth(1).selectOption({ label: 'Butter' })
    await page.locator(by('add')).nth(1).click()
    await page.locator(by('plus')).nth(1).click()
    await expectText(page, 'line-total').toBe('€18.50 | €148.00')
    expect(await text(page, 'line-attributes')).toBe('Milk, 250 ml | Butter')
    await page.locator(by('quantity')).nth(0).fill('3')
    await page.keyboard.press('Enter')
    await expectText(page, 'payable').toBe('€203.50')

    await page.fill(by('coupon-input'), 'WELCOME10')
    await page.click(by('coupon-apply'))
    await expectText(page, 'discount').toBe('-€20.35')
    expect(await text(page, 'payable')).toBe('€183.15')
    await page.waitForSelector(`${by('estimated')}[data-estimated=false]`)
    await reach(page, 'idle')
    await expectNoComplaint(page)

    await page.fill(by('coupon-input'), 'EXPIRED')
    await page.click(by('coupon-apply'))
    await expectText(page, 'notice').toMatch(/EXPIRED has expired/)
    await page.click(by('checkout'))
    await expectText(page, 'checkout-ready').toMatch(/€183\.15, confirmed by the shop as version \d+/)
    expect(await text(page, 'live')).toBe('Ready for payment, €183.15.')
    await expectNoComplaint(page)
    await page.click(by('dismiss'))
    await expectText(page, 'notice').toBe('')

    await page.reload()
    await expectText(page, 'payable').toBe('€183.15')
    await reach(page, 'idle')
    const other = await page.context().newPage()
    await other.goto(shop().url)
    await expectText(other, 'line-total').toBe('€55.50 | €148.00')
    await other.locator(by('plus')).nth(0).click()
    await expectText(page, 'line-total').toBe('€74.00 | €148.00')
    await expectSilence(page)
  })

  // What the examples have in common is tried in one of them; EXAMPLES=all tries it in each.
  if (app === 'react' || isWhole) {
    test('keeps what is given without a network, says so, and sends it later', async () => {
      const page = await openTab(browser())
      await fillCart(page, shop(), [0])
      await page.context().setOffline(true)
      await page.locator(by('add')).nth(2).click()
      await expectText(page, 'sync-text').toBe('Offline: 1 change kept on this device')
      expect(await text(page, 'live')).toBe('Offline: 1 change kept on this device')
      await expectText(page, 'estimated').toBe('estimated')
      await page.click(by('checkout'))
      await expectText(page, 'checkout-problem').toMatch(/Nothing is lost/)
      await expectSilence(page)

      await page.context().setOffline(false)
      await expectText(page, 'sync-text').toBe('All saved')
      await page.click(by('checkout'))
      await expectText(page, 'checkout-ready').toMatch(/€34\.50/)
      await expectSilence(page)
    })

    test('changes one row alone, refuses what no cart can hold, and leaves the focus in the cart when rows go', async () => {
      const page = await openTab(browser())
      await fillCart(page, shop(), [0, 1, 2])
      await watchRows(page)
      await page.locator(by('plus')).nth(1).click()
      await expectText(page, 'line-total').toBe('€18.50 | €148.00 | €16.00')
      await reach(page, 'idle')
      const line = await page.locator(by('line')).nth(1).getAttribute('data-line')
      expect([...new Set(await page.evaluate(() => touched))]).toEqual([line])

      const quantity = page.locator(by('quantity')).nth(0)
      await quantity.fill('10001')
      await page.keyboard.press('Enter')
      await expectText(page, 'problem').toBe('That is more than one cart can hold.')
      expect(await quantity.inputValue()).toBe('1')
      await quantity.fill('many')
      await page.keyboard.press('Enter')
      await expect.poll(() => quantity.inputValue()).toBe('1')
      expect(await text(page, 'line-total')).toBe('€18.50 | €148.00 | €16.00')

      const focused = (): Promise<string> =>
        page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.id ?? '')
      await page.locator(by('remove')).nth(1).focus()
      await page.keyboard.press('Space')
      await expect.poll(focused).toBe('Remove Dinner plate, Milk, 21 cm')
      await page.locator(by('quantity')).nth(1).fill('0')
      await page.keyboard.press('Enter')
      await expect.poll(focused).toBe('Quantity of Morning mug, Milk, 250 ml')
      expect(await text(page, 'problem')).toBe('')
      await page.locator(by('minus')).focus()
      await page.keyboard.press('Enter')
      await page.waitForSelector(by('cart-empty'))
      expect(await focused()).toBe('cart-title')
      await expectSilence(page)
    })
  }

  if (app === 'react') {
    test('renders one row when one line changes', async () => {
      const page = await openTab(browser())
      await countRenders(page)
      await fillCart(page, shop(), [0, 1, 2])
      const line = await page.locator(by('line')).nth(1).getAttribute('data-line')
      expect(await takeRendered(page)).toContain(line)
      await page.locator(by('plus')).nth(1).click()
      await expectText(page, 'line-total').toBe('€18.50 | €148.00 | €16.00')
      await reach(page, 'idle')
      expect(await takeRendered(page)).toEqual([line])
    })
  }

  if (app === 'vanilla') {
    test('tells each change in the console, when it is asked for in the address', async () => {
      const page = await openTab(browser())
      const told: string[] = []
      page.on('console', message => told.push(message.text()))
      const ofItems = (): string[] => told.filter(line => line.includes('$items') && line.includes('was changed'))
      await page.goto(shop().url)
      await page.waitForSelector(by('cart-empty'))
      await page.locator(by('add')).nth(0).click()
      await reach(page, 'idle')
      expect(told).toEqual([])
      await page.goto(`${shop().url}/?log`)
      await reach(page, 'idle')
      await page.locator(by('add')).nth(1).click()
      await expect.poll(() => ofItems().length).toBeGreaterThan(0)
      await expect.poll(() => told.some(line => line.includes('$totals'))).toBe(true)
      await expectSilence(page)
    })
  }
})

describe('the React page that is rendered on the server', () => {
  // React tells of every difference only in its development build.
  const { shop, browser } = useShop({ app: 'react-ssr', mode: 'development', sessions })

  test('has the things and a cart that is loading, before any script ran', async () => {
    const page = await openTab(browser(), { javaScriptEnabled: false })
    await page.goto(shop().url)
    expect(await page.locator(by('product')).count()).toBe(8)
    expect(await text(page, 'price')).toMatch(/^€18\.50 \| €74\.00/)
    expect(await text(page, 'sync-text')).toBe('Opening your cart')
    expect(await page.locator(by('cart-loading')).count()).toBe(1)
  })

  test('is taken over as it is, also with a full cart and in another language', async () => {
    const page = await openTab(browser(), { locale: 'de-DE' })
    await fillCart(page, shop(), [0, 1])
    await page.reload()
    await expectText(page, 'line-total').toBe('€18.50 | €74.00')
    await expectNoComplaint(page)
  })

  test.each([
    ['text', '€18.50', '€81.50'],
    ['an attribute', 'data-phase="loading"', 'data-phase="idle"'],
  ])('would be told of, were %s another on the server', async (_what, from, to) => {
    const page = await openTab(browser())
    await page.route(shop().url + '/', async route => {
      const response = await route.fetch()
      await route.fulfill({ response, body: (await response.text()).replace(from, to) })
    })
    await page.goto(shop().url)
    await page.waitForSelector(by('cart-empty'))
    await expect.poll(() => said.get(page.context())).toEqual([expect.stringMatching(/hydrat/i)])
  })
})
