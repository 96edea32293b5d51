import type { SessionCartErrorCode } from '../errors.ts'
import { copyJson, present, type Attributes } from './json.ts'
import type { Limits } from './limits.ts'
import { factsOf, positionOf, withLine } from './lines.ts'
import type { Mutation, MutationArgs, MutationName } from './mutations.ts'
import { toInput } from './schemas.ts'
import type { CartItem, CustomerSession, ItemInput, LineInput } from './session.ts'
import { nextState, type Move } from './states.ts'
import { withTotal } from './totals.ts'

/** What became of a mutation. */
export type Outcome =
  | { readonly status: 'accepted' }
  | {
      readonly status: 'rejected'
      readonly code: SessionCartErrorCode
      readonly reason?: string | undefined
      readonly message?: string | undefined
    }

/** Something a mutation did that the shopper should hear of. Id and time are added by whoever records it. */
export interface Remark {
  readonly code: 'price-changed'
  readonly line: string
  readonly from: number
  readonly to: number
}

/** The result of {@link apply}. */
export interface Applied {
  /** The session after the mutation; the same object when nothing changed. */
  readonly session: CustomerSession
  readonly outcome: Outcome
  readonly notices: readonly Remark[]
}

type Changes = Partial<CustomerSession>

/** The effect of an `adopt`, for who knows the other session: the server. Throws a {@link Refusal}. */
export type Adopting = (context: Context) => Changes

/** Thrown inside, caught in `apply`: an effect stops at the first thing that does not fit. */
export class Refusal {
  readonly outcome: Outcome
  constructor(code: SessionCartErrorCode, message: string) {
    this.outcome = { status: 'rejected', code, message }
  }
}

/** What an effect goes by. */
export interface Context {
  readonly session: CustomerSession
  readonly limits: Limits
  readonly notices: Remark[]
  readonly adopting: Adopting | undefined
}

type Effect<Name extends MutationName> = (context: Context, args: MutationArgs[Name]) => Changes | undefined

const ACCEPTED: Outcome = /* @__PURE__ */ Object.freeze({ status: 'accepted' })

function checkLength(what: string, length: number, limit: number): void {
  if (length > limit) throw new Refusal('limit-exceeded', `${what}: ${length} is more than the limit of ${limit}.`)
}

function checkAttributes(attributes: Attributes | null | undefined, limits: Limits): void {
  if (attributes) checkLength('characters of attributes', JSON.stringify(attributes).length, limits.maxAttributesLength)
}

function checkPrice(price: number, { minPrice, maxPrice }: Limits): void {
  if (price < minPrice || price > maxPrice) {
    throw new Refusal('invalid-item', `A price or cost of ${price} is not between ${minPrice} and ${maxPrice}.`)
  }
}

function checkItem(item: Partial<Record<keyof ItemInput, unknown>>, limits: Limits): void {
  const { price, currency, attributes, additionalCosts } = item as ItemInput
  if (currency != null && currency !== limits.currency) {
    throw new Refusal('currency-mismatch', `The item is in ${currency}, the cart in ${limits.currency}.`)
  }
  if (price != null) checkPrice(price, limits)
  for (const cost of Object.values(additionalCosts ?? {})) checkPrice(cost.price, limits)
  checkAttributes(attributes, limits)
}

// A cart already over a limit (a server may send one) can still shrink.
function checkItems(items: readonly CartItem[], { session, limits }: Context): readonly CartItem[] {
  const { units } = factsOf(items)
  if (items.length > session.cartItems.length) checkLength('lines', items.length, limits.maxItems)
  if (units > factsOf(session.cartItems).units) checkLength('units', units, limits.maxUnits)
  return items
}

function found({ session, limits }: Context, key: string): [position: number, item: CartItem] {
  const position = positionOf(session.cartItems, key, limits.lineKey)
  const item = session.cartItems[position]
  if (!item) throw new Refusal('line-not-found', `There is no line ${key}.`)
  return [position, item]
}

// A line has one form whatever path it took.
function merged(item: CartItem, fields: object): CartItem {
  return present({ ...item, ...fields }) as unknown as CartItem
}

