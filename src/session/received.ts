// What a server or the disk gives. A session of a thousand lines is read here before a page can show its cart, by code that
// has never run: one walk copies and freezes all of it, and each field is looked at once.
import { copyJson, isMap, present, type Attributes, type Json } from './json.ts'
import { emptySession, type CartItem, type CustomerSession } from './session.ts'
import { withTotal } from './totals.ts'

/** Tells of a copy of JSON data, whose texts have been looked at, whether it is what a field has to be. */
type Check = (value: Json) => boolean

const isWhole: Check = value => Number.isSafeInteger(value)
const isNumber: Check = value => typeof value === 'number'
const isText: Check = value => typeof value === 'string'
const isFlag: Check = value => typeof value === 'boolean'
const isState: Check = value => isText(value) && /^(open|closed|partially_returned|cancelled)$/.test(value as string)
const isNotNegative: Check = value => isWhole(value) && (value as number) >= 0
const isName: Check = value => isText(value) && value !== ''

/** An amount as a server says it: it need not keep to our limits, but a sum of such amounts has to stay a number. */
export function isAmount(value: unknown): boolean {
  return Number.isFinite(value) && Math.abs(value as number) < 1e100
}

const isListOf =
  (check: Check): Check =>
  value =>
    Array.isArray(value) && value.every(check)

const isMapOf =
  (check: Check): Check =>
  value =>
    isMap(value) && Object.values(value as { readonly [name: string]: Json }).every(check)

const itemChecks = /* @__PURE__ */ (() =>
  new Map<string, Check>(
    Object.entries({
      sku: isName,
      quantity: value => isWhole(value) && (value as number) > 0,
      name: isText,
      price: isAmount,
      category: isText,
      product: isMap,
      weight: isAmount,
      height: isAmount,
      width: isAmount,
      length: isAmount,
      attributes: isMap,
      additionalCosts: isMapOf(cost => isMap(cost) && isAmount(cost.price)),
      returnedQuantity: isNotNegative,
      remainingQuantity: isNotNegative,
      position: isAmount,
      catalogItemID: isWhole,
      selectedPriceType: isText,
      adjustmentReferenceId: isText,
      adjustmentEffectiveFrom: isText,
      adjustmentEffectiveUntil: isText,
      prices: isMap,
    } satisfies Record<Exclude<keyof CartItem, 'currency'>, Check>),
  ))()

// `total` is nobody's to send.
const sessionChecks = /* @__PURE__ */ (() =>
  new Map<string, Check>(
    Object.entries({
      integrationId: isName,
      created: isText,
      applicationId: isWhole,
      profileId: isText,
      coupon: isText,
      referral: isText,
      state: isState,
      cartItems: Array.isArray,
      identifiers: isListOf(isText),
      attributes: isMap,
      firstSession: isFlag,
      discounts: isMapOf(isNumber),
      updated: isText,
    } satisfies Record<Exclude<keyof CustomerSession, 'total'>, Check>),
  ))()

// The members that say something: absent and null ones are alike, unknown ones stay. Undefined when one is not what it has
// to be.
function checked(map: Json, checks: ReadonlyMap<string, Check>): Attributes | undefined {
  if (!isMap(map)) return
  let hasNull = false
  for (const name in map) {
    const value = map[name] as Json
    if (value === null) hasNull = true
    else if (checks.get(name)?.(value) === false) return
  }
  return hasNull ? present(map) : map
}

// Unknown members stay, since the hash of the lines covers them.
function checkedItem(value: Json): CartItem | undefined {
  const item = checked(value, itemChecks) as CartItem | undefined
  return item?.sku && item.quantity >= (item.returnedQuantity ?? 0) ? item : undefined
}

/**
 * The fields of a session that a server or the disk gives: unknown ones are passed over, null ones are absent, `total` is
 * nobody's to send. Undefined when a field is not what it has to be.
 */
export function parseFields(value: unknown): Partial<CustomerSession> | undefined {
  let fields: Attributes | undefined
  try {
    fields = checked(copyJson(value), sessionChecks)
  } catch {
    return
  }
  if (!fields) return
  const result: { [field: string]: unknown } = {}
  for (const field of sessionChecks.keys()) if (Object.hasOwn(fields, field)) result[field] = fields[field]
  if (!fields.cartItems) return result
  const items = (fields.cartItems as readonly Json[]).map(checkedItem)
  if (!items.every(item => item !== undefined)) return
  return { ...result, cartItems: Object.freeze(items) }
}

/**
 * A session as a server or the disk gives it, its `total` derived anew. Absent fields have the value of a session nothing
 * has happened to.
 */
export function parseSession(value: unknown): CustomerSession | undefined {
  const fields = parseFields(value)
  return fields?.integrationId ? withTotal({ ...emptySession(fields.integrationId), ...fields }) : undefined
}
