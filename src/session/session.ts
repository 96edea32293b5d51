import type { Attributes } from './json.ts'

/** The states of a session. Which moves are legal stands in `states.ts`. */
export type SessionState = 'open' | 'closed' | 'partially_returned' | 'cancelled'

/** What one unit of an item costs beyond its price, such as a deposit: `{ price }` in major units. */
export interface AdditionalCost {
  /** Major units of the cart's currency, per unit of the item. */
  readonly price: number
}

/** What a shop says about an item: the writable fields of Talon.One's `CartItem`, without the quantity. */
export interface ItemInput<ItemAttributes = Attributes> {
  /** Stock keeping unit; at least one character. */
  readonly sku: string
  /** Name shown to the shopper. */
  readonly name?: string | undefined
  /** Price of one unit in major units of the cart's currency. Without it the totals stay estimated. */
  readonly price?: number | undefined
  /** Type, group or model of the item. */
  readonly category?: string | undefined
  /** The product the item is a variant of. */
  readonly product?: { readonly name: string } | undefined
  /** Weight of one unit in grams. */
  readonly weight?: number | undefined
  /** Height in millimetres. */
  readonly height?: number | undefined
  /** Width in millimetres. */
  readonly width?: number | undefined
  /** Length in millimetres. */
  readonly length?: number | undefined
  /** Free attributes, such as size and colour. They tell one line of a sku from another. */
  readonly attributes?: ItemAttributes | undefined
  /** Costs of one unit beyond its price, by name. */
  readonly additionalCosts?: { readonly [name: string]: AdditionalCost } | undefined
  /** ISO 4217 code. Only compared with the cart's currency (`currency-mismatch`), never stored. */
  readonly currency?: string | undefined
}

/** An item together with its quantity: a seeded line, or one that comes back by undo. */
export type LineInput<ItemAttributes = Attributes> = ItemInput<ItemAttributes> & { readonly quantity: number }

/** New values for fields of a line; `null` removes an optional field. Attributes and costs are replaced as a whole. */
export type ItemChanges<ItemAttributes = Attributes> = {
  readonly [Field in keyof Omit<ItemInput, 'sku'>]?: ItemInput<ItemAttributes>[Field] | null
} & {
  readonly sku?: string | undefined
}

/**
 * A line of the cart: Talon.One's `CartItem` with its wire names. The fields after `quantity` belong to the server.
 *
 * Source: https://docs.talon.one/integration-api#tag/Customer-sessions (CartItem)
 */
export interface CartItem<ItemAttributes = Attributes> extends Omit<ItemInput<ItemAttributes>, 'currency'> {
  /** Units in the line; a whole number from 1. */
  readonly quantity: number
  /** Units that came back. */
  readonly returnedQuantity?: number | undefined
  /** Units that did not come back. */
  readonly remainingQuantity?: number | undefined
  /** Index of the line as the server last saw it. */
  readonly position?: number | undefined
  /** Id of the catalogue entry behind the sku. */
  readonly catalogItemID?: number | undefined
  /** The price type the server chose. */
  readonly selectedPriceType?: string | undefined
  /** Id (UUID) of the price adjustment in force. */
  readonly adjustmentReferenceId?: string | undefined
  /** Start of the price adjustment, ISO 8601. */
  readonly adjustmentEffectiveFrom?: string | undefined
  /** End of the price adjustment, ISO 8601. */
  readonly adjustmentEffectiveUntil?: string | undefined
  /** Prices by price type, as the server sent them. */
  readonly prices?: Attributes | undefined
}

/**
 * The active session: all 14 properties of Talon.One's `CustomerSession` with their wire names.
 *
 * Source: https://github.com/talon-one/talon_one.py, docs/CustomerSession.md at 4.0.0
 */
export interface CustomerSession<SessionAttributes = Attributes, ItemAttributes = Attributes> {
  /** Names the session; 1 to 1000 characters. */
  readonly integrationId: string
  /** ISO 8601; empty until the session has started. The server's clock once it has confirmed the session. */
  readonly created: string
  /** The Talon.One application; 0 until the server has said which. */
  readonly applicationId: number
  /** The customer profile; empty for a shopper not known. */
  readonly profileId: string
  /** The coupon code in use; empty without one. At most 100 characters. */
  readonly coupon: string
  /** The referral code in use; empty without one. At most 100 characters. */
  readonly referral: string
  /** Where the session stands. */
  readonly state: SessionState
  /** The lines of the cart, in the order shown. */
  readonly cartItems: readonly CartItem<ItemAttributes>[]
  /** Up to 5 identifiers for limits on promotions. */
  readonly identifiers: readonly string[]
  /** Exact sum of the lines in major units. Always derived from `cartItems`, never sent. */
  readonly total: number
  /** Free attributes of the session. */
  readonly attributes: SessionAttributes
  /** Whether this is the profile's first session; true for a shopper not known. */
  readonly firstSession: boolean
  /** What each discount takes off, in major units, by name. The server's. */
  readonly discounts: { readonly [name: string]: number }
  /** ISO 8601; the most recent change. */
  readonly updated: string
}

const NOTHING = Object.freeze({})
const NO_ITEMS: readonly never[] = Object.freeze([])

/**
 * A session before anything happened to it: open, empty, not started (`created` is empty).
 *
 * @param integrationId Names the session; empty while it is not known yet.
 */
export function emptySession(integrationId: string): CustomerSession {
  return Object.freeze({
    integrationId,
    created: '',
    applicationId: 0,
    profileId: '',
    coupon: '',
    referral: '',
    state: 'open',
    cartItems: NO_ITEMS,
    identifiers: NO_ITEMS,
    total: 0,
    attributes: NOTHING,
    firstSession: true,
    discounts: NOTHING,
    updated: '',
  })
}
