import { custom, nullish, optional, strictObject, type GenericSchema } from 'valibot'
import { copyJson, isMap, isText, type Attributes } from './json.ts'
import { isAmount } from './received.ts'
import type { ItemChanges, ItemInput, LineInput } from './session.ts'

type Schema<Output> = GenericSchema<unknown, Output>
type Fields = Record<string, GenericSchema>

/** Text without U+0000 and lone surrogates. */
export const text: Schema<string> = /* @__PURE__ */ custom<string>(isText, 'text without U+0000 and lone surrogates')

/** Text of at least one character. */
export const name: Schema<string> = /* @__PURE__ */ custom<string>(
  value => isText(value) && value !== '',
  'text of at least one character',
)

function isGiven(value: unknown): boolean {
  return isAmount(value) && !Object.is(value, -0)
}

// A price, cost or measure. How low and how high a price may be is for the limits to say.
const amount: Schema<number> = /* @__PURE__ */ custom<number>(isGiven, 'a finite number')

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

function isJsonMap(value: unknown, isMember: (member: unknown) => boolean = () => true): boolean {
  try {
    const copy = copyJson(value, OUTER_DEPTH)
    return isMap(copy) && Object.values(copy).every(isMember)
  } catch {
    return false
  }
}

/** A map of JSON data. */
export const attributes: Schema<Attributes> = /* @__PURE__ */ custom<Attributes>(
  value => isJsonMap(value),
  'a plain object of JSON data',
)

const costs = /* @__PURE__ */ custom<NonNullable<ItemInput['additionalCosts']>>(
  value => isJsonMap(value, cost => isGiven((cost as { price?: unknown } | null)?.price)),
  'a map of names to { price }',
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
