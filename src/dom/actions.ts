import type { CartItem, ItemInput, SessionCart, SessionCartError } from '../index.ts'
import type { Marks } from './marks.ts'
import { rowAround, type Row } from './rows.ts'

/** What the events of a page are told to. */
export interface ActionContext {
  readonly cart: SessionCart
  readonly marks: Marks
  /** Hears of a command that was refused at once. */
  readonly refused: (element: Element, error: SessionCartError) => void
}

const ATTRIBUTE = 'attribute-'

/** What a button says of its item, or a form: a field that is filled in comes before what the form says itself. */
function fieldsOf(element: Element): Map<string, string> {
  const fields = new Map<string, string>()
  for (const { name, value } of element.attributes) {
    if (name.startsWith('data-cart-') && name !== 'data-cart-add') fields.set(name.slice('data-cart-'.length), value)
  }
  if (!(element instanceof HTMLFormElement)) return fields
  for (const [name, value] of new FormData(element)) if (typeof value === 'string' && value) fields.set(name, value)
  return fields
}

function itemOf(fields: ReadonlyMap<string, string>): ItemInput {
  const [name, price, category, currency] = ['name', 'price', 'category', 'currency'].map(field => fields.get(field))
  const attributes = Object.fromEntries(
    [...fields].flatMap(([field, value]) =>
      field.startsWith(ATTRIBUTE) ? [[field.slice(ATTRIBUTE.length), value]] : [],
    ),
  )
  return {
    sku: fields.get('sku') ?? '',
    name,
    // Not a number is the cart's to refuse.
    price: price === undefined ? undefined : Number(price || NaN),
    category,
    currency,
    attributes: Object.keys(attributes).length > 0 ? attributes : undefined,
  }
}

const lineOf = ({ sku, attributes }: CartItem) => ({ sku, attributes })

type Act = (context: ActionContext, element: HTMLElement, row: Row | undefined) => SessionCartError | undefined

function add({ cart, marks }: ActionContext, element: HTMLElement): SessionCartError | undefined {
  const fields = fieldsOf(element)
  const item = itemOf(fields)
  return marks.give(`add ${item.sku}`, () => cart.addItem(item, Number(fields.get('quantity') ?? 1)))
}

const onLine =
  (command: (cart: SessionCart, item: CartItem, element: HTMLElement) => ReturnType<SessionCart['removeItem']>): Act =>
  ({ cart, marks }, element, row) =>
    row?.item && marks.give(row.key, () => command(cart, row.item as CartItem, element))

const CLICKS: { readonly [selector: string]: Act } = {
  '[data-cart-add]:not(form)': add,
  '[data-cart-change]': onLine((cart, item, element) =>
    cart.changeQuantity(lineOf(item), Number(element.getAttribute('data-cart-change'))),
  ),
  '[data-cart-remove]': onLine((cart, item) => cart.removeItem(lineOf(item))),
  '[data-cart-clear]': ({ cart, marks }) => marks.give('cart', () => cart.clearItems()),
  '[data-cart-remove-coupon]': ({ cart, marks }) => marks.give('coupon', () => cart.removeCoupon()),
  '[data-cart-remove-referral]': ({ cart, marks }) => marks.give('referral', () => cart.removeReferral()),
  '[data-cart-start]': ({ cart, marks }, element) =>
    marks.give('cart', () => cart.startSession({ keep: element.getAttribute('data-cart-start') === 'keep' })),
  '[data-cart-retry]': ({ cart, marks }) => marks.give('retry', () => cart.refresh()),
  '[data-cart-dismiss]': ({ cart }, _element, row) => {
    if (row?.notice) cart.dismiss(row.notice.id)
    return
  },
}

const withCode =
  (
    place: 'coupon' | 'referral',
    command: (cart: SessionCart, code: string) => ReturnType<SessionCart['applyCoupon']>,
  ): Act =>
  ({ cart, marks }, element) => {
    const form = element as HTMLFormElement
    const code = new FormData(form).get(place)
    const error = marks.give(place, () => command(cart, typeof code === 'string' ? code.trim() : ''))
    if (!error) form.reset()
    return error
  }

const SUBMITS: { readonly [selector: string]: Act } = {
  'form[data-cart-add]': add,
  'form[data-cart-coupon]': withCode('coupon', (cart, code) => cart.applyCoupon(code)),
  'form[data-cart-referral]': withCode('referral', (cart, code) => cart.applyReferral(code)),
}

const CHANGES: { readonly [selector: string]: Act } = {
  '[data-cart-input="quantity"]': ({ cart, marks }, element, row) => {
    const { item } = row ?? {}
    if (!row || !item) return
    const input = element as HTMLInputElement
    const error = marks.give(row.key, () => cart.setQuantity(lineOf(item), Number(input.value || NaN)))
    // What it was, so that it does not look as if it had been taken.
    if (error) input.value = String(item.quantity)
    return error
  },
}

// Leaving is put off until the server has everything, then done as it was meant.
function gate({ cart, marks }: ActionContext, element: HTMLElement, event: Event): void {
  if (element.dataset.cartCheckout === 'passed') return void delete element.dataset.cartCheckout
  event.preventDefault()
  if (marks.isPending('checkout')) return
  marks.give('checkout', async () => {
    await cart.flush()
    element.dataset.cartCheckout = 'passed'
    if (element instanceof HTMLFormElement) element.requestSubmit(event instanceof SubmitEvent ? event.submitter : null)
    else element.click()
  })
}

/**
 * Lets what the shopper does in a page become commands. One listener serves all elements, those added later included.
 *
 * @returns Stops it.
 */
export function listen(root: Document | Element, context: ActionContext): () => void {
  const stop = new AbortController()
  function on(type: string, acts: { readonly [selector: string]: Act }, gated: string): void {
    root.addEventListener(
      type,
      event => {
        const target = event.target instanceof Element ? event.target : null
        const gateway = target?.closest<HTMLElement>(gated)
        if (gateway) return gate(context, gateway, event)
        for (const [selector, act] of Object.entries(acts)) {
          const element = target?.closest<HTMLElement>(selector)
          if (!element) continue
          // A link or a submit button would leave the page.
          if (type !== 'change') event.preventDefault()
          const error = act(context, element, rowAround(element))
          if (error) context.refused(element, error)
          return
        }
      },
      { signal: stop.signal },
    )
  }
  on('click', CLICKS, 'a[data-cart-checkout],button[type="button"][data-cart-checkout]')
  on('submit', SUBMITS, 'form[data-cart-checkout]')
  on('change', CHANGES, ':not(*)')
  return () => stop.abort()
}
