/** Leaves out what is the shopper's, or nothing. */
export interface Redaction {
  /** Items, attributes, codes, arguments: text becomes its length, anything else its type. */
  readonly data: (value: unknown) => unknown
  /** The id of a session: who knows it whole may be shown the cart, so only its beginning stays. */
  readonly id: (integrationId: string) => string
}

const MOST = 100
const DEPTH = 6
const ID_LENGTH = 6

// Names of the entity and of the arguments of mutations. Any other name is the shop's or the shopper's own.
const NAMES = new Set(
  (
    'item items cartItems line lines quantity by changes code identifiers profileId index rule from to epoch currency sku name ' +
    'price category product weight height width length attributes additionalCosts integrationId created applicationId ' +
    'coupon referral state total firstSession discounts updated returnedQuantity remainingQuantity position writer n args at ' +
    'reason message id items discount payable estimated'
  ).split(' '),
)

function shapeOf(value: unknown, depth: number): unknown {
  if (value === undefined || value === null) return value
  if (typeof value === 'string') return `text of ${value.length}`
  if (typeof value !== 'object') return typeof value
  const size = Array.isArray(value) ? value.length : Object.keys(value).length
  if (depth === 0) return `${size} entries`
  if (Array.isArray(value)) {
    const shown: unknown[] = value.slice(0, MOST).map(entry => shapeOf(entry, depth - 1))
    return size > MOST ? [...shown, `${size - MOST} more`] : shown
  }
  const known = Object.entries(value).filter(([name]) => NAMES.has(name))
  const entries = known.map(([name, entry]) => [name, shapeOf(entry, depth - 1)] as const)
  const rest = size - known.length
  return Object.fromEntries(rest ? [...entries, ['others', rest] as const] : entries)
}

/** @param withData Whether the shopper's data are asked for. */
export function createRedaction(withData: boolean): Redaction {
  if (withData) return { data: value => value, id: id => id }
  return {
    data: value => shapeOf(value, DEPTH),
    id: id => (id.length > ID_LENGTH * 2 ? `${id.slice(0, ID_LENGTH)}…` : `text of ${id.length}`),
  }
}
