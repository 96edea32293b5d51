import {
  array,
  boolean,
  check,
  custom,
  nullish,
  object,
  optional,
  picklist,
  pipe,
  strictObject,
  transform,
  type GenericSchema,
} from 'valibot'
import { copyJson, isText, type Attributes, type Json } from './json.ts'
import { withTotal } from './totals.ts'
import { emptySession, type CartItem, type CustomerSession, type ItemChanges, type ItemInput } from './session.ts'

type Schema<Output> = GenericSchema<unknown, Output>
type Fields = Record<string, GenericSchema>

/** Text without U+0000 and lone surrogates. */
export const text: Schema<string> = /* @__PURE__ */ custom<string>(isText, 'text without U+0000 and lone surrogates')

/** Text of at least one character. */
export const name: Schema<string> = /* @__PURE__ */ custom<string>(
  value => isText(value) && value !== '',
  'text of at least one character, without U+0000 and lone surrogates',
)

/** A price or cost: finite and not −0. How low and how high it may be is for the limits to say. */
export const amount: Schema<number> = /* @__PURE__ */ custom<number>(
  value => Number.isFinite(value) && !Object.is(value, -0),
  'a finite number',
)

/** A whole number. */
export const whole: Schema<number> = /* @__PURE__ */ custom<number>(Number.isSafeInteger, 'a whole number')

/** A whole number from 0. */
export const notNegative: Schema<number> = /* @__PURE__ */ custom<number>(
  value => Number.isSafeInteger(value) && (value as number) >= 0,
  'a whole number from 0',
)

/** A whole number from 1. */
export const count: Schema<number> = /* @__PURE__ */ custom<number>(
  value => Number.isSafeInteger(value) && (value as number) > 0,
  'a whole number from 1',
)

function isJsonMap(value: unknown): boolean {
  try {
    return !Array.isArray(value) && copyJson(value) instanceof Object
  } catch {
    return false
  }
}

/** A map of JSON data, copied and frozen. */
export const attributes: Schema<Attributes> = /* @__PURE__ */ pipe(
  /* @__PURE__ */ custom<Attributes>(isJsonMap, 'a plain object of JSON data, at most 32 deep'),
  /* @__PURE__ */ transform(value => copyJson(value) as Attributes),
)

function isCost(cost: unknown): boolean {
  const price = (cost as { price?: unknown } | null)?.price
  return Number.isFinite(price) && !Object.is(price, -0)
}

const costs = /* @__PURE__ */ pipe(
  /* @__PURE__ */ custom<Attributes>(
    value => isJsonMap(value) && Object.values(value as Attributes).every(isCost),
    'a map of names to { price }, a finite number',
  ),
  /* @__PURE__ */ transform(value => copyJson(value) as Attributes),
)

/** Drops members that say nothing, so that an absent field has one form: it is not there. */
function present<Value extends object>(value: Value): Value {
  return Object.freeze(
    Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined && member !== null)),
  ) as Value
}

function each(fields: Fields, wrap: (schema: GenericSchema) => GenericSchema): Fields {
  return Object.fromEntries(Object.entries(fields).map(([field, schema]) => [field, wrap(schema)]))
}

const itemFields = /* @__PURE__ */ (() => ({
  name: text,
  price: amount,
  category: text,
  product: strictObject({ name: text }),
  weight: amount,
  height: amount,
  width: amount,
  length: amount,
  attributes,
  additionalCosts: costs,
  currency: text,
}))()

/** What the app passes in: every field checked, no other accepted. */
export const itemInput: Schema<ItemInput> = /* @__PURE__ */ pipe(
  /* @__PURE__ */ strictObject({ sku: name, .../* @__PURE__ */ each(itemFields, schema => optional(schema)) }),
  /* @__PURE__ */ transform(present),
) as Schema<ItemInput>

/** Changes of an item: like {@link itemInput}, nothing required, and `null` removes a field. */
export const itemChanges: Schema<ItemChanges> = /* @__PURE__ */ strictObject({
  sku: /* @__PURE__ */ optional(name),
  .../* @__PURE__ */ each(itemFields, schema => nullish(schema)),
}) as Schema<ItemChanges>

/** A line that a mutation brings along whole: what the app may say about an item, and its quantity. */
export const lineInput: Schema<ItemInput & { quantity: number }> = /* @__PURE__ */ pipe(
  /* @__PURE__ */ strictObject({
    sku: name,
    quantity: count,
    .../* @__PURE__ */ each(itemFields, schema => optional(schema)),
  }),
  /* @__PURE__ */ transform(present),
) as Schema<ItemInput & { quantity: number }>

// A line from a server or from the disk is taken as it is: unknown members stay, since the hash of the lines covers them,
// and nulls go. Only what arithmetic and line keys build on has to be right.
function isReceivedItem(value: unknown): boolean {
  if (!isJsonMap(value)) return false
  const { sku, quantity, price, returnedQuantity, additionalCosts, attributes: own } = value as { [field: string]: Json }
  return (
    isText(sku) &&
    sku !== '' &&
    Number.isSafeInteger(quantity) &&
    (quantity as number) > 0 &&
    (returnedQuantity == null || Number.isSafeInteger(returnedQuantity)) &&
    (price == null || Number.isFinite(price)) &&
    (own == null || isJsonMap(own)) &&
    (additionalCosts == null || (isJsonMap(additionalCosts) && Object.values(additionalCosts).every(isCost)))
  )
}

const receivedItem = /* @__PURE__ */ pipe(
  /* @__PURE__ */ custom<CartItem>(isReceivedItem, 'a cart item'),
  /* @__PURE__ */ transform(value => present(copyJson(value) as object)),
) as Schema<CartItem>

function frozenArray<Entry>(entry: Schema<Entry>): Schema<readonly Entry[]> {
  return pipe(
    array(entry),
    transform(entries => Object.freeze(entries)),
  )
}

const receivedFields = /* @__PURE__ */ (() => ({
  created: text,
  applicationId: whole,
  profileId: text,
  coupon: text,
  referral: text,
  state: picklist(['open', 'closed', 'partially_returned', 'cancelled']),
  cartItems: frozenArray(receivedItem),
  identifiers: frozenArray(text),
  attributes,
  firstSession: boolean(),
  discounts: pipe(
    attributes,
    check(map => Object.values(map).every(Number.isFinite), 'a map of names to finite numbers'),
  ),
  updated: text,
}))()

/**
 * A session as a server or the disk gives it: unknown members are passed over, nulls and absent fields get the value of a
 * session nothing has happened to, and `total` is derived anew.
 */
export const receivedSession: Schema<CustomerSession> = /* @__PURE__ */ pipe(
  /* @__PURE__ */ object({
    integrationId: name,
    .../* @__PURE__ */ each(receivedFields, schema => nullish(schema)),
  }),
  /* @__PURE__ */ transform(fields =>
    withTotal({ ...emptySession(fields.integrationId), ...present(fields) } as CustomerSession),
  ),
) as Schema<CustomerSession>

/** What a small answer says of a session: the received fields that changed, never the lines. */
export const receivedChanges: Schema<Partial<CustomerSession>> = /* @__PURE__ */ pipe(
  /* @__PURE__ */ object(/* @__PURE__ */ each(receivedFields, schema => nullish(schema))),
  /* @__PURE__ */ transform(present),
) as Schema<Partial<CustomerSession>>
