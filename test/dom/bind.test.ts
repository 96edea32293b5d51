// The HTML door: attributes of a page, and what becomes of them.
import { expect, test } from 'vitest'
import { open, shown, withServer } from '../support/bound-page.ts'

const LIST = `
  <ul>
    <template data-cart-items>
      <li>
        <b data-cart-text="item.name"></b>
        <i data-cart-text="item.total"></i>
        <u data-cart-text="item.attributes.size"></u>
        <em data-cart-text="item.error"></em>
        <s data-cart-show="item.pending"></s>
        <button data-cart-change="-1">−</button>
        <input type="number" data-cart-input="quantity" aria-label="Quantity" />
        <button data-cart-change="1">+</button>
        <button data-cart-remove>Remove</button>
      </li>
    </template>
  </ul>
  <p data-cart-focus data-cart-hide="quantity > 0" tabindex="-1"></p>`

test('a button adds what its attributes say, and texts show it as money', async () => {
  const { element, text, texts, cart } = open(`
    <button data-cart-add data-cart-sku="MUG" data-cart-name="Mug" data-cart-price="12.50" data-cart-quantity="2"
      data-cart-attribute-size="L"><b>Add</b></button>
    <p data-cart-text="payable"></p><p id="count" data-cart-text="quantity"></p>${LIST}`)
  await cart.ready
  element('b').click()
  await shown()
  expect(cart.$items.get()).toEqual([{ sku: 'MUG', name: 'Mug', price: 12.5, quantity: 2, attributes: { size: 'L' } }])
  expect([text('[data-cart-text="payable"]'), text('#count')]).toEqual(['€25.00', '2'])
  expect([texts('li b'), texts('li i'), texts('li u')]).toEqual([['Mug'], ['€25.00'], ['L']])
})

test('a form adds what its fields say, and goes nowhere', async () => {
  const { element, cart } = open(`
    <form data-cart-add data-cart-sku="TEA" data-cart-price="3" action="/cart">
      <input name="quantity" value="4" /><select name="attribute-kind"><option>green</option></select>
      <button>Add</button>
    </form>`)
  await cart.ready
  element('button').click()
  expect(cart.$items.get()).toEqual([{ sku: 'TEA', price: 3, quantity: 4, attributes: { kind: 'green' } }])
})

test('what is refused at once is told where it was asked for, and nothing changes', async () => {
  const { element, cart, events } = open(`<button data-cart-add data-cart-sku="MUG" data-cart-price="12,50"></button>
    <button id="none" data-cart-add data-cart-price="1"></button>`)
  await cart.ready
  element('button').click()
  element('#none').click()
  expect(events.filter(event => event !== 'cart:change')).toEqual([
    'cart:error invalid-item',
    'cart:error invalid-item',
  ])
  expect(cart.$items.get()).toEqual([])
})

test.each([
  ['quantity > 0', false, true],
  ['quantity >= 2', false, true],
  ['payable < 5', true, false],
  ['quantity = 0', true, false],
  ['coupon', false, false],
  ['!coupon', true, true],
  ["state != 'closed'", true, true],
  ['nothing', false, false],
  ['quantity >', false, false],
  ['not a condition at all', false, false],
])('the condition "%s" holds: %s before, %s with two mugs for 5', async (condition, before, after) => {
  const { root, cart } = open('<p id="show"></p><p id="hide"></p>')
  const [show, hide] = [...root.children] as [HTMLElement, HTMLElement]
  const both = document.createElement('div')
  show.dataset.cartShow = hide.dataset.cartHide = condition
  both.append(show, hide)
  root.append(both)
  await cart.ready
  await shown()
  expect([show.hidden, hide.hidden]).toEqual([!before, before])
  cart.addItem({ sku: 'MUG', price: 5 }, 2)
  await shown()
  expect([show.hidden, hide.hidden]).toEqual([!after, after])
})

