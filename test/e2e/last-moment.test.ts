import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isMissing, openEngine, type PageEngine, type PageTab } from '../support/engines.ts'
import { servePages, type Pages } from '../support/pages.ts'

const ROUNDS = Number(process.env.LEAVINGS ?? 5)

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

for (const name of ['chromium', 'firefox'] as const)
  describe.skipIf(isMissing(name))(`in ${name}`, () => {
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

    async function loadCart(page: Page, scope: string): Promise<void> {
      await page.evaluate(async name => {
        const { createSessionCart } = (window as any).SessionCart
        ;(window as any).cart = createSessionCart({ currency: 'EUR', scope: name })
        await (window as any).cart.ready
      }, scope)
    }

    /** How many units another page finds in each cart. */
    async function storedQuantities(scopes: readonly string[]): Promise<number[]> {
      const page = await engine.context.newPage()
      const quantities: number[] = []
      await page.goto(pages.url)
      for (const scope of scopes) {
        await loadCart(page, scope)
        quantities.push(await page.evaluate(() => (window as any).cart.$quantity.get() as number))
      }
      await page.close()
      return quantities
    }

    for (const [leaving, scriptOf] of leavings) {
      test(`a command given in the task that leaves the page ${leaving} is kept, ${ROUNDS} of ${ROUNDS}`, async () => {
        const scopes = Array.from({ length: ROUNDS }, (_, round) => `${leaving} ${round}`)
        for (const scope of scopes) {
          const page = await (leaving.includes('closing') ? openByScript() : engine.context.newPage())
          await page.goto(pages.url)
          await loadCart(page, scope)
          const gone = Promise.race([page.waitForEvent('framenavigated'), page.waitForEvent('close')])
          // The page may be gone before it can answer: that is the point.
          page.evaluate(`cart.addItem({ sku: 'A', price: 1 }); ${scriptOf(pages)}; undefined`).catch(() => {})
          await gone
          // A tab that is closed in the middle of a navigation may never tell that it closed.
          if (!page.isClosed()) await page.waitForLoadState().catch(() => {})
          await page.close()
        }
        const quantities = await storedQuantities(scopes)
        console.log(`${name}, left ${leaving}: kept ${quantities.filter(units => units === 1).length} of ${ROUNDS}`)
        expect(quantities).toEqual(scopes.map(() => 1))
      }, 600_000)
    }

    if (name !== 'chromium') return
    test('what was saved survives a renderer that crashes', async () => {
      const page = await engine.context.newPage()
      await page.goto(pages.url)
      await loadCart(page, 'crash')
      await page.evaluate(() => (window as any).cart.addItem({ sku: 'A', price: 1 }, 3).saved)
      const crashed = page.waitForEvent('crash')
      page.goto('chrome://crash').catch(() => {})
      await crashed
      await page.close()
      expect(await storedQuantities(['crash'])).toEqual([3])
    })
  })
