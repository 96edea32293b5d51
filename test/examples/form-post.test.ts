// Forms that work without script: examples/form-post.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { openEngine, type PageEngine } from '../support/engines.ts'
import { accessibilityViolations, policyViolations, watchPolicy } from '../support/page-checks.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

let url: string
let stop: () => void
beforeAll(async () => {
  const child = spawn(process.execPath, ['examples/form-post/server.mjs'], {
    cwd: root,
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  stop = () => void child.kill()
  const [text] = (await once(child.stdout, 'data')) as [Buffer]
  url = /http:\S+/.exec(String(text))![0]
})
afterAll(() => stop?.())

const add = (page: Page, sku: string): Promise<void> => page.click(`form:has([value="${sku}"]) button`)
const cookieOf = async ({ context }: PageEngine): Promise<string | undefined> =>
  (await context.cookies(url)).find(({ name }) => name === 'cart')?.value
const shown = (page: Page): Promise<string[]> =>
  page.locator('ul[aria-label=Cart] li').evaluateAll(rows =>
    rows.map(row =>
      row.textContent
        .replace(/Remove/, '')
        .replace(/\s+/g, ' ')
        .trim(),
    ),
  )

/** What the server has, as `2 MUG-01`. */
async function atServer(id: string): Promise<string[]> {
  const answer = await fetch(`${url}/api/sessions/${id}`)
  const { session } = (await answer.json()) as { session: { cartItems: { sku: string; quantity: number }[] } }
  return session.cartItems.map(({ sku, quantity }) => `${quantity} ${sku}`)
}

test('a line posted without script is at the server, and in the cart of the same browser with script', async () => {
  const profile = mkdtempSync(join(tmpdir(), 'session-cart-form-'))
  onTestFinished(() => rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }))

  const bare = await openEngine('chromium', { profile, javaScriptEnabled: false })
  onTestFinished(() => bare.close())
  const { page: form } = await bare.open(url)
  expect(await cookieOf(bare)).toBeUndefined()
  await form.fill('form:has([value="TEA-02"]) [name=quantity]', '3')
  await add(form, 'TEA-02')
  await add(form, 'MUG-01')
  expect(await form.locator('noscript li').allTextContents()).toEqual(['Tea & biscuits × 3', 'Mug × 1'])
  const id = (await cookieOf(bare))!
  expect(await atServer(id)).toEqual(['3 TEA-02', '1 MUG-01'])
  await bare.close()

  const live = await openEngine('chromium', { profile })
  onTestFinished(() => live.close())
  const page = await live.context.newPage()
  await watchPolicy(page)
  await page.goto(url)
  await expect.poll(() => shown(page)).toEqual(['Tea & biscuits × 3', 'Mug × 1'])
  const posted: string[] = []
  page.on('request', request => {
    if (request.url().endsWith('/api/cart')) posted.push(request.method())
  })
  await add(page, 'MUG-01')
  await expect.poll(() => shown(page)).toEqual(['Tea & biscuits × 3', 'Mug × 2'])
  await expect.poll(() => atServer(id), { timeout: 15_000 }).toEqual(['3 TEA-02', '2 MUG-01'])
  expect(posted).toEqual([])
  expect(await policyViolations(page)).toEqual([])
  expect(await accessibilityViolations(page)).toEqual([])
})

test('a cart that began with script is the one that a form without script adds to', async () => {
  const profile = mkdtempSync(join(tmpdir(), 'session-cart-form-'))
  onTestFinished(() => rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }))
  const live = await openEngine('chromium', { profile })
  onTestFinished(() => live.close())
  const { page } = await live.open(url)
  await add(page, 'MUG-01')
  await expect.poll(() => cookieOf(live)).toBeDefined()
  const id = (await cookieOf(live))!
  await expect.poll(async () => (await fetch(`${url}/api/sessions/${id}`)).status, { timeout: 15_000 }).toBe(200)
  await live.close()

  const bare = await openEngine('chromium', { profile, javaScriptEnabled: false })
  onTestFinished(() => bare.close())
  const { page: form } = await bare.open(url)
  await add(form, 'MUG-01')
  expect(await form.locator('noscript li').allTextContents()).toEqual(['Mug × 2'])
  expect(await atServer(id)).toEqual(['2 MUG-01'])
})

test('the route believes the shop’s own page alone, and of it only what and how many', async () => {
  const post = (headers: Record<string, string>, fields: Record<string, string>): Promise<Response> =>
    fetch(`${url}/api/cart`, { method: 'POST', redirect: 'manual', headers, body: new URLSearchParams(fields) })
  const own = { Origin: url }
  const mug = { sku: 'MUG-01', quantity: '1' }
  expect((await post({ Origin: 'https://other.example' }, mug)).status).toBe(403)
  expect((await post({ Origin: 'null' }, mug)).status).toBe(403)
  expect((await post({}, mug)).status).toBe(403)
  expect((await post(own, { ...mug, sku: '__proto__' })).status).toBe(400)
  expect((await post(own, { ...mug, quantity: '0.5' })).status).toBe(400)
  const answer = await post(own, { ...mug, price: '0' })
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/'])
  const id = /cart=([^;]+)/.exec(answer.headers.get('set-cookie')!)![1]!
  const stored = (await (await fetch(`${url}/api/sessions/${id}`)).json()) as { session: { total: number } }
  expect(stored.session.total).toBe(12.5)
})