test('rows are moved and reused: the focus and what is being typed stay', async () => {
  const { root, element, cart, texts } = open(LIST)
  await cart.ready
  for (const sku of ['A', 'B', 'C']) cart.addItem({ sku, price: 1 })
  await shown()
  const input = root.querySelectorAll('input')[1]!
  const row = input.closest('li')
  input.focus()
  input.value = '4'
  cart.removeItem('A')
  cart.changeQuantity('B', 1)
  cart.addItem({ sku: 'D', price: 1 })
  await shown()
  expect(texts('li b')).toEqual(['B', 'C', 'D'])
  expect([root.querySelectorAll('li')[0], document.activeElement, input.value]).toEqual([row, input, '4'])
  input.dispatchEvent(new Event('change', { bubbles: true }))
  expect(cart.$items.get()[0]!.quantity).toBe(4)
  expect(element('template')).not.toBeNull()
})

test('buttons and input of a row change its line; what is no quantity is said and taken back', async () => {
  const { root, element, cart, text, events } = open(LIST)
  await cart.ready
  cart.addItem({ sku: 'A', price: 1.1 }, 2)
  cart.addItem({ sku: 'A', price: 1.1, attributes: { size: 'L' } })
  await shown()
  element('[data-cart-change="1"]').click()
  root.querySelectorAll<HTMLElement>('[data-cart-change="-1"]')[1]!.click()
  await shown()
  expect(cart.$items.get()).toEqual([{ sku: 'A', price: 1.1, quantity: 3 }])
  expect(text('li i')).toBe('€3.30')
  const input = element<HTMLInputElement>('input')
  input.value = '2.5'
  input.dispatchEvent(new Event('change', { bubbles: true }))
  await shown()
  expect([input.value, text('li em'), events.at(-1)]).toEqual([
    '3',
    'Please give a whole number.',
    'cart:error invalid-quantity',
  ])
  element('[data-cart-remove]').click()
  await shown()
  expect(cart.$items.get()).toEqual([])
})

test('a row that goes hands the focus to the one in its place, the last one to the element for that', async () => {
  const { root, element, cart } = open(LIST)
  await cart.ready
  for (const sku of ['A', 'B']) cart.addItem({ sku, price: 1 })
  await shown()
  const remove = (): HTMLElement => element('[data-cart-remove]')
  remove().focus()
  remove().click()
  await shown()
  expect(document.activeElement).toBe(remove())
  expect(root.querySelectorAll('li')).toHaveLength(1)
  remove().click()
  await shown()
  expect(document.activeElement).toBe(element('[data-cart-focus]'))
})

test('one click writes to one row of a thousand', async () => {
  const { root, cart } = open(LIST)
  await cart.ready
  for (let line = 0; line < 1000; line++) cart.addItem({ sku: `S${line}`, name: `Thing ${line}`, price: 1 })
  await shown()
  const rows = [...root.querySelectorAll('li')]
  const changed = new Set<Element | null>()
  const observer = new MutationObserver(records => {
    for (const { target } of records) changed.add(target instanceof Element ? target.closest('li') : null)
  })
  observer.observe(root, { childList: true, subtree: true, characterData: true, attributes: true })
  rows[500]!.querySelector<HTMLElement>('[data-cart-change="1"]')!.click()
  await shown()
  observer.disconnect()
  expect([...changed]).toEqual([rows[500]])
  expect(rows[500]!.querySelector('i')!.textContent).toBe('€2.00')
})

test('what is added later is connected, what is taken out is let go', async () => {
  const { root, cart, texts } = open('')
  await cart.ready
  const part = document.createElement('section')
  part.innerHTML = `<p data-cart-text="quantity"></p>${LIST}`
  root.append(part)
  cart.addItem({ sku: 'A', price: 1 })
  await shown()
  expect([texts('p'), texts('li b')]).toEqual([['1', ''], ['A']])
  part.remove()
  await shown()
  cart.addItem({ sku: 'B', price: 1 })
  await shown()
  expect(part.querySelector('p')!.textContent).toBe('1')
  root.append(part)
  await shown()
  expect([texts('p'), texts('li b')]).toEqual([
    ['2', ''],
    ['A', 'B'],
  ])
})

