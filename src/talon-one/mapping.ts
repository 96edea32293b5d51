// The one place where the cart's session (Talon.One's v1 form) and the v2 form that is sent meet.
import { isMap, isText, type Attributes, type Json } from '../session/json.ts'
import type { CartItem, CustomerSession, SessionState } from '../session/session.ts'

/** The session as Talon.One's v2 takes it, without what an option adds. */
export interface SentSession {
  readonly profileId: string
  readonly state: SessionState
  readonly cartItems: readonly Attributes[]
  readonly couponCodes: readonly string[]
  readonly referralCode: string
  readonly identifiers: readonly string[]
  readonly attributes: Attributes
}

interface Row<Value> {
  /** The name in v2; undefined when v2 has no such field. */
  readonly v2: string | undefined
  /** What is sent. Absent: the field is not sent in the body. */
  readonly write?: (value: Value) => Json
  /** What an answer says, `undefined` when it says nothing that can be read. */
  readonly read: (value: unknown) => Value | undefined
}

type Fields = { readonly [Name in keyof CustomerSession]-?: Row<CustomerSession[Name]> }

/** Items and their children: what the cart says, and what Talon.One alone says. */
const ITEM_FIELDS: { readonly [Name in Exclude<keyof CartItem, 'currency'>]-?: 'sent' | 'read' } = {
  sku: 'sent',
  quantity: 'sent',
  name: 'sent',
  price: 'sent',
  category: 'sent',
  product: 'sent',
  weight: 'sent',
  height: 'sent',
  width: 'sent',
  length: 'sent',
  attributes: 'sent',
  additionalCosts: 'sent',
  returnedQuantity: 'read',
  remainingQuantity: 'read',
  position: 'read',
  catalogItemID: 'read',
  selectedPriceType: 'read',
  adjustmentReferenceId: 'read',
  adjustmentEffectiveFrom: 'read',
  adjustmentEffectiveUntil: 'read',
  prices: 'read',
}

const STATES: readonly unknown[] = ['open', 'closed', 'partially_returned', 'cancelled'] satisfies SessionState[]

const same = (value: Json): Json => value
const text = (value: unknown): string | undefined => (isText(value) ? value : undefined)
const number = (value: unknown): number | undefined => (Number.isFinite(value) ? (value as number) : undefined)
const whole = (value: unknown): number | undefined => (Number.isSafeInteger(value) ? (value as number) : undefined)
const flag = (value: unknown): boolean | undefined => (typeof value === 'boolean' ? value : undefined)
const map = (value: unknown): Attributes | undefined => (isMap(value) ? value : undefined)
const texts = (value: unknown): readonly string[] | undefined =>
  Array.isArray(value) ? value.filter(isText) : undefined

// A map is copied member by member: an undefined one is left out, and one of a foreign kind goes nowhere.
function picked(source: object, isPicked: (name: string) => boolean): Attributes {
  return Object.fromEntries(Object.entries(source).filter(([name, value]) => value != null && isPicked(name)))
}

function costs(additionalCosts: NonNullable<CartItem['additionalCosts']>): Attributes {
  return Object.fromEntries(Object.entries(additionalCosts).map(([name, { price }]) => [name, { price }]))
}

function toSentItem(item: CartItem): Attributes {
  const { product, additionalCosts } = item
  return {
    ...picked(item, name => Object.hasOwn(ITEM_FIELDS, name) && ITEM_FIELDS[name as 'sku'] === 'sent'),
    ...(product && { product: { name: product.name } }),
    ...(additionalCosts && { additionalCosts: costs(additionalCosts) }),
  }
}

function readItems(value: unknown): readonly CartItem[] | undefined {
  if (!Array.isArray(value)) return
  return value
    .map(entry => (isMap(entry) ? picked(entry, name => Object.hasOwn(ITEM_FIELDS, name)) : {}))
    .map(item => item as unknown as CartItem)
}

