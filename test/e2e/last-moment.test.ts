import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowser } from '../support/shop.ts'

const script = readFileSync(fileURLToPath(new URL('../../dist/session-cart.iife.js', import.meta.url)))
const ROUNDS = 5

let server: Server
let browser: Browser
let context: BrowserContext
let opener: Page
let port: number

beforeAll(async () => {
  server = createServer((request, response) => {
    const isScript = request.url!.endsWith('.js')
    response.writeHead(200, { 'Content-Type': isScript ? 'text/javascript' : 'text/html' })
    response.end(isScript ? script : '<!doctype html><title>A page</title><script src="/cart.js"></script>')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  port = (server.address() as AddressInfo).port
  browser = await openBrowser()
  context = await browser.newContext()
  opener = await context.newPage()
  await opener.goto(`http://127.0.0.1:${port}/`)
})

afterAll(async () => {
  await browser?.close()
  server?.close()
})

/** A tab that a script opened may close itself. */
async function openByScript(): Promise<Page> {
  const opened = context.waitForEvent('page')
  await opener.evaluate(() => void window.open('about:blank'))
  return opened
}

async function openCart(scope: string, canClose = false): Promise<Page> {
  const page = await (canClose ? openByScript() : context.newPage())
  await page.goto(`http://127.0.0.1:${port}/`)
  await page.evaluate(async name => {
    const { createSessionCart } = (window as any).SessionCart
    ;(window as any).cart = createSessionCart({ currency: 'EUR', scope: name })
    await (window as any).cart.ready
  }, scope)
  return page
}

const leavings: [name: string, leave: (other: string) => string][] = [
  ['to another page of the site', () => 'location.href = "/other"'],
  ['to another site', other => `location.href = "${other}"`],
  ['by a reload', () => 'location.reload()'],
  ['by closing the tab', () => 'window.close()'],
]

for (const [name, leave] of leavings) {
  test(`a command given in the task that leaves the page ${name} is kept, ${ROUNDS} of ${ROUNDS}`, async () => {
    let kept = 0
    for (let round = 0; round < ROUNDS; round++) {
      const scope = `${name} ${round}`
      const page = await openCart(scope, name.includes('closing'))
      const left = leave(`http://localhost:${port}/`)
      const gone = Promise.race([page.waitForEvent('framenavigated'), page.waitForEvent('close')])
      // The page may be gone before it can answer: that is the point.
      page.evaluate(`cart.addItem({ sku: 'A', price: 1 }); ${left}; undefined`).catch(() => {})
      await gone
      // A tab that is closed in the middle of a navigation may never tell that it closed.
      if (!page.isClosed()) await page.waitForLoadState().catch(() => {})
      await page.close()
      const after = await openCart(scope)
      kept += await after.evaluate(() => (window as any).cart.$quantity.get() as number)
      await after.close()
    }
    expect(kept).toBe(ROUNDS)
  })
}

test('what was saved survives a renderer that crashes', async () => {
  const page = await openCart('crash')
  await page.evaluate(() => (window as any).cart.addItem({ sku: 'A', price: 1 }, 3).saved)
  await page.goto('chrome://crash').catch(() => {})
  await page.close()
  const after = await openCart('crash')
  expect(await after.evaluate(() => (window as any).cart.$quantity.get() as number)).toBe(3)
  await after.close()
})
