// What axe-core finds in the pages of the examples, in the states a shopper meets them in, on a phone and on a desk.
import type { Page } from 'playwright-core'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createSessionHandler, memoryStore } from '../../src/server/index.ts'
import { accessibilityViolations } from '../support/page-checks.ts'
import { servePages } from '../support/pages.ts'
import { readmePage } from '../support/readme-page.ts'
import { by, useShop } from '../support/shop.ts'

const POLL = { timeout: 15_000 }
const WIDTHS = [390, 1280]

declare const SessionCart: {
  createSessionCart(options: object): {
    addItem(item: object): { saved: Promise<string> }
    dispose(): void
    ready: Promise<void>
  }
}

async function open({ browser }: ReturnType<typeof useShop>, url: string, prepare?: () => void): Promise<Page> {
  const context = await browser().newContext({ locale: 'en', reducedMotion: 'reduce' })
  onTestFinished(() => context.close())
  const page = await context.newPage()
  if (prepare) await page.addInitScript(prepare)
  await page.goto(url)
  return page
}

/** What is wrong with the page as it is, at each width. */
async function faults(page: Page): Promise<string[]> {
  const found: string[] = []
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 844 })
    for (const fault of await accessibilityViolations(page)) found.push(`${width}: ${fault}`)
  }
  return found
}

/** Runs in the page: a database that opens never, and nobody who loses patience with it. */
function neverOpen(): void {
  IDBFactory.prototype.open = () => new EventTarget() as IDBOpenDBRequest
  const wait = globalThis.setTimeout
  const patience = 3000
  Object.assign(globalThis, {
    setTimeout: (task: () => void, ms?: number, ...rest: unknown[]) => (ms === patience ? 0 : wait(task, ms, ...rest)),
  })
}

describe('the shop', () => {
  const setting = useShop()
  const { shop } = setting
  const phase = (page: Page): Promise<string | null> => page.getAttribute(by('sync'), 'data-phase')

  test('while the cart is loading', async () => {
    const page = await open(setting, shop().url, neverOpen)
    await page.locator(by('add')).first().waitFor()
    expect(await faults(page)).toEqual([])
    await page.click('#cart-open')
    expect(await faults(page)).toEqual([])
    expect(await phase(page)).toBe('loading')
  })

  test('empty, filled, with a notice, ready for payment, without a network', async () => {
    const page = await open(setting, shop().url)
    await page.locator(by('add')).first().waitFor()
    await page.click('#cart-open')
    await page.locator(by('cart-empty')).waitFor()
    expect(await faults(page)).toEqual([])
    await page.click(by('cart-close'))
    for (const product of [0, 1, 2]) await page.locator(by('add')).nth(product).click()
    expect(await faults(page)).toEqual([])

    // Another page of the shop asks a price that the shop does not know.
    await page.evaluate(async () => {
      const cart = SessionCart.createSessionCart({ currency: 'EUR', endpoint: '/api/sessions' })
      await cart.ready
      await cart.addItem({ sku: 'SPOON', name: 'Stirring spoon', price: 1 }).saved
      cart.dispose()
    })
    await page.click('#cart-open')
    await page.locator(by('notice')).waitFor({ timeout: POLL.timeout })
    await page.fill(by('coupon-input'), 'EXPIRED')
    await page.click(by('coupon-apply'))
    await expect.poll(() => page.getAttribute(by('coupon'), 'data-state'), POLL).toBe('rejected')
    expect(await faults(page)).toEqual([])

    await page.click(by('checkout'))
    await page.locator(by('checkout-ready')).waitFor()
    expect(await faults(page)).toEqual([])

    await page.context().setOffline(true)
    await page.locator(by('plus')).first().click()
    await expect.poll(() => page.getAttribute(by('sync'), 'data-tone')).toBe('offline')
    expect(await faults(page)).toEqual([])
    await page.click(by('cart-close'))
    await page.locator(by('offline-bar')).waitFor()
    expect(await faults(page)).toEqual([])
  })
})

describe('the offline page', () => {
  const setting = useShop({ app: 'offline' })

  test('empty, filled and ordered without a network, with a code that was rejected, placed', async () => {
    const page = await open(setting, setting.shop().url)
    await page.locator('[data-network]').waitFor()
    expect(await faults(page)).toEqual([])
    await page.context().setOffline(true)
    for (const sku of ['SPOON', 'TOWEL']) await page.click(`[data-cart-sku=${sku}]`)
    await page.fill('#coupon', 'EXPIRED')
    await page.click('.coupon button')
    await page.click('#place')
    await page.locator('#offline').waitFor()
    expect(await faults(page)).toEqual([])
    await page.context().setOffline(false)
    await page.locator('[data-order=changed]').waitFor({ timeout: POLL.timeout })
    expect(await faults(page)).toEqual([])
    await page.click('#place')
    await page.locator('[data-order=placed]').waitFor({ timeout: POLL.timeout })
    expect(await faults(page)).toEqual([])
  })

  test('the page of the README', async () => {
    const handler = createSessionHandler({ store: memoryStore() })
    const page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>A shop</title>
      <meta name="viewport" content="width=device-width, initial-scale=1"><main><h1>A shop</h1>${readmePage}</main>`
    const pages = await servePages({ files: { '/': page }, handler })
    onTestFinished(() => pages.close())
    const tab = await open(setting, pages.url)
    await tab.getByText('Your cart is empty.').waitFor()
    expect(await faults(tab)).toEqual([])
    await tab.click('[data-cart-add]')
    await tab.locator('li').waitFor()
    expect(await faults(tab)).toEqual([])
  })
})
