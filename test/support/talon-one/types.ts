/** Money or points by currency, or the same in every currency; major units. */
export type Amount = number | { readonly [currency: string]: number }

/** An Application, which is what an API key opens. */
export interface ApiKey {
  /** What follows `ApiKey-v1 ` in the Authorization header. */
  readonly key: string
  readonly applicationId: number
  /** ISO 4217 code; it is in no request and no answer. */
  readonly currency: string
  /** The end of its validity, in ms since 1970. @defaultValue it has none */
  readonly expires?: number
  /** A key of a test environment makes every request a dry one. @defaultValue false */
  readonly isTest?: boolean
}

/** When a rule applies: all that is given has to hold. */
export interface Condition {
  /** A good coupon or referral code of the campaign. */
  readonly code?: 'coupon' | 'referral'
  /** The least and, exclusively, the most that the items come to. */
  readonly from?: Amount
  readonly below?: Amount
  /** So many units of a sku. */
  readonly sku?: string
  readonly units?: number
  /** The session has a profile. */
  readonly profile?: boolean
}

/** What a rule does. Any other `type` is handed on with its `props`, as a release that came later would. */
export type Action =
  | { readonly type: 'setDiscount'; readonly name: string; readonly percent?: number; readonly value?: Amount }
  | { readonly type: 'setDiscountPerItem'; readonly name: string; readonly percent?: number; readonly value?: Amount }
  | { readonly type: 'addFreeItem'; readonly sku: string; readonly name: string; readonly quantity?: number }
  | {
      readonly type: 'showNotification'
      readonly notificationType: 'Info' | 'Offer' | 'Error' | 'Misc'
      readonly title: string
      /** `{missing}` stands for what the items lack to `below`. */
      readonly body: string
    }
  | {
      readonly type: 'addLoyaltyPoints'
      readonly programId: number
      readonly name: string
      /** Points for each major unit that the items come to. */
      readonly per: Amount
    }
  | { readonly type: string; readonly props: { readonly [name: string]: unknown } }

/** A rule of a campaign. */
export interface Rule {
  readonly name: string
  readonly when?: Condition
  readonly effects: readonly Action[]
}

interface Code {
  /** Stored in upper case, matched in any. At most 100 characters. */
  readonly code: string
  /** How many sessions may redeem it; 0 is without end. @defaultValue 0 */
  readonly usageLimit?: number
  /** ISO 8601. @defaultValue it is valid from the start, and for ever */
  readonly startDate?: string
  readonly expiryDate?: string
}

/** A coupon of a campaign. */
export interface Coupon extends Code {
  /** How often one profile may redeem it. @defaultValue as often as it likes */
  readonly profileLimit?: number
  /** The only profile that may redeem it. @defaultValue every one */
  readonly recipient?: string
}

/** A referral code of a campaign. */
export interface Referral extends Code {
  /** The profile that recommends the shop. */
  readonly advocate: string
}

/** A campaign. */
export interface Campaign {
  readonly id: number
  readonly name: string
  /** @defaultValue true */
  readonly isRunning?: boolean
  readonly rules: readonly Rule[]
  readonly coupons?: readonly Coupon[]
  readonly referrals?: readonly Referral[]
}

/** Types of custom attributes. */
export type AttributeType =
  | 'string'
  | 'number'
  | 'boolean'
  | 'time'
  | 'location'
  | '(list string)'
  | '(list number)'
  | '(list time)'
  | '(list location)'

/** Which custom attributes exist. */
export interface AttributeTypes {
  readonly CustomerSession?: { readonly [name: string]: AttributeType }
  readonly CartItem?: { readonly [name: string]: AttributeType }
}

/** What can go wrong with a request. */
export type Fault =
  | 'connection lost before processing'
  | 'processed late'
  | 'gateway error'
  | 'server error'
  | 'too many requests'
  | 'too many updates'
  | 'unauthorized'
  | 'gateway timeout'
  | 'slow answer'
  | 'answer lost'
  | 'answer never comes'
  | 'answer never ends'
  | 'answer cut half way'
  | 'page of a firewall'
  | 'sparse answer'
  | 'new effect type'

