// Every attribute that gives a command, and every name that shows what came of it.
import { expect, onTestFinished, test } from 'vitest'
import { open, shown, withServer } from '../support/bound-page.ts'

const LINE = { sku: 'A', name: 'Apple', price: 1.5, category: 'fruit' }

test.each([
  ['total', '€3.00'],
  ['payable', '€3.00'],
  ['discount', '€0.00'],
  ['items', '€3.00'],
  ['additionalCosts', '€0.00'],
  ['estimated', 'false'],
  ['quantity', '2'],
  ['lines', '1'],
  ['coupon', 'SUMMER'],
  ['referral', 'FRIEND'],
  ['state', 'open'],
  ['phase', 'local'],
  ['pending', '0'],
  ['online', 'true'],
  ['storage', 'memory'],
  ['notices', '0'],
  ['attributes.gift', 'yes'],
  ['attributes.toString', ''],
  ['coupon.pending', 'false'],
  ['coupon.error', ''],
  ['coupon.nonsense', ''],
  ['toString', ''],
  ['item.name', ''],
  ['notice.message', ''],
])('the name "%s" is shown as "%s"', async (name, expected) => {
  const { cart, text } = open(`<p data-cart-text="${name}"></p>`)
  await cart.ready
  cart.addItem(LINE, 2)
  cart.setAttributes({ gift: 'yes' })
  cart.applyCoupon('SUMMER')
  cart.applyReferral('FRIEND')
  await shown()
  expect(text('p')).toBe(expected)
})

test.each([
  ['item.sku', 'A'],
  ['item.name', 'Apple'],
  ['item.price', '€1.50'],
  ['item.quantity', '2'],
  ['item.total', '€3.00'],
  ['item.category', 'fruit'],
  ['item.pending', 'false'],
  ['item.error', ''],
  ['item.toString', ''],
  ['quantity', '2'],
])('the name "%s" in a row is shown as "%s"', async (name, expected) => {
  const { cart, text } = open(`<template data-cart-items><p data-cart-text="${name}"></p></template>`)
  await cart.ready
  cart.addItem(LINE, 2)
  await shown()
  expect(text('p')).toBe(expected)
})

test.each([
  ['quantity < 2', false],
  ['quantity <= 2', true],
  ['lines != 2', true],
  ['estimated = true', false],
  ['estimated = false', true],
  ['state = "open"', true],
  ['state = open', true],
])('the condition "%s" holds for two apples: %s', async (condition, holds) => {
  const { cart, root } = open('')
  const part = document.createElement('p')
  part.dataset.cartShow = condition
  root.append(part)
  await cart.ready
  cart.addItem(LINE, 2)
  await shown()
  expect(part.hidden).toBe(!holds)
})

test('codes go in by their forms and out by their buttons', async () => {
  const { cart, element } = open(`
    <form data-cart-coupon><input name="coupon" value=" SUMMER " /><button>Apply</button></form>
    <form data-cart-referral><input name="referral" value="FRIEND" /><button>Apply</button></form>
    <button data-cart-remove-coupon></button><button data-cart-remove-referral></button>`)
  await cart.ready
  element('[data-cart-coupon] button').click()
  element('[data-cart-referral] button').click()
  expect(cart.$session.get()).toMatchObject({ coupon: 'SUMMER', referral: 'FRIEND' })
  element('[data-cart-remove-coupon]').click()
  element('[data-cart-remove-referral]').click()
  expect(cart.$session.get()).toMatchObject({ coupon: '', referral: '' })
})

test('a code that is refused at once stays in its field, and is said to be wrong', async () => {
  const { cart, element, events, text } = open(`
    <form data-cart-coupon><input name="coupon" /><button>Apply</button></form>
    <form id="none" data-cart-coupon><button>Apply</button></form><p data-cart-text="coupon.error"></p>`)
  await cart.ready
  const input = element<HTMLInputElement>('input')
  input.value = 'x'.repeat(10_000)
  element('button').click()
  await shown()
  expect([input.value.length, events.at(-1)]).toEqual([10_000, 'cart:error limit-exceeded'])
  expect(text('p')).toBe('That is more than a cart can hold.')
  element('#none button').click()
  expect(cart.$session.get().coupon).toBe('')
})

