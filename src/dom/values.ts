import { lineTotal, type CartItem, type Notice, type SessionCart } from '../index.ts'
import type { Marks } from './marks.ts'
import { wordsOf, type Words } from './words.ts'

/** What a name in the markup stands for. `undefined` is shown as nothing. */
export type Value = string | number | boolean | undefined

/** A name's value, and how it is shown. */
export interface Shown {
  readonly value: Value
  readonly isMoney?: boolean
}

/** Where a name is looked up: the page, or a row of a list. */
export interface Scope {
  readonly cart: SessionCart
  readonly marks: Marks
  readonly words: Words
  readonly item?: CartItem | undefined
  readonly notice?: Notice | undefined
  /** The key of the row's line. */
  readonly key?: string | undefined
}

const money = (value: number | undefined): Shown => ({ value, isMoney: true })
const plain = (value: unknown): Shown => ({
  value: typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string' ? value : undefined,
})

const PAGE: { readonly [name: string]: (scope: Scope) => Shown } = {
  total: ({ cart }) => money(cart.$totals.get().total),
  payable: ({ cart }) => money(cart.$totals.get().payable),
  discount: ({ cart }) => money(cart.$totals.get().discount),
  items: ({ cart }) => money(cart.$totals.get().items),
  additionalCosts: ({ cart }) => money(cart.$totals.get().additionalCosts),
  estimated: ({ cart }) => plain(cart.$totals.get().estimated),
  quantity: ({ cart }) => plain(cart.$quantity.get()),
  lines: ({ cart }) => plain(cart.$items.get().length),
  coupon: ({ cart }) => plain(cart.$session.get().coupon),
  referral: ({ cart }) => plain(cart.$session.get().referral),
  state: ({ cart }) => plain(cart.$session.get().state),
  phase: ({ cart }) => plain(cart.$status.get().phase),
  pending: ({ cart }) => plain(cart.$status.get().pending),
  online: ({ cart }) => plain(cart.$status.get().online),
  storage: ({ cart }) => plain(cart.$status.get().storage),
  notices: ({ cart }) => plain(cart.$notices.get().length),
}

// What `.pending` and `.error` can be said of.
const PLACES = ['coupon', 'referral', 'checkout']

const ROW: { readonly [name: string]: (item: CartItem, key: string, scope: Scope) => Shown } = {
  sku: item => plain(item.sku),
  name: item => plain(item.name ?? item.sku),
  price: item => money(item.price),
  quantity: item => plain(item.quantity),
  total: item => money(lineTotal(item)),
  category: item => plain(item.category),
  pending: (_item, key, { marks }) => plain(marks.isPending(key)),
  error: (_item, key, { marks }) => plain(marks.errorOf(key)),
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined
}

/** What a name stands for; a name nobody knows stands for nothing. */
export function valueOf(name: string, scope: Scope): Shown {
  const { item, notice, key = '' } = scope
  const [first = '', ...rest] = name.split('.')
  const last = rest.join('.')
  if (first === 'item') {
    if (!item) return plain(undefined)
    if (rest[0] === 'attributes') return plain(member(item.attributes, rest.slice(1).join('.')))
    return Object.hasOwn(ROW, last) ? (ROW[last] as (typeof ROW)[string])(item, key, scope) : plain(undefined)
  }
  if (first === 'notice')
    return plain(notice && last === 'message' ? wordsOf(scope.words, notice, scope.cart) : member(notice, last))
  if (first === 'attributes') return plain(member(scope.cart.$session.get().attributes, last))
  if (PLACES.includes(first)) {
    if (last === 'pending') return plain(scope.marks.isPending(first))
    if (last === 'error') return plain(scope.marks.errorOf(first))
  }
  return Object.hasOwn(PAGE, name) ? (PAGE[name] as (typeof PAGE)[string])(scope) : plain(undefined)
}

/** A name's value as text. */
export function textOf(name: string, scope: Scope): string {
  const { value, isMoney } = valueOf(name, scope)
  if (value === undefined) return ''
  return isMoney && typeof value === 'number' ? scope.cart.format(value) : String(value)
}
