import { array, custom, looseObject, nullish, optional, safeParse, strictObject, type GenericSchema } from 'valibot'
import { copyJson, isText, present, type Attributes } from './json.ts'
import {
  emptySession,
  type CartItem,
  type CustomerSession,
  type ItemChanges,
  type ItemInput,
  type LineInput,
} from './session.ts'
import { withTotal } from './totals.ts'

type Schema<Output> = GenericSchema<unknown, Output>
type Fields = Record<string, GenericSchema>

/** Text without U+0000 and lone surrogates. */
export const text: Schema<string> = /* @__PURE__ */ custom<string>(isText, 'text without U+0000 and lone surrogates')

/** Text of at least one character. */
export const name: Schema<string> = /* @__PURE__ */ custom<string>(
  value => isText(value) && value !== '',
  'text of at least one character',
)

function isAmount(value: unknown): boolean {
  return isReceivedAmount(value) && !Object.is(value, -0)
}

// What a server says need not keep to our limits, but a sum of it has to stay a number.
function isReceivedAmount(value: unknown): boolean {
  return Number.isFinite(value) && Math.abs(value as number) < 1e100
}

// A price, cost or measure. How low and how high a price may be is for the limits to say.
const amount: Schema<number> = /* @__PURE__ */ custom<number>(isAmount, 'a finite number')

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

// Maps sit up to four levels deep in what is copied as a whole later; what passes here has to pass there.
const OUTER_DEPTH = 4

function copyMap(value: unknown, depth = 0): Attributes | undefined {
  try {
    const copy = copyJson(value, depth)
    return typeof copy === 'object' && copy !== null && !Array.isArray(copy) ? (copy as Attributes) : undefined
  } catch {
    return
  }
}

function isJsonMap(value: unknown, isMember: (member: unknown) => boolean = () => true): boolean {
  const copy = copyMap(value, OUTER_DEPTH)
  return copy !== undefined && Object.values(copy).every(isMember)
}

/** A map of JSON data. */
export const attributes: Schema<Attributes> = /* @__PURE__ */ custom<Attributes>(
  value => isJsonMap(value),
  'a plain object of JSON data',
)

const costs = /* @__PURE__ */ custom<NonNullable<ItemInput['additionalCosts']>>(
  value => isJsonMap(value, cost => isAmount((cost as { price?: unknown } | null)?.price)),
  'a map of names to { price }',
)

const flag = /* @__PURE__ */ custom<boolean>(value => typeof value === 'boolean')

const state = /* @__PURE__ */ custom<CustomerSession['state']>(value =>
  ['open', 'closed', 'partially_returned', 'cancelled'].includes(value as string),
)

function each(fields: Fields, wrap: (schema: GenericSchema) => GenericSchema): Fields {
  return Object.fromEntries(Object.entries(fields).map(([field, schema]) => [field, wrap(schema)]))
}

const itemFields: Fields = /* @__PURE__ */ (() => ({
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
}))()

const inputFields = /* @__PURE__ */ (() => ({ sku: name, ...each({ ...itemFields, currency: text }, optional) }))()

/** What the app passes in: every field checked, no other accepted. */
export const itemInput: Schema<ItemInput> = /* @__PURE__ */ strictObject(inputFields)

/** A line that a mutation brings along whole: what the app may say about an item, and its quantity. */
export const lineInput: Schema<LineInput> = /* @__PURE__ */ (() => strictObject({ ...inputFields, quantity: count }))()

/** Changes of an item: like {@link itemInput}, nothing required, and `null` removes a field. */
export const itemChanges: Schema<ItemChanges> = /* @__PURE__ */ (() =>
  strictObject({ sku: optional(name), ...each({ ...itemFields, currency: text }, nullish) }))()

/** A line as the app could have given it, without the server's own fields. */
export function toInput(item: LineInput): LineInput {
  const entries = Object.entries(item).filter(
    ([field]) => /^(sku|quantity)$/.test(field) || Object.hasOwn(itemFields, field),
  )
  const input = Object.fromEntries(entries) as unknown as LineInput
  return input.product ? { ...input, product: { name: input.product.name } } : input
}

/**
 * A line as a server or the disk gives it. Unknown members stay, since the hash of the lines covers them; absent and null
 * ones are alike.
 */
const receivedItem = /* @__PURE__ */ (() =>
  looseObject({
    sku: name,
    quantity: count,
    ...each(
      {
        ...itemFields,
        price: custom(isReceivedAmount),
        product: attributes,
        returnedQuantity: notNegative,
        remainingQuantity: notNegative,
        position: amount,
        catalogItemID: whole,
        selectedPriceType: text,
        adjustmentReferenceId: text,
        adjustmentEffectiveFrom: text,
        adjustmentEffectiveUntil: text,
        prices: attributes,
      },
      nullish,
    ),
  }))()

const receivedFields = /* @__PURE__ */ (() =>
  looseObject(
    each(
      {
        integrationId: name,
        created: text,
        applicationId: whole,
        profileId: text,
        coupon: text,
        referral: text,
        state,
        cartItems: array(receivedItem),
        identifiers: array(text),
        attributes,
        firstSession: flag,
        discounts: custom(value => isJsonMap(value, Number.isFinite)),
        updated: text,
      },
      nullish,
    ),
  ))()

/**
 * The fields of a session that a server or the disk gives: unknown ones are passed over, null ones are absent, `total` is
 * nobody's to send. Undefined when a field is not what it has to be.
 */
export function parseFields(value: unknown): Partial<CustomerSession> | undefined {
  const fields = safeParse(receivedFields, value).success && copyMap(value)
  if (!fields) return
  const { total: _, ...known } = emptySession('')
  const result: { [field: string]: unknown } = {}
  for (const field of Object.keys(known)) if (Object.hasOwn(fields, field)) result[field] = fields[field] ?? undefined
  // The copy is of the value itself: a schema puts members in an order of its own, and the same line has one on all sides.
  const items = fields.cartItems as readonly CartItem[] | null | undefined
  if (items?.some(({ quantity, returnedQuantity }) => (returnedQuantity ?? 0) > quantity)) return
  if (items) result.cartItems = Object.freeze(items.map(present))
  return present(result)
}

/**
 * A session as a server or the disk gives it, its `total` derived anew. Absent fields have the value of a session nothing
 * has happened to.
 */
export function parseSession(value: unknown): CustomerSession | undefined {
  const fields = parseFields(value)
  return fields?.integrationId ? withTotal({ ...emptySession(fields.integrationId), ...fields }) : undefined
}
