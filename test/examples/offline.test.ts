// The shop that opens without a network: `npm start offline`.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { isMissing, openEngine, type PageEngine } from '../support/engines.ts'
import { isWhole } from '../support/examples.ts'
import { policyViolations, watchPolicy } from '../support/page-checks.ts'
import { makeSessionsFolder, openShop, type Shop } from '../support/shop.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const POLL = { timeout: 30_000 }

// One shop, which is stopped and started again on its port.
const data = makeSessionsFolder()
let shop: Shop
beforeAll(async () => {
  // A port that nobody else wants while it is away.
  shop = await openShop(data, { app: 'offline', port: '0' })
})
afterAll(async () => {
  await shop?.end()
  rmSync(data, { recursive: true, force: true })
})

declare const SessionCart: { cart: { $session: { get(): { integrationId: string } } } }

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'session-cart-offline-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

async function open(shop: Pick<Shop, 'url'>, { context }: PageEngine): Promise<Page> {
  const page = await context.newPage()
  await watchPolicy(page)
  await page.goto(shop.url)
  await page.locator('[data-network]').waitFor()
  return page
}

// The worker is active when all of the page's files are kept.
const kept = (page: Page): Promise<unknown> => page.evaluate(async () => void (await navigator.serviceWorker.ready))

const add = (page: Page, sku: string): Promise<void> => page.click(`[data-cart-sku=${sku}]`)
async function apply(page: Page, code: string): Promise<void> {
  await page.fill('#coupon', code)
  await page.click('.coupon button')
}

const lines = (page: Page): Promise<string[]> =>
  page
    .locator('.lines li')
    .evaluateAll(rows => rows.map(row => `${row.querySelector('b')!.textContent} ${row.querySelector('input')!.value}`))
const idOf = (page: Page): Promise<string> => page.evaluate(() => SessionCart.cart.$session.get().integrationId)
const stateOf = (page: Page): Promise<string | null> => page.getAttribute('#cart', 'data-order')

/** The session, asked of the shop and not of the page. */
async function atServer({ url }: Shop, id: string): Promise<Record<string, any>> {
  const answer = await fetch(`${url}/api/sessions/${id}`)
  return ((await answer.json()) as { session: Record<string, any> }).session
}

// EXAMPLES=all has Firefox too, and what comes after an order.
const ENGINES = isWhole ? (['chromium', 'firefox'] as const) : (['chromium'] as const)

describe.each(ENGINES)('in %s', name => {
  test.skipIf(isMissing(name))(
    'it opens without a network, takes an order, and sends it once when the network is back',
    async () => {
      const engine = await openEngine(name)
      onTestFinished(() => engine.close())
      const first = await open(shop, engine)
      await kept(first)

      await engine.context.setOffline(true)
      await shop.end()
      await first.close()

      const tunnel = await open(shop, engine)
      expect(await tunnel.locator('#offline').innerText()).toBe(
        'You are offline. Your cart is kept here and sent when you are back.',
      )
      for (const sku of ['TUMBLER', 'CANDLES', 'TUMBLER']) await add(tunnel, sku)
      await apply(tunnel, 'WELCOME10')
      expect(await lines(tunnel)).toEqual(['Tumbler 2', 'Two candles 1'])
      await tunnel.reload()
      await expect.poll(() => lines(tunnel), POLL).toEqual(['Tumbler 2', 'Two candles 1'])
      await tunnel.click('#place')
      await expect.poll(() => tunnel.textContent('#order')).toContain('€32.80 is kept on this device')
      expect(await policyViolations(tunnel)).toEqual([])
      await tunnel.close()

      const later = await open(shop, engine)
      await expect.poll(() => stateOf(later), POLL).toBe('kept')
      expect(await lines(later)).toEqual(['Tumbler 2', 'Two candles 1'])
      const id = await idOf(later)

      const { url } = shop
      shop = await openShop(data, { app: 'offline', port: new URL(url).port })
      expect(shop.url).toBe(url)
      await engine.context.setOffline(false)
      // A page that was opened offline is told of nothing by a Firefox that is driven: only `navigator.onLine` changes.
      await later.evaluate(() => dispatchEvent(new Event('online')))
      await expect.poll(() => stateOf(later), POLL).toBe('placed')
      expect(await atServer(shop, id)).toMatchObject({
        state: 'closed',
        coupon: 'WELCOME10',
        discounts: { WELCOME10: 3.28 },
        attributes: { orderedFor: 32.8 },
        total: 32.8,
        cartItems: [
          { sku: 'TUMBLER', quantity: 2 },
          { sku: 'CANDLES', quantity: 1 },
        ],
      })
      expect(await policyViolations(later)).toEqual([])
    },
  )
})

