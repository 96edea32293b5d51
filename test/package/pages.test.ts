// The packed package in a page: bundled by each bundler, and by the tag of a script.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { BUNDLERS } from '../support/bundlers.ts'
import { createConsumer } from '../support/consumer.ts'
import { launchChromium } from '../support/find-programs.mjs'

const SHOP = 'http://shop.test/'
// Another site, so that a hash is asked for as with a file of a network of caches.
const FILES = 'http://files.test/'

const APP = `
import { createSessionCart, isSessionCartError } from 'session-cart'
import { bindCart } from 'session-cart/dom'
import { createUndo } from 'session-cart/undo'
const cart = createSessionCart({ currency: 'EUR', locale: 'en' })
bindCart(cart)
const undo = createUndo(cart)
await cart.ready
await cart.addItem({ sku: 'MUG', price: 12.5 }, 2).saved
await cart.addItem({ sku: 'TEA', price: 3 }).saved
undo.undo()
try {
  cart.addItem({ sku: 'MUG' }, 0.5)
} catch (error) {
  document.title = String(isSessionCartError(error) && error.code)
}
`
const asFunction = (code: string): string => {
  const [imports, body] = [code.match(/^import .*$/gm)!.join('\n'), code.replace(/^import .*$/gm, '')]
  return `${imports}\nasync function start() {${body}}\nstart().catch(error => { document.title = String(error) })\n`
}

const consumer = createConsumer()
let browser: Browser
let context: BrowserContext
let page: Page
const problems: string[] = []

beforeAll(async () => {
  browser = await chromium.launch(launchChromium())
})
beforeEach(async () => {
  problems.length = 0
  context = await browser.newContext()
  page = await context.newPage()
  page.on('pageerror', error => problems.push(error.message))
  page.on('console', message => {
    if (message.type() === 'error') problems.push(message.text())
  })
})
afterEach(() => context.close())
afterAll(async () => {
  await browser?.close()
  consumer.remove()
})

/** Serves a page and its files without a network. */
async function serve(html: string, files: Readonly<Record<string, string>> = {}): Promise<void> {
  await context.route('**/*', (route, request) => {
    const body = request.url() === SHOP ? html : files[request.url()]
    const contentType = request.url() === SHOP ? 'text/html' : 'text/javascript'
    return body === undefined
      ? route.fulfill({ status: 404 })
      : route.fulfill({ body, contentType, headers: { 'Access-Control-Allow-Origin': '*' } })
  })
  await page.goto(SHOP)
}

test.each(Object.entries(BUNDLERS))('%s makes an app of it that works in a page', async (name, bundle) => {
  const input = consumer.write(`${name}/main.js`, asFunction(APP))
  const folder = join(consumer.folder, name)
  await bundle(input, folder, 'app.js')
  const code = readFileSync(join(folder, 'app.js'), 'utf8')
  expect(code).not.toMatch(/\bprocess\b/)
  await serve(
    '<title></title><link rel="icon" href="data:," /><p data-cart-text="payable"></p><script src="app.js"></script>',
    {
      [`${SHOP}app.js`]: code,
    },
  )
  await expect.poll(() => page.title()).toBe('invalid-quantity')
  await expect.poll(() => page.textContent('p')).toBe('€25.00')
  expect(problems).toEqual([])
})

const BUTTON =
  '<p data-cart-text="payable"></p><button data-cart-add data-cart-sku="MUG" data-cart-price="12.50">Add</button>'

test('a script tag with the path of the file makes a page with a cart, which a reload keeps', async () => {
  const file = 'node_modules/session-cart/dist/session-cart.iife.js'
  const html = `${BUTTON}<script src="${file}" data-session-cart data-currency="EUR" data-locale="en"></script>`
  await page.goto(pathToFileURL(consumer.write('index.html', html)).href)
  await page.click('button')
  await expect.poll(() => page.textContent('p')).toBe('€12.50')
  await page.evaluate(() => (globalThis as any).SessionCart.cart.addItem({ sku: 'TEA', price: 3 }).saved)
  await page.reload()
  await expect.poll(() => page.textContent('p')).toBe('€15.50')
  expect(problems).toEqual([])
})

test('a script tag with the hash of the file runs that file and no other', async () => {
  const hashes = JSON.parse(consumer.read('dist/integrity.json')) as Record<string, string>
  const [cart, inspector] = ['session-cart.iife.js', 'session-cart-inspector.js'] as const
  const tag = (name: string, attributes: string): string =>
    `<script src="${FILES}${name}" integrity="${hashes[name]}" crossorigin ${attributes}></script>`
  const html = `<link rel="icon" href="data:," />${BUTTON}${tag(cart, 'data-session-cart data-currency="EUR"')}${tag(inspector, 'type="module"')}`
  const [code, tool] = [consumer.read(`dist/${cart}`), consumer.read(`dist/${inspector}`)]
  await serve(html, { [FILES + cart]: code, [FILES + inspector]: tool })
  await page.waitForSelector('session-cart-inspector', { state: 'attached' })
  expect(problems).toEqual([])
  await context.unrouteAll()
  await serve(html, { [FILES + cart]: `${code} `, [FILES + inspector]: tool })
  expect(await page.evaluate(() => 'SessionCart' in globalThis)).toBe(false)
  expect(problems.join()).toContain('integrity')
})