// Source: https://docs.talon.one/docs/dev/tutorials/migrating-to-v2 (what the fields of v1 became)
const FIELDS: Fields = {
  // In the path instead.
  integrationId: { v2: 'integrationId', read: text },
  profileId: { v2: 'profileId', write: same, read: text },
  // An empty list drops the codes that were there; without the list they would stay.
  coupon: { v2: 'couponCodes', write: code => (code === '' ? [] : [code]), read: codes => texts(codes)?.[0] ?? '' },
  referral: { v2: 'referralCode', write: same, read: text },
  // Always said: left out it would be `open`, and a late update would speak of a state that nobody decided on.
  state: {
    v2: 'state',
    write: same,
    read: value => (STATES.includes(value) ? (value as SessionState) : undefined),
  },
  cartItems: { v2: 'cartItems', write: items => items.map(toSentItem), read: readItems },
  identifiers: { v2: 'identifiers', write: list => [...list], read: texts },
  attributes: { v2: 'attributes', write: attributes => picked(attributes, () => true), read: map },
  // What Talon.One says alone.
  created: { v2: 'created', read: text },
  updated: { v2: 'updated', read: text },
  applicationId: { v2: 'applicationId', read: whole },
  firstSession: { v2: 'firstSession', read: flag },
  total: { v2: 'total', read: number },
  // Made of the effects instead.
  discounts: { v2: undefined, read: () => undefined },
}

const ROWS = Object.entries(FIELDS) as [keyof CustomerSession, Row<unknown>][]

/** The session in the form of v2, whole: what a field left out would mean is not for anybody to guess. */
export function toV2(session: CustomerSession): SentSession {
  return Object.fromEntries(
    ROWS.flatMap(([name, { v2, write }]) => (v2 && write ? [[v2, write(session[name])]] : [])),
  ) as unknown as SentSession
}

/** What a session in the form of v2 says, its own or an answer's: each field that can be read, and no other. */
export function toV1(received: object): Partial<CustomerSession> {
  const given = received as { readonly [name: string]: unknown }
  return Object.fromEntries(
    ROWS.flatMap(([name, { v2, read }]) => {
      const value = v2 !== undefined && Object.hasOwn(given, v2) && given[v2] !== null ? read(given[v2]) : undefined
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

const CONTENT = ['profileId', 'coupon', 'referral', 'cartItems', 'attributes'] as const

/** What makes two closed sessions different ones: all that was sent but the state, and who asked. */
export function contentOf(session: CustomerSession): Json {
  const sent = toV2(session)
  return CONTENT.map(name => sent[FIELDS[name].v2 as keyof SentSession])
}

/** A code as it is compared: its case is a setting of the application, and space around it says nothing. */
export function folded(code: string): string {
  return code.trim().toUpperCase()
}

// Talon.One adds to what it was sent, never the other way round.
function contains(got: unknown, sent: unknown): boolean {
  if (Array.isArray(sent)) {
    const list: readonly unknown[] = Array.isArray(got) ? got : []
    return list.length === sent.length && sent.every((entry, index) => contains(list[index], entry))
  }
  if (!isMap(sent)) return got === sent
  const members = isMap(got) ? got : {}
  return Object.entries(sent).every(([name, value]) =>
    contains(Object.hasOwn(members, name) ? members[name] : [], value),
  )
}

/**
 * Whether upstream holds what was sent, however it has completed it. A field that the answer does not speak of is no evidence
 * of a difference.
 *
 * @param sent The session as it is sent.
 * @param received The session of an answer.
 */
export function holds(received: object, sent: SentSession): boolean {
  const [theirs, ours] = [toV1(received), toV1(sent)].map(({ coupon, referral, ...rest }) => {
    return { ...rest, coupon: coupon && folded(coupon), referral: referral && folded(referral) }
  }) as [Partial<CustomerSession>, Partial<CustomerSession>]
  return CONTENT.every(name => theirs[name] === undefined || contains(theirs[name], ours[name]))
}