/** A line with another quantity; what came back stays counted. */
export function withUnits(item: CartItem, quantity: number, fields: object = {}): CartItem {
  const { returnedQuantity } = item
  if (returnedQuantity === undefined) return merged(item, { ...fields, quantity })
  const remainingQuantity = quantity - returnedQuantity
  if (remainingQuantity < 0) {
    throw new Refusal('invalid-quantity', `${quantity} is less than the ${returnedQuantity} that came back.`)
  }
  return merged(item, { ...fields, quantity, remainingQuantity })
}

/** Notes that a price changed, where there was one before and after. */
export function remarkPrice(
  { notices }: Context,
  line: string,
  from: number | undefined,
  to: number | undefined,
): void {
  if (from !== undefined && to !== undefined && from !== to) notices.push({ code: 'price-changed', line, from, to })
}

// Puts an item in: into its line when there is one, else at `index`.
function put(context: Context, items: readonly CartItem[], line: LineInput, index = items.length): readonly CartItem[] {
  const { currency, ...item } = line
  const key = context.limits.lineKey(item)
  const position = positionOf(items, key, context.limits.lineKey)
  const old = items[position]
  if (!old) return withLine(items, Math.min(index, items.length), Object.freeze(item), true)
  remarkPrice(context, key, old.price, item.price)
  return withLine(items, position, withUnits(old, old.quantity + item.quantity, item))
}

function withQuantity(context: Context, line: string, quantity: number): Changes | undefined {
  const [position, item] = found(context, line)
  const { cartItems } = context.session
  if (quantity === item.quantity) return
  return { cartItems: withLine(cartItems, position, quantity > 0 ? withUnits(item, quantity) : undefined) }
}

function move(name: Move): (context: Context) => Changes {
  return ({ session }) => {
    const state = nextState(name, session.state)
    if (!state)
      throw new Refusal('illegal-transition', `${name} is not possible while the session is ${session.state}.`)
    return { state }
  }
}

const applyReturn = /* @__PURE__ */ move('returnItems')

function takeBack(context: Context, key: string, quantity: number): readonly CartItem[] {
  const [position, item] = found(context, key)
  const returnedQuantity = (item.returnedQuantity ?? 0) + quantity
  const remainingQuantity = item.quantity - returnedQuantity
  if (remainingQuantity < 0) {
    throw new Refusal(
      'invalid-quantity',
      `${quantity} of line ${key} cannot come back: ${remainingQuantity + quantity} are left.`,
    )
  }
  return withLine(context.session.cartItems, position, merged(item, { returnedQuantity, remainingQuantity }))
}

function codeEffect(field: 'coupon' | 'referral') {
  return ({ limits }: Context, { code }: { readonly code: string }): Changes => {
    checkLength(`characters of a ${field} code`, code.length, limits.maxCodeLength)
    return { [field]: code }
  }
}