/** A copy of the example's page, which can have another release. */
async function openCopy(): Promise<{ readonly url: string; release(version: string): void }> {
  const folder = temporary()
  mkdirSync(join(folder, 'examples'))
  for (const part of ['page.mjs', 'examples.mjs', 'offline', 'script-tag/images']) {
    cpSync(join(root, 'examples', part), join(folder, 'examples', part), { recursive: true })
  }
  symlinkSync(join(root, 'dist'), join(folder, 'dist'))
  const child = spawn(process.execPath, ['examples/page.mjs'], {
    cwd: folder,
    env: { ...process.env, EXAMPLE: 'offline', PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill())
  const [text] = (await once(child.stdout, 'data')) as [Buffer]
  return {
    url: /http:\S+/.exec(String(text))![0],
    release(version) {
      const edit = (file: string, change: (text: string) => string): void => {
        const path = join(folder, 'examples/offline', file)
        writeFileSync(path, change(readFileSync(path, 'utf8')))
      }
      edit('index.html', text => text.replace(/<title>.*<\/title>/, `<title>Release ${version}</title>`))
      edit('service-worker.js', text => text.replace(/VERSION = '.*'/, `VERSION = '${version}'`))
    },
  }
}

if (isWhole) {
  test('an order that the shop sees otherwise waits for a word of the shopper', async () => {
    const engine = await openEngine('chromium')
    onTestFinished(() => engine.close())
    const page = await open(shop, engine)
    await kept(page)
    await shop.stopServer()
    await add(page, 'SPOON')
    await apply(page, 'EXPIRED')
    await page.click('#place')
    await page.locator('#offline').waitFor()
    expect(await page.locator('#offline').innerText()).toContain('The shop does not answer.')
    expect(await stateOf(page)).toBe('kept')
    await shop.startServer()
    await expect.poll(() => stateOf(page), POLL).toBe('changed')
    expect(await page.locator('.notices li > span').allInnerTexts()).toEqual(['This code cannot be used.'])
    const id = await idOf(page)
    expect(await atServer(shop, id)).toMatchObject({ state: 'open', attributes: { orderedFor: 7.9 } })
    await page.click('#place')
    await expect.poll(() => stateOf(page), POLL).toBe('placed')
    expect((await atServer(shop, id)).state).toBe('closed')

    // The same order once more is the same order; another site's page may not place any.
    const order = (headers: Record<string, string>, body: object): Promise<Response> =>
      fetch(`${shop.url}/api/orders`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...headers },
        body: JSON.stringify(body),
      })
    expect((await order({ Origin: shop.url }, { id, version: 1 })).status).toBe(200)
    expect((await order({ Origin: 'https://other.example' }, { id, version: 1 })).status).toBe(403)
    expect((await order({}, { id, version: 1 })).status).toBe(403)
    expect((await order({ Origin: shop.url }, { id: 'nobody', version: 1 })).status).toBe(409)
    expect((await order({ Origin: shop.url }, { id })).status).toBe(400)
  })

  test('another release is used from the next visit on, and nothing is kept of the one before', async () => {
    const copy = await openCopy()
    const engine = await openEngine('chromium')
    onTestFinished(() => engine.close())
    const page = await open(copy, engine)
    await kept(page)
    await page.reload()
    expect(await page.title()).toBe('Fettle on the road')

    copy.release('2')
    await page.reload()
    // Still the one it was, whole; the other is fetched meanwhile.
    expect(await page.title()).toBe('Fettle on the road')
    await expect.poll(() => page.evaluate(() => caches.keys()), POLL).toEqual(['fettle-2'])
    await page.reload()
    expect(await page.title()).toBe('Release 2')

    await engine.context.setOffline(true)
    const other = await open({ url: `${copy.url}/?from=a-letter` }, engine)
    expect(await other.title()).toBe('Release 2')
  })
}
