import { parseCondition } from './conditions.ts'
import { textOf, valueOf, type Scope } from './values.ts'

/** Shows one attribute's worth of the cart in one element. */
export interface Part {
  readonly element: Element
  readonly show: (scope: Scope) => void
}

const SELECTOR =
  '[data-cart-text],[data-cart-show],[data-cart-hide],[data-cart-input="quantity"],[data-cart-src],[data-cart-href]'

type Make = (element: HTMLElement, text: string) => Part['show']

// Only what differs is written: a text that stays is not announced again, and an input that somebody types in is left alone.
const showText: Make = (element, name) => scope => {
  const text = textOf(name, scope)
  if (element.textContent !== text) element.textContent = text
}

const showWhen =
  (isShown: boolean): Make =>
  (element, text) => {
    const condition = parseCondition(text)
    return scope => {
      const hidden = (condition?.holds(valueOf(condition.name, scope).value) ?? false) !== isShown
      if (element.hidden !== hidden) element.hidden = hidden
    }
  }

const showQuantity: Make = element => {
  const input = element as HTMLInputElement
  let shown: string | undefined
  return ({ item }) => {
    const quantity = String(item?.quantity ?? '')
    // What somebody is typing stays until it is given.
    const isTyping = shown !== undefined && input.value !== shown && document.activeElement === input
    if (quantity !== shown && !isTyping) input.value = quantity
    shown = quantity
  }
}

// An address comes from an item, so it may be anybody's: only what a page may load or open without running it.
const showAddress =
  (attribute: 'src' | 'href'): Make =>
  (element, name) =>
  scope => {
    const address = textOf(name, scope)
    const isSafe = address !== '' && /^https?:$/.test(new URL(address, document.baseURI).protocol)
    if (!isSafe) element.removeAttribute(attribute)
    else if (element.getAttribute(attribute) !== address) element.setAttribute(attribute, address)
  }

const MAKERS: readonly (readonly [attribute: string, make: Make])[] = [
  ['data-cart-text', showText],
  ['data-cart-show', showWhen(true)],
  ['data-cart-hide', showWhen(false)],
  ['data-cart-input', showQuantity],
  ['data-cart-src', showAddress('src')],
  ['data-cart-href', showAddress('href')],
]

/** The parts of an element and all below it. What a template holds is not in the page yet. */
export function partsIn(root: ParentNode): Part[] {
  const elements = [...root.querySelectorAll<HTMLElement>(SELECTOR)]
  if (root instanceof HTMLElement && root.matches(SELECTOR)) elements.unshift(root)
  return elements.flatMap(element =>
    MAKERS.flatMap(([attribute, make]) => {
      const text = element.getAttribute(attribute)
      return text === null ? [] : { element, show: make(element, text) }
    }),
  )
}
