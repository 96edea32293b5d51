// How an app uses the types: what has to compile compiles, and what is a mistake is one. No line of it is run.
import {
  ERROR_CODES,
  createSessionCart,
  isSessionCartError,
  lineKey,
  lineTotal,
  previewAdopt,
  type CartItem,
  type CustomerSession,
  type Database,
  type Flushed,
  type Notice,
  type Outcome,
  type Receipt,
  type SessionCart,
  type SessionCartErrorCode,
  type SessionCartOptions,
  type Status,
  type SyncSchema,
  type Totals,
  type Transport,
} from 'session-cart'
import { trackCart, type CartEvent } from 'session-cart/analytics'
import { createAnnouncer, englishWords, focusAfterRemoval, noticeText } from 'session-cart/announcer'
import { runConformance, type Report } from 'session-cart/conformance'
import { bindCart } from 'session-cart/dom'
import { expireAbandoned } from 'session-cart/expiry'
import { toGa4Items, toStripeCoupon, toStripeLineItems, toUcp } from 'session-cart/exports'
import { openInspector, type SessionCartInspector } from 'session-cart/inspector'
import { addFromLink, cartLink, readCartLink } from 'session-cart/link'
import { formatMoney, minorUnits } from 'session-cart/money'
import {
  createSessionHandler,
  isSessionProblem,
  memoryStore,
  sqlStore,
  type SessionHandlerOptions,
  type SessionStore,
  type SqlQuery,
} from 'session-cart/server'
import { isTalonOneError, talonOne } from 'session-cart/talon-one'
import { createUndo } from 'session-cart/undo'

/** Two types are one: each is taken for the other wherever a type parameter tells them apart. */
type Same<One, Other> =
  (<Type>() => Type extends One ? 1 : 2) extends <Type>() => Type extends Other ? 1 : 2 ? true : false

declare function same<One, Other>(areOne: Same<One, Other>): void

declare const cart: SessionCart
declare const session: CustomerSession
declare const item: CartItem

export function options(): void {
  createSessionCart({ currency: 'EUR' })
  // Exact optional properties: what may be left out may be undefined as well.
  const whole: SessionCartOptions = { currency: 'EUR', endpoint: undefined, storage: 'memory', limits: { maxItems: 5 } }
  createSessionCart(whole)
  // @ts-expect-error a cart has a currency
  createSessionCart({})
  // @ts-expect-error the currency is one of the options, not one of the limits
  createSessionCart({ currency: 'EUR', limits: { currency: 'EUR' } })
  // @ts-expect-error no such storage
  createSessionCart({ currency: 'EUR', storage: 'disk' })
  const transport: Transport = async ({ method, integrationId, body, signal }) => {
    same<typeof method, 'GET' | 'POST'>(true)
    same<typeof body, string | undefined>(true)
    const response = await fetch(integrationId, { method, signal })
    return { status: response.status, body: await response.json() }
  }
  const storage: Database = 'memory' as unknown as Database
  createSessionCart({ currency: 'EUR', transport, storage })
}

export async function commands(): Promise<void> {
  const receipt = cart.addItem({ sku: 'MUG', price: 12.5, attributes: { size: 'L', gift: true } }, 2)
  same<typeof receipt, Receipt>(true)
  await receipt.saved
  same<Awaited<typeof receipt.synced>, Outcome | { readonly status: 'local' }>(true)
  cart.changeQuantity('MUG', 1)
  cart.setQuantity({ sku: 'MUG', attributes: { size: 'L' } }, 0)
  cart.updateItem(item, { price: null, name: 'Mug' })
  cart.returnItems([{ line: 'MUG', quantity: 1 }])
  cart.startSession({ keep: true })
  same<Awaited<ReturnType<typeof cart.flush>>, Flushed>(true)
  // @ts-expect-error an item has a sku
  cart.addItem({ price: 1 })
  // @ts-expect-error a price is a number
  cart.addItem({ sku: 'MUG', price: '12.50' })
  // @ts-expect-error a quantity is a number
  cart.setQuantity('MUG', '2')
  // @ts-expect-error functions are no data
  cart.setAttributes({ note: () => 'hello' })
  // @ts-expect-error no such rule
  cart.adopt('other', { epoch: 'e', rule: 'min' })
}

