import type { SessionCart } from '../cart/api.ts'
import { SessionCartError, quote } from '../errors.ts'
import { make } from './make.ts'
import { showCart } from './panel.ts'
import { inspectorStyle } from './style.ts'
import { ENGLISH, type InspectorWords } from './words.ts'

const NAME = 'session-cart-inspector'

// On a server there are no elements; the module can be imported there all the same.
const { HTMLElement: here } = globalThis as { HTMLElement?: typeof HTMLElement }
const Base: typeof HTMLElement = here ?? (Object as unknown as typeof HTMLElement)

/** What the script-tag file has made. */
export function cartOfPage(): SessionCart | undefined {
  return (globalThis as { SessionCart?: { cart?: SessionCart } }).SessionCart?.cart
}

function check(cart: SessionCart | undefined): SessionCart | undefined {
  if (cart === undefined || typeof (cart as SessionCart | null)?.inspect === 'function') return cart
  throw new SessionCartError('invalid-argument', `${quote(cart)} is no cart: give what createSessionCart returned.`)
}

/**
 * The element `<session-cart-inspector>`: a frame at the bottom of the page that shows what is inside a cart, live.
 *
 * It works from when it is in the document until it is taken out; then it lets the network go on and listens to nothing any
 * more. {@link defineInspector} makes it known to the browser.
 */
export class SessionCartInspector extends Base {
  #cart: SessionCart | undefined
  #words: Partial<InspectorWords> = {}
  #stop: (() => void) | undefined

  /**
   * The cart that is looked at. Throws `invalid-argument` when it is set to something else.
   *
   * @defaultValue `SessionCart.cart`, the cart of the script tag
   */
  get cart(): SessionCart | undefined {
    return this.#cart ?? cartOfPage()
  }

  set cart(cart: SessionCart | undefined) {
    this.#cart = check(cart)
    this.#restart()
  }

  /** Words that take the place of the English ones. */
  get words(): Partial<InspectorWords> {
    return this.#words
  }

  set words(words: Partial<InspectorWords>) {
    this.#words = words
    this.#restart()
  }

  /** @internal */
  connectedCallback(): void {
    this.#takeOver('cart')
    this.#takeOver('words')
    this.#restart()
  }

  /** @internal */
  disconnectedCallback(): void {
    this.#stop?.()
    this.#stop = undefined
  }

  // A property that was set before the browser knew the element hides the one of the class.
  #takeOver(name: 'cart' | 'words'): void {
    if (!Object.hasOwn(this, name)) return
    const own = Object.getOwnPropertyDescriptor(this, name)
    Reflect.deleteProperty(this, name)
    Reflect.set(this, name, own?.value)
  }

  #restart(): void {
    if (!this.isConnected) return
    this.#stop?.()
    const words = { ...ENGLISH, ...this.#words }
    const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' })
    root.adoptedStyleSheets = [inspectorStyle()]
    const { cart } = this
    if (cart) this.#stop = showCart(root, cart, words, () => this.remove())
    else {
      const text = make('p', { class: 'empty' }, words.noCart)
      root.replaceChildren(make('section', { class: 'dock', 'aria-label': words.label }, text))
    }
  }
}

/**
 * Makes `<session-cart-inspector>` known to the browser. Once more it does nothing, and neither does it on a server.
 *
 * @param name The name of the element. @defaultValue `session-cart-inspector`
 * @throws SessionCartError with code `invalid-argument` when the browser does not take the name.
 *
 * @example
 * defineInspector()
 */
export function defineInspector(name: string = NAME): void {
  if (typeof customElements === 'undefined' || customElements.get(name)) return
  try {
    // A class has one name only, and somebody may want two.
    customElements.define(name, class extends SessionCartInspector {})
  } catch (cause) {
    throw new SessionCartError('invalid-argument', `${quote(name)} cannot be the name of an element.`, cause)
  }
}

/**
 * Opens an inspector at the bottom of the page; one that is open for this cart already is returned as it is.
 *
 * @param cart What to look at. @defaultValue `SessionCart.cart`, the cart of the script tag
 * @throws SessionCartError with code `invalid-argument` when there is no cart, or no page to show it in.
 *
 * @example
 * if (typeof document !== 'undefined') openInspector(cart)
 */
export function openInspector(cart: SessionCart | undefined = cartOfPage()): SessionCartInspector {
  if (typeof document === 'undefined' || !cart) {
    throw new SessionCartError('invalid-argument', 'openInspector needs a page, and a cart to look at.')
  }
  check(cart)
  defineInspector()
  const open = [...document.querySelectorAll<SessionCartInspector>(NAME)].find(each => each.cart === cart)
  if (open) return open
  const inspector = document.createElement(NAME) as SessionCartInspector
  inspector.cart = cart
  document.body.append(inspector)
  return inspector
}
