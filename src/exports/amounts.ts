import { SessionCartError, type Attributes, type CartItem } from '../index.ts'
import { ZERO, add, decimal, type Decimal } from '../session/decimal.ts'

/** A line that is still there, with what it costs. */
export interface Sold {
  readonly item: CartItem
  /** Units that were not returned. */
  readonly quantity: number
  /** Of one unit. */
  readonly price: Decimal
  /** Of one unit, by name. */
  readonly costs: readonly (readonly [name: string, price: Decimal])[]
}

/** An amount times so many units, exactly. */
export const times = (amount: Decimal, quantity: number): Decimal => add(ZERO, amount, quantity)

/** What people call it. */
export const nameOf = ({ name, sku }: CartItem): string => name || sku

/** Units that were not returned. */
export const remainingOf = ({ quantity, returnedQuantity = 0 }: CartItem): number => quantity - returnedQuantity

function amountOf(what: string, { sku }: CartItem, price: number | undefined): Decimal {
  if (price === undefined || price < 0) {
    throw new SessionCartError(
      'invalid-item',
      `${what} of ${JSON.stringify(sku)} is ${String(price)}; it has to be 0 or more to be charged.`,
    )
  }
  return decimal(price)
}

/**
 * The lines of which something is left.
 *
 * @throws SessionCartError with code `invalid-item` for one without a price, or with a negative one.
 */
export function soldOf(items: readonly CartItem[]): Sold[] {
  return items.flatMap(item => {
    const quantity = remainingOf(item)
    if (quantity <= 0) return []
    return {
      item,
      quantity,
      price: amountOf('The price', item, item.price),
      costs: Object.entries(item.additionalCosts ?? {}).map(([name, cost]) => [
        name,
        amountOf(`The cost ${JSON.stringify(name)}`, item, cost.price),
      ]),
    }
  })
}

/** The attributes that are text or numbers, as text. */
export function plainAttributes(attributes: Attributes = {}): (readonly [name: string, value: string])[] {
  return Object.entries(attributes).flatMap(([name, value]) =>
    typeof value === 'string' || typeof value === 'number' ? [[name, `${value}`] as const] : [],
  )
}
