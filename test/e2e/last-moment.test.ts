import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openEngine, type PageEngine, type PageTab } from '../support/engines.ts'
import { servePages, type Pages } from '../support/pages.ts'

const ROUNDS = 20

/** How a page is left, by script and in the task of the last command. */
const leavings: [name: string, script: (pages: Pages) => string][] = [
  ['to another page of the site', () => 'location.href = "/other"'],
  ['to another site', ({ otherSite }) => `location.href = "${otherSite}"`],
  ['by a reload', () => 'location.reload()'],
  ['by closing the tab', () => 'window.close()'],
]

let pages: Pages
beforeAll(async () => void (pages = await servePages()))
afterAll(() => pages?.close())

describe.each(['chromium', 'firefox'] as const)('in %s', name => {
  let engine: PageEngine
  let opener: PageTab
  beforeAll(async () => {
    engine = await openEngine(name)
    opener = await engine.open(pages.url)
  })
  afterAll(() => engine?.close())

  /** A tab that a script opened may close itself. */
  async function openByScript(): Promise<Page> {
    const opened = engine.context.waitForEvent('page')
    await opener.evaluate(`window.open('about:blank')`)
    return opened
  }

  async function openCart(page: Page, scope: string): Promise<void> {
    await page.goto(pages.url)
    await page.evaluate(async name => {
      const { createSessionCart } = (window as any).SessionCart
      ;(window as any).cart = createSessionCart({ currency: 'EUR', scope: name })
      await (window as any).cart.ready
    }, scope)
  }

  async function storedQuantity(scope: string): Promise<number> {
    const page = await engine.context.newPage()
    await openCart(page, scope)
    const quantity = await page.evaluate(() => (window as any).cart.$quantity.get() as number)
    await page.close()
    return quantity
  }

  for (const [leaving, scriptOf] of leavings) {
    test(`a command given in the task that leaves the page ${leaving} is kept, ${ROUNDS} of ${ROUNDS}`, async () => {
      let kept = 0
      for (let round = 0; round < ROUNDS; round++) {
        const scope = `${leaving} ${round}`
        const page = await (leaving.includes('closing') ? openByScript() : engine.context.newPage())
        await openCart(page, scope)
        const gone = Promise.race([page.waitForEvent('framenavigated'), page.waitForEvent('close')])
        // The page may be gone before it can answer: that is the point.
        page.evaluate(`cart.addItem({ sku: 'A', price: 1 }); ${scriptOf(pages)}; undefined`).catch(() => {})
        await gone
        // A tab that is closed in the middle of a navigation may never tell that it closed.
        if (!page.isClosed()) await page.waitForLoadState().catch(() => {})
        await page.close()
        kept += await storedQuantity(scope)
      }
      console.log(`${name}, left ${leaving}: kept ${kept} of ${ROUNDS}`)
      expect(kept).toBe(ROUNDS)
    }, 240_000)
  }

  test('what was saved survives a page that crashes', async () => {
    const page = await engine.context.newPage()
    await openCart(page, 'crash')
    await page.evaluate(() => (window as any).cart.addItem({ sku: 'A', price: 1 }, 3).saved)
    await page.goto(name === 'chromium' ? 'chrome://crash' : 'about:crashcontent').catch(() => {})
    await page.close()
    expect(await storedQuantity('crash')).toBe(3)
  })
})