test('names and attributes are text, and no address runs anything', async () => {
  const { root, cart } = open(`<template data-cart-items><div>
    <b data-cart-text="item.name"></b><u data-cart-text="item.attributes.__proto__"></u>
    <a data-cart-href="item.attributes.page"></a><img alt="" data-cart-src="item.attributes.picture" />
  </div></template>`)
  await cart.ready
  const markup = '<img src=x onerror="document.title = 1"><script>document.title = 2</script>'
  const page = ' java\tscript:document.title=3'
  cart.addItem({ sku: 'A', name: markup, price: 1, attributes: { page, picture: 'data:text/html,<script>' } })
  await shown()
  const row = root.querySelector('div')!
  const name = row.querySelector('b')!
  expect([name.textContent, name.children.length]).toEqual([markup, 0])
  expect([row.querySelector('u')!.textContent, row.querySelector('a')!.hasAttribute('href')]).toEqual(['', false])
  expect(row.querySelector('img')!.hasAttribute('src')).toBe(false)
})

const COUPON = `
  <form data-cart-coupon><input name="coupon" /><button>Apply</button></form>
  <p data-cart-text="coupon.error"></p><p id="pending" data-cart-show="coupon.pending"></p>
  <template data-cart-notices><aside><b data-cart-text="notice.message"></b><button data-cart-dismiss></button></aside></template>`

test('a coupon is pending, then refused with the reason in words, until it is dismissed', async () => {
  let answer = (): void => {}
  const answered = new Promise<void>(resolve => (answer = resolve))
  const { options } = withServer(async () => {
    await answered
    return { rejected: [{ kind: 'coupon', reason: 'CouponExpired' }] }
  })
  const { element, cart, text, texts, events } = open(COUPON, options, {
    words: { 'coupon-rejected': 'No luck: {reason}.' },
  })
  await cart.ready
  element<HTMLInputElement>('input').value = ' SUMMER '
  element('button').click()
  await shown()
  expect([cart.$session.get().coupon, element<HTMLInputElement>('input').value]).toEqual(['SUMMER', ''])
  expect(element('#pending').hidden).toBe(false)
  answer()
  await expect.poll(() => text('p')).toBe('No luck: CouponExpired.')
  expect([element('#pending').hidden, cart.$session.get().coupon]).toEqual([true, ''])
  expect(texts('aside b')).toEqual(['No luck: CouponExpired.'])
  expect(events).toContain('cart:notice coupon-rejected')
  element('aside button').click()
  await shown()
  expect([texts('aside'), text('p')]).toEqual([[], ''])
})

test('a link to the checkout waits until the server has everything, and says when it cannot be reached', async () => {
  const { backend, options } = withServer(async () => ({}))
  const { element, cart, text } = open(
    '<a href="#pay" data-cart-checkout>Pay</a><p data-cart-text="checkout.error"></p>',
    options,
  )
  await cart.ready
  cart.addItem({ sku: 'A', price: 1 })
  backend.fault = () => Promise.reject(new TypeError('no network'))
  element('a').click()
  await expect.poll(() => text('p')).toBe('The shop cannot be reached. Nothing is lost; please try again.')
  expect(location.hash).toBe('')
  backend.fault = null
  element('a').click()
  await expect.poll(() => location.hash).toBe('#pay')
  expect([text('p'), cart.$status.get().pending]).toEqual(['', 0])
  history.replaceState(null, '', location.pathname + location.search)
})

test('what is disconnected shows and does nothing any more', async () => {
  const { element, cart, text, stop } = open(
    '<button data-cart-add data-cart-sku="A"></button><p data-cart-text="quantity"></p>',
  )
  await cart.ready
  stop()
  element('button').click()
  cart.addItem({ sku: 'B', price: 1 })
  await shown()
  expect([cart.$quantity.get(), text('p')]).toEqual([1, '0'])
})