const effects: { readonly [Name in MutationName]: Effect<Name> } = /* @__PURE__ */ (() => ({
  start(context, { currency, profileId = '', attributes, items = [] }) {
    const { session, limits } = context
    if (currency !== limits.currency) {
      throw new Refusal('currency-mismatch', `The session is in ${limits.currency}, not in ${currency}.`)
    }
    if (session.created || session.state !== 'open') return
    checkAttributes(attributes, limits)
    for (const item of items) checkItem(item, limits)
    const cartItems = items.reduce((lines, item) => put(context, lines, item), session.cartItems)
    return { profileId, attributes: attributes ?? session.attributes, cartItems: checkItems(cartItems, context) }
  },
  addItem(context, { item, quantity }) {
    checkItem(item, context.limits)
    return { cartItems: put(context, context.session.cartItems, { ...item, quantity }) }
  },
  changeQuantity(context, { line, by }) {
    const position = positionOf(context.session.cartItems, line, context.limits.lineKey)
    // Someone else took the line out: one less of it is what there is, one more of it is not.
    if (position < 0 && by < 0) return
    return withQuantity(context, line, found(context, line)[1].quantity + by)
  },
  setQuantity: (context, { line, quantity }) =>
    quantity === 0 ? effects.removeItem(context, { line }) : withQuantity(context, line, quantity),
  updateItem(context, { line, changes }) {
    const { limits, session } = context
    checkItem(changes, limits)
    const [position, item] = found(context, line)
    const { currency, ...fields } = changes
    const next = merged(item, fields)
    const key = limits.lineKey(next)
    if (key === line || positionOf(session.cartItems, key, limits.lineKey) < 0) {
      remarkPrice(context, key, item.price, next.price)
      return { cartItems: withLine(session.cartItems, position, next) }
    }
    const moved = copyJson(toInput(next)) as unknown as LineInput
    return { cartItems: put(context, withLine(session.cartItems, position, undefined), moved) }
  },
  removeItem({ session, limits }, { line }) {
    const position = positionOf(session.cartItems, line, limits.lineKey)
    return position < 0 ? undefined : { cartItems: withLine(session.cartItems, position, undefined) }
  },
  clearItems: ({ session }) => (session.cartItems.length ? { cartItems: Object.freeze([]) } : undefined),
  restoreItem(context, { item, index }) {
    checkItem(item, context.limits)
    return { cartItems: put(context, context.session.cartItems, item, index) }
  },
  applyCoupon: codeEffect('coupon'),
  removeCoupon: () => ({ coupon: '' }),
  applyReferral: codeEffect('referral'),
  removeReferral: () => ({ referral: '' }),
  setAttributes({ session, limits }, { changes }) {
    const attributes = present({ ...session.attributes, ...changes })
    checkAttributes(attributes, limits)
    return { attributes }
  },
  setIdentifiers({ limits }, { identifiers }) {
    checkLength('identifiers', identifiers.length, limits.maxIdentifiers)
    return { identifiers: Object.freeze(identifiers) }
  },
  setProfile: (_, { profileId }) => ({ profileId }),
  closeSession: move('closeSession'),
  cancelSession: move('cancelSession'),
  reopenSession: move('reopenSession'),
  returnItems(context, { items }) {
    const changes = applyReturn(context)
    if (!items.length) throw new Refusal('invalid-argument', 'returnItems: nothing comes back.')
    const session = items.reduce(
      (before, { line, quantity }) => ({
        ...before,
        cartItems: takeBack({ ...context, session: before }, line, quantity),
      }),
      context.session,
    )
    return { ...changes, cartItems: session.cartItems }
  },
  adopt: context => context.adopting?.(context),
  burn: () => undefined,
}))()

// These may come to a session that is not open; everything else is for open ones.
const ANY_STATE = /^(start|burn|closeSession|cancelSession|reopenSession|returnItems)$/

function effectOf(context: Context, { name, args, at }: Mutation): CustomerSession {
  const { session } = context
  if (!Object.hasOwn(effects, name)) return session
  if (session.state !== 'open' && !ANY_STATE.test(name)) {
    throw new Refusal('session-closed', `${name}: the session is ${session.state} and changes no more.`)
  }
  const changes = (effects[name as MutationName] as Effect<MutationName>)(context, args)
  if (!changes) return session
  if (changes.cartItems) checkItems(changes.cartItems, context)
  return withTotal({ ...session, ...changes, created: session.created || at, updated: at })
}

/**
 * What a mutation does to a session: the one place that decides it, for the view, for every other tab, for the server and
 * for the simulator.
 *
 * Pure and deterministic: no clock, no randomness, nothing outside its arguments is read or written. It never throws.
 * Lines that do not change keep their identity. A rejected mutation leaves the session as it was.
 *
 * @param session The session before.
 * @param mutation A parsed mutation; an unknown name has no effect.
 * @param limits What the session may hold, its currency among it.
 * @param adopting Carries out `adopt`; without it that has no effect.
 *
 * @example
 * const { session, outcome } = apply(emptySession('s1'), mutation, defaultLimits('EUR'))
 */
export function apply(session: CustomerSession, mutation: Mutation, limits: Limits, adopting?: Adopting): Applied {
  const notices: Remark[] = []
  try {
    return { session: effectOf({ session, limits, notices, adopting }, mutation), outcome: ACCEPTED, notices }
  } catch (error) {
    // What is not a refusal is a mutation of a shape that parsing lets nobody bring here, or an app's faulty line key.
    const outcome: Outcome =
      error instanceof Refusal
        ? error.outcome
        : { status: 'rejected', code: 'malformed', message: `${mutation.name} could not be applied.` }
    return { session, outcome, notices: [] }
  }
}

/** Applies mutations one after the other; what is rejected has no effect. */
export function replay(session: CustomerSession, mutations: Iterable<Mutation>, limits: Limits): CustomerSession {
  for (const mutation of mutations) session = apply(session, mutation, limits).session
  return session
}