/** What there is to choose. */
export interface TalonOneOptions {
  /** Time comes from here alone. */
  readonly clock: {
    readonly now: () => number
    readonly after: (ms: number, job: () => void) => () => void
  }
  /** From 0 up to 1; chance comes from here alone. */
  readonly random: () => number
  /** @defaultValue `API_KEYS` of `campaigns.mjs` */
  readonly apiKeys?: readonly ApiKey[]
  /** @defaultValue `CAMPAIGNS` of `campaigns.mjs` */
  readonly campaigns?: readonly Campaign[]
  /** @defaultValue `ATTRIBUTES` of `campaigns.mjs` */
  readonly attributes?: AttributeTypes
  /** Which additional costs exist. @defaultValue `shipping` and `giftWrap` */
  readonly additionalCosts?: { readonly [name: string]: 'session' | 'item' | 'both' }
  /** Days after which a session that nobody touched is forgotten. @defaultValue 30 */
  readonly retention?: number
  /** Where Idempotency-Key is heeded. @defaultValue `everywhere`, as since August 2026; before, on returns only */
  readonly idempotency?: 'everywhere' | 'returns' | 'nowhere'
  /** Which answers are kept to be replayed. @defaultValue `success` */
  readonly replays?: 'success' | 'all'
  /** What an update does to session attributes it does not name. @defaultValue `merge` keeps them */
  readonly sessionAttributes?: 'merge' | 'replace'
  /** How often an item's additional costs count. @defaultValue `line`, once for the line */
  readonly itemCosts?: 'line' | 'unit'
  /** The most requests in so many ms. @defaultValue without limit */
  readonly rateLimit?: { readonly requests: number; readonly ms: number }
  /** What comes before `/attributes/…` in the pointers of errors. @defaultValue nothing */
  readonly pointerPrefix?: string
  /** Whether a fault strikes now. @defaultValue none does */
  readonly faults?: { readonly strikes: (fault: Fault) => boolean }
  /** How many ms a request takes, which is how long it keeps others waiting. @defaultValue 0 */
  readonly latency?: number | (() => number)
  /** The most ms that a late request or answer is late. @defaultValue 60 000 */
  readonly lateness?: number
}

/** Something that took effect. */
export interface Deed {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly applicationId: number
  /** The session's integration id. */
  readonly session: string
  readonly did:
    | 'created'
    | 'updated'
    | 'closed'
    | 'cancelled'
    | 'returned'
    | 'reopened'
    | 'coupon redeemed'
    | 'coupon rolled back'
    | 'referral redeemed'
    | 'referral rolled back'
    | 'points added'
    | 'points rolled back'
  readonly code?: string
  readonly points?: number
  /** Units that came back, by position. */
  readonly units?: readonly { readonly position: number; readonly quantity: number }[]
}

/** A request that arrived. */
export interface Arrival {
  readonly at: number
  readonly method: string
  /** Path and query, as they came. */
  readonly path: string
  readonly idempotencyKey: string | undefined
  readonly body: string
  /** What it was answered, heard or not. `undefined` while it was not. */
  status: number | undefined
  isReplay: boolean
}

/** A Talon.One in memory. */
export interface TalonOne {
  /** Answers; rejects with a `TypeError`, as `fetch` does, when the connection is lost, and never settles when no answer comes. */
  readonly handle: (request: Request) => Promise<Response>
  /** What took effect, in order. */
  readonly journal: readonly Deed[]
  /** What arrived, in order. */
  readonly requests: readonly Arrival[]
  /** A session as it is stored, in the shape of an answer's `customerSession`. */
  readonly session: (integrationId: string, applicationId?: number) => { readonly [field: string]: any } | undefined
  /** A coupon as it is stored. */
  readonly coupon: (code: string) => { readonly usageCounter: number; readonly [field: string]: any } | undefined
  /** Points of a profile that are persisted. */
  readonly points: (profileId: string, programId?: number) => number
  /** Has the next requests meet this, one after the other. */
  readonly failNext: (fault: Fault, times?: number) => void
  /** While true, every connection is refused, and those open are lost. */
  isDown: boolean
  /** Replaces the campaigns. Codes that stay keep their counters. */
  readonly setCampaigns: (campaigns: readonly Campaign[]) => void
}
