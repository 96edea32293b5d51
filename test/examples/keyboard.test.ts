// A purchase with the keyboard alone, from an opened page to a cart that can be paid. Nothing here moves the focus but keys.
import type { Page } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import { createSessionHandler, memoryStore } from '../../src/server/index.ts'
import { keyboardOf } from '../support/keyboard.ts'
import { servePages } from '../support/pages.ts'
import { readmePage } from '../support/readme-page.ts'
import { by, useShop } from '../support/shop.ts'

const { shop, browser } = useShop()
const POLL = { timeout: 15_000 }

async function open(url: string): Promise<Page> {
  const context = await browser().newContext({ locale: 'en' })
  onTestFinished(() => context.close())
  const page = await context.newPage()
  await page.goto(url)
  return page
}

test('in the shop', async () => {
  const page = await open(shop().url)
  await page.locator(by('add')).first().waitFor()
  const { press, type, walkTo } = keyboardOf(page)

  await walkTo('.skip')
  await press('Enter')
  await walkTo('[data-test=product] [data-test=colour]')
  await press('ArrowRight')
  await walkTo(by('size'))
  await press('ArrowDown')
  await walkTo(by('add'))
  await press('Space')
  await expect.poll(() => page.textContent(by('cart-count'))).toBe('1')

  await walkTo('#cart-open', 'Shift+Tab')
  await press('Enter')
  expect(await page.textContent(by('line-attributes'))).toBe('Cobalt, 400 ml')
  await walkTo(by('plus'))
  await press('Space')
  await expect.poll(() => page.inputValue(by('quantity'))).toBe('2')
  await walkTo(by('quantity'), 'Shift+Tab')
  await press('ArrowUp')
  await type('4')
  await press('Escape')
  expect(await page.inputValue(by('quantity'))).toBe('3')
  await press('ControlOrMeta+A')
  await type('4')
  await press('Enter')
  expect(await page.inputValue(by('quantity'))).toBe('4')

  await walkTo(by('remove'))
  await press('Enter')
  await expect.poll(() => page.locator(by('line')).count()).toBe(0)
  expect(await page.locator(`${by('undo')}:focus`).count()).toBe(1)
  await press('Enter')
  await expect.poll(() => page.inputValue(by('quantity'))).toBe('4')

  await walkTo(by('coupon-input'))
  await type('WELCOME10')
  await press('Enter')
  await expect.poll(() => page.getAttribute(by('coupon'), 'data-state'), POLL).toBe('applied')
  await walkTo(by('checkout'))
  await press('Enter')
  await page.locator(by('checkout-ready')).waitFor()
  expect(await page.textContent(by('ready-total'))).toBe('€79.20')
  await press('Tab')
  await press('Escape')
  expect(await page.locator('#cart-open:focus').count()).toBe(1)
})

test('in the page of the README, with a code and a way to the checkout', async () => {
  const handler = createSessionHandler({ store: memoryStore() })
  const files = {
    '/': `<!doctype html><html lang="en"><meta charset="utf-8"><title>A shop</title>${readmePage}
      <form data-cart-coupon><label>Code <input name="coupon" /></label><button>Apply</button></form>
      <a href="/ready" data-cart-checkout>Check out</a>`,
    '/ready': '<!doctype html><html lang="en"><meta charset="utf-8"><title>Ready</title>',
  }
  const pages = await servePages({ files, handler })
  onTestFinished(() => pages.close())
  const page = await open(pages.url)
  const { press, type, walkTo } = keyboardOf(page)
  const quantity = '[data-cart-input=quantity]'

  await walkTo('[data-cart-add]')
  await press('Enter')
  await press('Space')
  await expect.poll(() => page.locator(quantity).inputValue()).toBe('2')
  await walkTo(quantity)
  await press('ArrowUp')
  await press('ControlOrMeta+A')
  await type('5')
  await press('Enter')
  await expect.poll(() => page.textContent('output')).toBe('€62.50')
  await walkTo('[data-cart-remove]')
  await press('Enter')
  await expect.poll(() => page.locator('li').count()).toBe(0)
  expect(await page.locator('[data-cart-focus]:focus').innerText()).toBe('Your cart is empty.')

  await walkTo('[data-cart-add]', 'Shift+Tab')
  await press('Enter')
  await expect.poll(() => page.textContent('output')).toBe('€12.50')
  await walkTo('[name=coupon]')
  await type('WELCOME10')
  await press('Enter')
  await walkTo('[data-cart-checkout]')
  await page.keyboard.press('Enter')
  await expect.poll(() => page.title(), POLL).toBe('Ready')
})
