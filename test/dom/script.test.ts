// The files of the script tags: what a page has of them without a line of script.
import { expect, onTestFinished, test, vi } from 'vitest'
import { createSessionCart } from '../../src/index.ts'

/** Makes the script that the browser runs look like a tag of the page. */
function runAs(attributes: Readonly<Record<string, string>>): void {
  const tag = document.createElement('script')
  for (const [name, value] of Object.entries(attributes)) tag.setAttribute(name, value)
  Object.defineProperty(document, 'currentScript', { value: tag, configurable: true })
  onTestFinished(() => void Reflect.deleteProperty(document, 'currentScript'))
}

test('a script tag that asks for it makes a cart of its attributes and shows it in the page', async () => {
  const scope = `script ${Math.random()}`
  const shown = document.createElement('p')
  shown.dataset.cartText = 'total'
  document.body.append(shown)
  onTestFinished(() => shown.remove())
  runAs({ 'data-session-cart': '', 'data-currency': 'JPY', 'data-locale': 'en', 'data-scope': scope })
  const { cart } = await import('../../src/dom/script.ts')
  onTestFinished(() => cart?.dispose())
  await cart!.ready
  cart!.addItem({ sku: 'TEA', price: 300 }, 2)
  await expect.poll(() => shown.textContent).toBe('¥600')
  expect(cart!.inspect().scope).toBe(scope)
})

test('the script of the inspector opens it on the cart of the page', async () => {
  const cart = createSessionCart({ currency: 'EUR', storage: 'memory' })
  onTestFinished(() => cart.dispose())
  vi.stubGlobal('SessionCart', { cart })
  onTestFinished(() => void vi.unstubAllGlobals())
  await import('../../src/inspector/script.ts')
  const opened = document.querySelectorAll('session-cart-inspector')
  onTestFinished(() => opened.forEach(inspector => inspector.remove()))
  expect([...opened]).toEqual([expect.objectContaining({ cart })])
})
