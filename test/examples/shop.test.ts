import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { by, useShop } from '../support/shop.ts'

const { shop, browser } = useShop()

async function openPage(): Promise<Page> {
  const context = await browser().newContext({ viewport: { width: 390, height: 844 }, locale: 'en' })
  const page = await context.newPage()
  await page.goto(shop().url)
  await page.locator(by('add')).first().waitFor()
  return page
}

const count = (page: Page): Promise<string | null> => page.getAttribute(by('cart-count'), 'data-count')

test('each currency has a cart of its own, with the digits of its money', async () => {
  const page = await openPage()
  await page.locator(by('add')).nth(0).click()
  await expect.poll(() => count(page)).toBe('1')
  await page.selectOption(by('currency'), 'JPY')
  await expect.poll(() => count(page)).toBe('0')
  for (const product of [1, 2]) await page.locator(by('add')).nth(product).click()
  await expect.poll(() => count(page)).toBe('2')
  await page.selectOption(by('currency'), 'KWD')
  await expect.poll(() => count(page)).toBe('0')
  await page.locator(by('add')).nth(0).click()
  const payable: string[] = []
  for (const currency of ['EUR', 'JPY', 'KWD']) {
    await page.selectOption(by('currency'), currency)
    await page.click('#cart-open')
    await page.waitForSelector(`${by('sync')}[data-phase=idle]`)
    payable.push((await page.textContent(by('payable')))!.replaceAll(/\s/g, ' '))
    await page.click(by('cart-close'))
  }
  expect(payable).toEqual([
    expect.stringMatching(/^€\d+\.\d{2}$/),
    expect.stringMatching(/^¥[\d,]+$/),
    expect.stringMatching(/^KWD \d+\.\d{3}$/),
  ])
  await page.reload()
  await page.selectOption(by('currency'), 'JPY')
  await expect.poll(() => count(page)).toBe('2')
  await page.context().close()
})

test('a shopper without a mouse puts a thing in, changes it, takes it out, brings it back and checks out', async () => {
  const page = await openPage()
  await page.locator(by('add')).first().focus()
  await page.keyboard.press('Enter')
  await expect.poll(() => count(page)).toBe('1')
  await page.locator('#cart-open').focus()
  await page.keyboard.press('Enter')
  await page.waitForSelector(`${by('cart')}[open]`)
  expect(await page.evaluate(() => document.activeElement?.closest('dialog')?.id)).toBe('cart')
  await page.locator(by('plus')).focus()
  await page.keyboard.press('Enter')
  await expect.poll(() => page.inputValue(by('quantity'))).toBe('2')
  await page.locator(by('remove')).focus()
  await page.keyboard.press('Enter')
  await page.waitForSelector(by('undo'))
  expect(await page.evaluate(() => document.activeElement !== document.body)).toBe(true)
  await page.locator(by('undo')).focus()
  await page.keyboard.press('Enter')
  await expect.poll(() => page.inputValue(by('quantity'))).toBe('2')
  await page.locator(by('checkout')).focus()
  await page.keyboard.press('Enter')
  await page.waitForSelector(`${by('checkout-ready')}:not([hidden])`)
  await expect.poll(() => page.textContent(by('live-cart'))).not.toBe('')
  await page.keyboard.press('Escape')
  await page.waitForSelector(`${by('cart')}:not([open])`, { state: 'attached' })
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('cart-open')
  await page.context().close()
})

test('nothing is sent by a visitor who only looks', async () => {
  const context = await browser().newContext()
  const page = await context.newPage()
  const asked: string[] = []
  page.on('request', request => {
    if (request.url().includes('/api/')) asked.push(request.url())
  })
  await page.goto(shop().url)
  await page.locator(by('add')).first().waitFor()
  await page.click('#cart-open')
  await page.waitForSelector(`${by('cart-empty')}:not([hidden])`)
  expect(asked).toEqual([])
  await context.close()
})

test('promotions come from Talon.One, and the shop goes on while that is away', async () => {
  const page = await openPage()
  const add = (name: string): Promise<void> => page.click(`${by('add')}[aria-label$=": ${name}"]`)
  const notices = (): Promise<string[]> => page.locator(by('notice-text')).allTextContents()
  for (let n = 0; n < 2; n++) await add('Sunday casserole')
  await expect.poll(notices).toEqual(['Nearly there: Only €42.00 more to a free kitchen twine.'])

  await shop().toggleTalonOne(false)
  await add('Stove kettle')
  await expect.poll(() => page.textContent(by('payable'))).toBe('€332.00')
  await page.waitForSelector(`${by('sync')}[data-phase=idle]`, { state: 'attached' })
  expect(await page.getAttribute(by('estimated'), 'data-estimated')).toBe('true')
  expect(await notices()).toHaveLength(1)

  await shop().toggleTalonOne(true)
  await expect.poll(notices).toEqual(['For free with your order: Kitchen twine.'])
  expect(await page.getAttribute(by('estimated'), 'data-estimated')).toBe('false')
  await page.context().close()
})