test('all lines are taken out, and another session begins without them or with them', async () => {
  const { cart, element } = open(`<button data-cart-clear></button>
    <button id="empty" data-cart-start></button><button id="keep" data-cart-start="keep"></button>`)
  await cart.ready
  const begin = (selector: string): string => {
    element(selector).click()
    return cart.$session.get().integrationId
  }
  cart.addItem(LINE)
  const first = cart.$session.get().integrationId
  const second = begin('#keep')
  expect(cart.$quantity.get()).toBe(1)
  const third = begin('#empty')
  expect([cart.$quantity.get(), new Set([first, second, third]).size]).toEqual([0, 3])
  cart.addItem(LINE)
  element('[data-cart-clear]').click()
  expect(cart.$items.get()).toEqual([])
})

test('a price or a quantity that is empty is refused, a field that is empty counts for nothing', async () => {
  const { cart, element, events } = open(`
    <button data-cart-add data-cart-sku="A" data-cart-price=""></button>
    <form data-cart-add data-cart-sku="B"><input name="price" /><input name="file" type="file" /><button></button></form>
    <template data-cart-items><input data-cart-input="quantity" aria-label="Quantity" /></template>`)
  await cart.ready
  element('[data-cart-price]').click()
  expect(cart.$items.get()).toEqual([])
  element('form button').click()
  expect(cart.$items.get()).toEqual([{ sku: 'B', quantity: 1 }])
  await shown()
  const input = element<HTMLInputElement>('[data-cart-input]')
  input.value = ''
  input.dispatchEvent(new Event('change', { bubbles: true }))
  expect([input.value, events.filter(event => event.startsWith('cart:error'))]).toEqual([
    '1',
    ['cart:error invalid-item', 'cart:error invalid-quantity'],
  ])
})

test('what stands in no row is about no line, and what is no part of the cart is left alone', async () => {
  const { cart, element, events } = open(`
    <button id="change" data-cart-change="1"></button><button id="dismiss" data-cart-dismiss></button>
    <input id="stray" data-cart-input="quantity" aria-label="Quantity" /><button id="other"></button>`)
  await cart.ready
  cart.addItem(LINE)
  const before = cart.$session.get()
  for (const selector of ['#change', '#dismiss', '#other']) element(selector).click()
  element('#stray').dispatchEvent(new Event('change', { bubbles: true }))
  await shown()
  expect(cart.$session.get()).toEqual(before)
  expect(events.filter(event => event !== 'cart:change')).toEqual([])
})

test('a template without an element shows nothing', async () => {
  const { cart, root } = open('<template data-cart-items>only text</template>')
  await cart.ready
  cart.addItem(LINE)
  await shown()
  expect(root.children).toHaveLength(1)
})

test('asking again sends at once what waits after a failure', async () => {
  const { backend, options } = withServer()
  const { cart, element, text } = open(
    '<button data-cart-retry></button><p data-cart-text="phase"></p><i data-cart-show="retry.pending"></i>',
    options,
  )
  await cart.ready
  backend.fault = () => Promise.reject(new TypeError('no network'))
  cart.addItem(LINE)
  await expect.poll(() => text('p')).toBe('waiting')
  backend.fault = null
  element('button').click()
  await expect.poll(() => text('p')).toBe('idle')
  expect(cart.$status.get().pending).toBe(0)
})

test.each([
  ['form', 'submit', '<form data-cart-checkout><button name="by" value="card">Pay</button></form>'],
  ['button', 'click', '<button type="button" data-cart-checkout>Pay</button>'],
])('a %s for the checkout goes on once, as it was meant, when the server has everything', async (_, type, markup) => {
  const { backend, options } = withServer()
  const { cart, element } = open(markup, options)
  await cart.ready
  const passed: unknown[] = []
  const hear = (event: Event): void => {
    if (event.defaultPrevented) return
    passed.push([cart.$status.get().pending, event instanceof SubmitEvent && event.submitter])
    event.preventDefault()
  }
  document.addEventListener(type, hear)
  onTestFinished(() => document.removeEventListener(type, hear))
  cart.addItem(LINE)
  const button = element('button')
  button.click()
  button.click()
  expect(passed).toEqual([])
  await expect.poll(() => passed).toEqual([[0, type === 'submit' && button]])
  await shown()
  expect([passed.length, backend.requests.length]).toEqual([1, 1])
  button.click()
  await expect.poll(() => passed.length).toBe(2)
})
