import {
  SessionCartError,
  type Attributes,
  type CartItem,
  type ItemInput,
  type Receipt,
  type SessionCart,
} from '../index.ts'
import { defaultLimits } from '../session/limits.ts'
import { parseArgs } from '../session/mutations.ts'

/** A line as a link carries it: what it is and how many. What it costs is the shop's to say. */
export interface LinkedLine {
  readonly sku: string
  readonly attributes?: Attributes | undefined
  /** A whole number from 1. */
  readonly quantity: number
}

/** What became of the lines of a link. */
export interface Linked {
  /** The receipts of the lines that were added. */
  readonly added: readonly Receipt[]
  /** The lines that were not, with what `resolve` or the cart threw; without an error for those the shop does not have. */
  readonly left: readonly { readonly line: LinkedLine; readonly error?: unknown }[]
}

const PARAMETER = 'cart'
// Longer than any browser's address bar is good for, and far from what could stop a page.
const MAX_LENGTH = 64_000

function refuse(what: string, cause?: unknown): never {
  throw new SessionCartError('invalid-argument', `The link has no cart to read: ${what}.`, cause)
}

function toText(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

function fromText(text: string): string {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(binary, letter => letter.charCodeAt(0)))
}

function readUrl(url: string | URL): URL {
  try {
    return new URL(url)
  } catch (cause) {
    throw new SessionCartError(
      'invalid-argument',
      `The url is ${JSON.stringify(String(url))}; it has to be a whole one.`,
      cause,
    )
  }
}

/**
 * A link to a page with the lines in its fragment (`#cart=…`), which no server sees and no log keeps. Only sku, attributes and
 * quantity travel, never a price or a name: whoever opens the link gets what the shop says of them.
 *
 * @param items The lines, such as `cart.$items.get()`.
 * @param url The page, as a whole URL; another fragment parameter stays.
 * @throws SessionCartError with code `invalid-argument` for a URL that is none, or a cart too large for one.
 *
 * @example
 * const link = cartLink(cart.$items.get(), 'https://shop.example/cart')
 * readCartLink(link)[0].sku // 'MUG-01'
 */
export function cartLink(items: readonly CartItem[], url: string | URL): string {
  const target = readUrl(url)
  const lines = items.map(({ sku, quantity, attributes }) =>
    attributes && Object.keys(attributes).length ? [sku, quantity, attributes] : [sku, quantity],
  )
  const text = toText(new TextEncoder().encode(JSON.stringify(lines)))
  if (text.length > MAX_LENGTH) {
    throw new SessionCartError('invalid-argument', `The cart is too large for a link: ${text.length} characters.`)
  }
  const fragment = new URLSearchParams(target.hash.slice(1))
  fragment.set(PARAMETER, text)
  target.hash = fragment.toString()
  return target.href
}

function readLine(value: unknown): LinkedLine {
  if (!Array.isArray(value) || value.length < 2 || value.length > 3) refuse('a line is no line')
  const [sku, quantity, attributes] = value as unknown[]
  const { item } = parseArgs('restoreItem', { item: { sku, quantity, attributes }, index: 0 })
  return item
}

/**
 * The lines of a link that {@link cartLink} made, or of anything that somebody sends. What is not exactly such a link is
 * refused as a whole.
 *
 * @param url The address, such as `location.href`.
 * @returns no lines when the address has no cart
 * @throws SessionCartError with code `invalid-argument` for a cart that is none, or larger than a cart can be.
 *
 * @example
 * readCartLink('https://shop.example/cart') // an empty list
 */
export function readCartLink(url: string | URL): readonly LinkedLine[] {
  const text = new URLSearchParams(readUrl(url).hash.slice(1)).get(PARAMETER)
  if (text === null) return []
  if (text.length > MAX_LENGTH) refuse(`it has ${text.length} characters`)
  const { maxItems, maxUnits, maxAttributesLength } = defaultLimits('')
  let lines: LinkedLine[]
  try {
    const given: unknown = JSON.parse(fromText(text))
    if (!Array.isArray(given) || given.length > maxItems) return refuse('it is no list, or too long a one')
    lines = given.map(readLine)
  } catch (cause) {
    return refuse('it is damaged', cause)
  }
  if (lines.reduce((sum, { quantity }) => sum + quantity, 0) > maxUnits) refuse('it has too many units')
  if (lines.some(({ attributes = {} }) => JSON.stringify(attributes).length > maxAttributesLength)) {
    refuse('its attributes are too long')
  }
  return lines
}

/**
 * Adds the lines of a link to the cart, each as the shop has it. The shop is asked for all of them at once, and they are added
 * in the order of the link, together.
 *
 * Ask the shopper before: a link can come from anybody. And take the fragment out of the address after, or a reload adds the
 * lines again.
 *
 * @param url The address, such as `location.href`.
 * @param resolve Gives the item of a sku, with its price and name, or undefined when the shop does not have it.
 * @throws SessionCartError (as a rejection) with code `invalid-argument`, like {@link readCartLink}.
 *
 * @example
 * const link = cartLink([{ sku: 'PEN', quantity: 2 }], 'https://shop.example/cart')
 * const { left } = await addFromLink(cart, link, async sku => ({ sku, name: 'Pen', price: 1.5 }))
 * left.length // 0
 */
export async function addFromLink(
  cart: Pick<SessionCart, 'addItem'>,
  url: string | URL,
  resolve: (sku: string, attributes: Attributes | undefined) => ItemInput | undefined | Promise<ItemInput | undefined>,
): Promise<Linked> {
  const lines = readCartLink(url)
  const asked = await Promise.allSettled(lines.map(async ({ sku, attributes }) => resolve(sku, attributes)))
  const added: Receipt[] = []
  const left: { line: LinkedLine; error?: unknown }[] = []
  lines.forEach((line, index) => {
    const answer = asked[index] as PromiseSettledResult<ItemInput | undefined>
    if (answer.status === 'rejected') return void left.push({ line, error: answer.reason })
    if (!answer.value) return void left.push({ line })
    try {
      const { attributes } = line
      added.push(cart.addItem({ ...answer.value, ...(attributes && { attributes }) }, line.quantity))
    } catch (error) {
      left.push({ line, error })
    }
  })
  return { added, left }
}