export function stores(): void {
  same<ReturnType<typeof cart.$session.get>['cartItems'], readonly CartItem[]>(true)
  same<ReturnType<typeof cart.$totals.get>, Totals>(true)
  same<ReturnType<typeof cart.$status.get>, Status>(true)
  same<ReturnType<typeof cart.$notices.get>, readonly Notice[]>(true)
  same<ReturnType<typeof cart.$quantity.get>, number>(true)
  const stop: () => void = cart.$items.subscribe(items => items.map(({ sku, quantity }) => [sku, quantity]))
  stop()
  // @ts-expect-error what is read is not written
  cart.$quantity.set(5)
  // @ts-expect-error a session is not changed in place
  session.cartItems.push(item)
  // @ts-expect-error nor is a line
  item.quantity = 2
}

interface Engraved {
  readonly engraving: string
}
interface Wrapped {
  readonly gift: boolean
}
declare const engraved: SyncSchema<Engraved, Engraved>
declare const wrapped: SyncSchema<Wrapped, Wrapped>

export function schemas(): void {
  const typed = createSessionCart({ currency: 'EUR', attributes: wrapped, itemAttributes: engraved })
  typed.addItem({ sku: 'RING', attributes: { engraving: 'For you' } })
  same<NonNullable<ReturnType<typeof typed.$items.get>[number]['attributes']>, Engraved>(true)
  same<ReturnType<typeof typed.$session.get>['attributes']['gift'], boolean | undefined>(true)
  typed.setAttributes({ gift: null })
  // @ts-expect-error no such attribute of an item
  typed.addItem({ sku: 'RING', attributes: { colour: 'red' } })
  // @ts-expect-error no such attribute of the session
  typed.setAttributes({ note: 'hello' })
  // What serves any cart serves this one.
  bindCart(typed)
}

export function errors(error: unknown): SessionCartErrorCode | undefined {
  const codes: readonly SessionCartErrorCode[] = ERROR_CODES
  same<(typeof codes)[number], SessionCartErrorCode>(true)
  if (!isSessionCartError(error)) return
  // @ts-expect-error no such code
  if (error.code === 'out-of-tea') return
  return error.code
}

export async function extras(): Promise<void> {
  const total: number = lineTotal(item)
  const key: string = lineKey({ sku: 'MUG', attributes: { size: 'L' } })
  previewAdopt(session.cartItems, session.cartItems, 'sum')
  const undo = createUndo(cart, { depth: 10 })
  same<ReturnType<typeof undo.$undo.get>['canUndo'], boolean>(true)
  trackCart(cart, (event: CartEvent) => void event.quantity)
  createAnnouncer(cart, { words: englishWords() }).dispose()
  expireAbandoned(cart, { after: 1000, onExpired: left => void left.cartItems })
  // @ts-expect-error after is asked for
  expireAbandoned(cart, {})
  toStripeLineItems(session, 'EUR')
  toStripeCoupon(session, 'EUR')
  toGa4Items(session.cartItems)
  const text: string = formatMoney(total, 'EUR')
  const units: number = minorUnits(total, 'EUR')
  readCartLink(cartLink(session.cartItems, 'https://shop.test/'))
  await addFromLink(cart, location.href, sku => ({ sku, price: 1 }))
  const inspector: SessionCartInspector = openInspector(cart)
  inspector.remove()
  void [key, text, units, focusAfterRemoval, noticeText, toUcp]
}

export async function server(query: SqlQuery): Promise<void> {
  const store: SessionStore = memoryStore()
  const given: SessionHandlerOptions = { store, upstreamTimeout: undefined }
  const handler = createSessionHandler(given)
  same<ReturnType<typeof handler>, Promise<Response>>(true)
  createSessionHandler({ store: sqlStore(query) })
  createSessionHandler({ store, upstream: talonOne({ baseUrl: 'https://shop.europe-west1.talon.one', apiKey: 'key' }) })
  // @ts-expect-error Talon.One asks for a key
  talonOne({ baseUrl: 'https://shop.europe-west1.talon.one' })
  // @ts-expect-error a handler keeps what it is told
  createSessionHandler({})
  const found = await handler.sessions.get('s')
  same<NonNullable<typeof found>['session'], CustomerSession>(true)
  const problem: unknown = undefined
  if (isSessionProblem(problem) || isTalonOneError(problem)) void problem.message
  const report: Report = await runConformance('http://shop.test/api/sessions')
  void report
}
