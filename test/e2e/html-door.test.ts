// The page of the README as it stands there, under a strict policy, in every engine.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createSessionHandler, memoryStore } from '../../src/server/index.ts'
import { isMissing, openEngine, type Engine, type Tab } from '../support/engines.ts'
import { servePages, type Pages } from '../support/pages.ts'
import { readmePage } from '../support/readme-page.ts'

const files = {
  '/': `<!doctype html><html lang="en"><meta charset="utf-8"><title>A shop</title><script src="/violations.js"></script>${readmePage}`,
  '/violations.js':
    'globalThis.violations = []; addEventListener("securitypolicyviolation", event => violations.push(event.violatedDirective))',
}
const headers = { 'Content-Security-Policy': "default-src 'self'; require-trusted-types-for 'script'" }

const handler = createSessionHandler({ store: memoryStore() })
let pages: Pages
beforeAll(async () => {
  pages = await servePages({ files, headers, handler })
})
afterAll(() => pages?.close())

declare const violations: string[]
declare const SessionCart: { cart: { $session: { get(): { integrationId: string } } } }

interface Look {
  readonly lines: readonly string[]
  readonly quantities: readonly string[]
  readonly shown: readonly string[]
}

const look = (tab: Tab): Promise<Look> =>
  tab.evaluate(() => {
    // How far the sign stands from the amount is the engine's.
    const textOf = ({ textContent }: Element): string => textContent.replace(/\s+/g, ' ').replace('€ ', '€').trim()
    return {
      lines: [...document.querySelectorAll('li')].map(textOf),
      quantities: [...document.querySelectorAll('input')].map(({ value }) => value),
      shown: [...document.querySelectorAll('p')].filter(({ hidden }) => !hidden).map(textOf),
    }
  })
const press = (tab: Tab, selector: string): Promise<unknown> =>
  tab.evaluate(mine => document.querySelector<HTMLElement>(mine)!.click(), selector)

test('the README has the page in 15 lines and a script tag', () => {
  expect(readmePage.trim().split('\n').filter(Boolean).length).toBeLessThanOrEqual(16)
})

describe.each(['chromium', 'firefox', 'webkit'] as const)('in %s', name => {
  let engine: Engine
  beforeAll(async () => {
    if (!isMissing(name)) engine = await openEngine(name)
  })
  afterAll(() => engine?.close())

  test.skipIf(isMissing(name))('it has a cart that stays, is the same in all tabs and syncs', async () => {
    const tab = await engine.open(pages.url)
    await expect.poll(() => look(tab)).toEqual({ lines: [], quantities: [], shown: ['Your cart is empty.'] })
    await press(tab, '[data-cart-add]')
    await press(tab, '[data-cart-add]')
    const filled = { lines: ['Mug €25.00 Remove'], quantities: ['2'], shown: ['Total: €25.00'] }
    await expect.poll(() => look(tab)).toEqual(filled)

    const other = await engine.open(pages.url)
    await expect.poll(() => look(other)).toEqual(filled)
    await press(other, '[data-cart-remove]')
    await expect.poll(() => look(tab)).toMatchObject({ lines: [] })
    await press(other, '[data-cart-add]')
    await tab.goto(pages.url)
    await expect.poll(() => look(tab)).toMatchObject({ lines: ['Mug €12.50 Remove'] })

    const id = await tab.evaluate(() => SessionCart.cart.$session.get().integrationId)
    await expect.poll(async () => (await handler.sessions.get(id))?.session.total).toBe(12.5)
    for (const each of [tab, other]) expect(await each.evaluate(() => violations)).toEqual([])
  })
})
