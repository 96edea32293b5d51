// The field tables of Talon.One's Integration API, strict: what is not in them is not to be sent.
// Source: https://docs.talon.one/integration-api (IntegrationRequest, ReturnIntegrationRequest)
import {
  array,
  check,
  finite,
  integer,
  literal,
  maxLength,
  minLength,
  minValue,
  number,
  object,
  optional,
  picklist,
  pipe,
  record,
  regex,
  safeInteger,
  strictObject,
  string,
  unknown,
  type GenericSchema,
} from 'valibot'

const amount = pipe(number(), finite())
const whole = pipe(number(), safeInteger())
const code = pipe(string(), maxLength(100))
const costs = record(string(), strictObject({ price: amount }))
const attributes = record(string(), unknown())

/** An item as a cart sends it: none of the read-only fields. */
export const sentItem: GenericSchema = strictObject({
  sku: pipe(string(), minLength(1)),
  quantity: pipe(number(), integer(), minValue(1)),
  name: optional(string()),
  price: optional(amount),
  category: optional(string()),
  product: optional(strictObject({ name: string() })),
  weight: optional(amount),
  height: optional(amount),
  width: optional(amount),
  length: optional(amount),
  attributes: optional(attributes),
  additionalCosts: optional(costs),
})

const items = pipe(
  array(sentItem),
  maxLength(1000),
  check(list => (list as { quantity: number }[]).reduce((sum, { quantity }) => sum + quantity, 0) <= 10_000),
)

/** The whole session, as the bridge is to send it each time: nothing of it may be left out. */
export const sentSession: GenericSchema = strictObject({
  profileId: string(),
  state: picklist(['open', 'closed', 'cancelled']),
  cartItems: items,
  couponCodes: pipe(array(code), maxLength(100)),
  referralCode: code,
  identifiers: pipe(array(pipe(string(), regex(/^[\da-f]{64}$/))), maxLength(5)),
  attributes,
  additionalCosts: optional(costs),
  loyaltyCards: optional(pipe(array(string()), maxLength(1))),
  storeIntegrationId: optional(pipe(string(), minLength(1), maxLength(1000))),
  experimentVariantAllocations: optional(array(strictObject({ experimentID: whole, variantID: whole }))),
})

const responseContent = array(
  picklist([
    'customerSession',
    'customerProfile',
    'coupons',
    'triggeredCampaigns',
    'referral',
    'loyalty',
    'event',
    'previousReturns',
  ]),
)

const update = strictObject({ customerSession: sentSession, responseContent: optional(responseContent) })

// What is closed does not change: of a session that is cancelled then only the state is said.
const cancellation = strictObject({
  customerSession: strictObject({ state: literal('cancelled') }),
  responseContent: optional(responseContent),
})

const returned = strictObject({
  return: strictObject({
    returnedCartItems: pipe(
      array(
        strictObject({
          position: pipe(number(), integer(), minValue(0)),
          quantity: pipe(number(), integer(), minValue(1)),
        }),
      ),
      minLength(1),
    ),
  }),
  responseContent: optional(responseContent),
})

const uuid = pipe(
  string(),
  regex(/^[\da-f]{8}-[\da-f]{4}-[1-8][\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/),
  maxLength(255),
)

/** The headers of every call. */
export const sentHeaders: GenericSchema = object({
  authorization: pipe(string(), regex(/^ApiKey-v1 [\u0021-\u007e]+$/)),
  'idempotency-key': optional(uuid),
})

/** The bodies, by the operation: its method and what follows the session's id. */
export const bodies: Readonly<Record<string, readonly GenericSchema[]>> = {
  'PUT ': [update, cancellation],
  'PUT ?dry=true': [update],
  'POST /returns': [returned],
  // These have none.
  'PUT /reopen': [],
  'GET ': [],
}
