import { onTestFinished } from 'vitest'
import { bindCart, type BindOptions } from '../../src/dom/index.ts'
import { createSessionCart, type SessionCart, type SessionCartOptions } from '../../src/index.ts'
import type { SessionHandlerOptions } from '../../src/server/index.ts'
import { createBackend, type Backend } from './device.ts'

/** A cart and the part of the page that is bound to it. */
interface BoundPage {
  readonly cart: SessionCart
  readonly root: HTMLElement
  /** The text of the one element a selector finds. */
  text(selector: string): string
  texts(selector: string): string[]
  element<Kind extends HTMLElement = HTMLElement>(selector: string): Kind
  /** What was dispatched, in order. */
  readonly events: string[]
  /** Stops showing anything. */
  readonly stop: () => void
}

/** Binds markup to a new cart until the test is over. */
export function open(
  html: string,
  options: Partial<SessionCartOptions> = {},
  bindOptions: BindOptions = {},
): BoundPage {
  const cart = createSessionCart({ currency: 'EUR', storage: 'memory', locale: 'en', ...options })
  const root = document.createElement('main')
  root.innerHTML = html
  document.body.append(root)
  const events: string[] = []
  for (const type of ['cart:change', 'cart:notice', 'cart:error']) {
    root.addEventListener(type, event => {
      const { detail } = event as CustomEvent<{ code?: string }>
      events.push(`${type} ${detail.code ?? ''}`.trim())
    })
  }
  const stop = bindCart(cart, { root, ...bindOptions })
  onTestFinished(() => {
    stop()
    cart.dispose()
    root.remove()
  })
  const element = <Kind extends HTMLElement>(selector: string): Kind => root.querySelector<Kind>(selector)!
  return {
    cart,
    root,
    element,
    text: selector => element(selector).textContent ?? '',
    texts: selector => [...root.querySelectorAll(selector)].map(({ textContent }) => textContent ?? ''),
    events,
    stop,
  }
}

/** Lets what is shown catch up. */
export const shown = (): Promise<void> => new Promise(resolve => setTimeout(resolve))

/** The options of a cart that syncs with a server of its own. */
export function withServer(upstream?: SessionHandlerOptions['upstream']): {
  backend: Backend
  options: Partial<SessionCartOptions>
} {
  const backend = createBackend({ upstream })
  return { backend, options: { endpoint: '/api/sessions', fetch: backend.fetch } }
}
