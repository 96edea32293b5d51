// How what is bound keeps up with a page that comes, changes and goes.
import { expect, onTestFinished, test } from 'vitest'
import { bindCart } from '../../src/dom/index.ts'
import { createSessionCart } from '../../src/index.ts'
import { open, shown, withServer } from '../support/bound-page.ts'

function bindWhileLoading() {
  const cart = createSessionCart({ currency: 'EUR', storage: 'memory', locale: 'en' })
  const part = document.createElement('p')
  part.dataset.cartText = 'quantity'
  Object.defineProperty(document, 'readyState', { value: 'loading', configurable: true })
  const stop = bindCart(cart)
  document.body.append(part)
  onTestFinished(() => {
    Reflect.deleteProperty(document, 'readyState')
    stop()
    cart.dispose()
    part.remove()
  })
  return { cart, part, stop, load: () => document.dispatchEvent(new Event('DOMContentLoaded')) }
}

test('a page that is still coming is bound when it is whole', async () => {
  const { cart, part, load } = bindWhileLoading()
  await cart.ready
  cart.addItem({ sku: 'A', price: 1 })
  await shown()
  expect(part.textContent).toBe('')
  load()
  expect(part.textContent).toBe('1')
})

test('what is disconnected before the page is whole stays so', async () => {
  const { cart, part, stop, load } = bindWhileLoading()
  await cart.ready
  stop()
  load()
  cart.addItem({ sku: 'A', price: 1 })
  await shown()
  expect(part.textContent).toBe('')
})

test('a change is not shown any more when what is bound is disconnected in the same tick', async () => {
  const { cart, text, stop } = open('<p data-cart-text="quantity"></p>')
  await cart.ready
  await shown()
  cart.addItem({ sku: 'A', price: 1 })
  stop()
  await shown()
  expect(text('p')).toBe('0')
})

test('a template that is added by itself shows its rows, also when it is taken out and put back', async () => {
  const { cart, root, texts } = open('')
  await cart.ready
  cart.addItem({ sku: 'A', price: 1 })
  const template = document.createElement('template')
  template.setAttribute('data-cart-items', '')
  template.innerHTML = '<p data-cart-text="item.sku"></p>'
  root.append(template)
  await shown()
  template.remove()
  root.append(template)
  await shown()
  cart.addItem({ sku: 'B', price: 1 })
  await shown()
  expect(texts('p')).toEqual(['A', 'B'])
})

test('a template and a part within a row are of the row', async () => {
  const { cart, root, texts } = open(`<section><template data-cart-items>
    <div><template data-cart-notices><b></b></template><p data-cart-text="item.sku"></p></div></template></section>`)
  await cart.ready
  cart.addItem({ sku: 'A', price: 1 })
  await shown()
  const section = root.firstElementChild!
  section.remove()
  await shown()
  root.append(section)
  cart.addItem({ sku: 'B', price: 1 })
  await shown()
  expect([texts('p'), texts('b')]).toEqual([['A', 'B'], []])
})

test('what is added and taken out again in one tick is not connected', async () => {
  const { cart, root } = open('')
  await cart.ready
  const part = document.createElement('p')
  part.dataset.cartText = 'quantity'
  root.append(part)
  part.remove()
  await shown()
  expect(part.textContent).toBe('')
})

test('pictures and links follow their item, from one address to another and to none', async () => {
  const { cart, element } = open(`<template data-cart-items><div>
    <a data-cart-href="item.attributes.page">Page</a></div></template>`)
  await cart.ready
  const change = async (page: string | null): Promise<string | null> => {
    const [item] = cart.$items.get()
    if (item) cart.updateItem(item, { attributes: page === null ? {} : { page } })
    else cart.addItem({ sku: 'A', price: 1, attributes: { page: page! } })
    await shown()
    return element('a').getAttribute('href')
  }
  expect(await change('/mugs/1')).toBe('/mugs/1')
  expect(await change('/mugs/2')).toBe('/mugs/2')
  expect(await change(null)).toBeNull()
})

test('what the server refuses is said where it was asked for, until it is tried again', async () => {
  const { options } = withServer(async ({ coupon, referral }) => ({
    rejected: [
      ...(coupon ? [{ kind: 'coupon' as const, reason: 'CouponExpired' }] : []),
      ...(referral === 'NOBODY' ? [{ kind: 'referral' as const }] : []),
    ],
    notices: [{ code: 'gift-wrapped', line: 'A', message: 'Wrapped as a gift.' }, { code: 'new-in-town' }],
  }))
  const { cart, element, text, texts } = open(
    `<form data-cart-referral><input name="referral" /><button>Apply</button></form>
    <p id="code" data-cart-text="referral.error"></p>
    <template data-cart-items><p class="row" data-cart-text="item.error"></p></template>
    <template data-cart-notices><i data-cart-text="notice.message"></i></template>`,
    options,
    { words: { 'referral-rejected': '{to}{reason}{line}Nobody has this code.' } },
  )
  await cart.ready
  cart.addItem({ sku: 'A', price: 1 })
  element<HTMLInputElement>('input').value = 'NOBODY'
  element('button').click()
  await expect.poll(() => text('#code')).toBe('Nobody has this code.')
  expect(text('.row')).toBe('Wrapped as a gift.')
  // A notice without words of any kind is told by its code.
  expect(texts('i')).toContain('new-in-town')
  element<HTMLInputElement>('input').value = 'FRIEND'
  element('button').click()
  await shown()
  expect(text('#code')).toBe('')
  expect(cart.$notices.get().map(({ code }) => code)).not.toContain('referral-rejected')
})
