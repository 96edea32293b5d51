import type { CartItem } from '../index.ts'
import type { CartEvent } from '../analytics/index.ts'
import { plainAttributes, remainingOf } from './amounts.ts'

/** An entry of `items` of an event of Google Analytics 4. */
export interface Ga4Item {
  readonly item_id: string
  readonly item_name?: string
  readonly item_category?: string
  /** The values of the attributes, such as `M / red`. */
  readonly item_variant?: string
  /** Major units, of one unit. */
  readonly price?: number
  readonly quantity: number
  /** Place in the list, from 0. */
  readonly index?: number
}

/** An event as `gtag('event', name, params)` takes it. */
export interface Ga4Event {
  readonly name: CartEvent['name']
  readonly params: {
    /** ISO 4217 code. */
    readonly currency: string
    /** Major units: price × quantity, additional costs left out. */
    readonly value?: number
    readonly items: readonly Ga4Item[]
  }
}

function itemOf({ sku, name, category, attributes, price }: CartItem, quantity: number): Ga4Item {
  const variant = plainAttributes(attributes)
    .map(([, value]) => value)
    .join(' / ')
  return {
    item_id: sku,
    ...(name && { item_name: name }),
    ...(category && { item_category: category }),
    ...(variant && { item_variant: variant }),
    ...(price !== undefined && { price }),
    quantity,
  }
}

/**
 * Lines as `items` of `view_cart`, `begin_checkout` or `purchase`.
 *
 * Source: https://developers.google.com/analytics/devguides/collection/ga4/reference/events
 *
 * @example
 * toGa4Items([{ sku: 'MUG-01', name: 'Mug', price: 12.5, quantity: 2 }])[0].item_id // 'MUG-01'
 */
export function toGa4Items(items: readonly CartItem[]): readonly Ga4Item[] {
  return items
    .filter(item => remainingOf(item) > 0)
    .map((item, index) => ({ ...itemOf(item, remainingOf(item)), index }))
}

/**
 * An event of `trackCart` as Google Analytics 4 takes it.
 *
 * Source: https://developers.google.com/analytics/devguides/collection/ga4/reference/events#add_to_cart
 *
 * @example
 * trackCart(cart, event => {
 *   const { name, params } = toGa4Event(event)
 *   tell(name, params) // gtag('event', name, params)
 * })
 */
export function toGa4Event({ name, item, quantity, value, currency }: CartEvent): Ga4Event {
  return { name, params: { currency, ...(value !== undefined && { value }), items: [itemOf(item, quantity)] } }
}
