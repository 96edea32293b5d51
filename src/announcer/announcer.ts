import { atom } from 'nanostores'
import { noticeText } from './notice-text.ts'
import { englishWords, type AnnouncerWords } from './words.ts'
import type { CartItem, Clock, Command, Notice, ReadableAtom, SessionCart } from '../index.ts'
import { lineChanges } from '../session/line-changes.ts'
import { positionOf } from '../session/lines.ts'
import { pageClock } from '../sync/clock.ts'

/** How an announcer is made. */
export interface AnnouncerOptions {
  /** Words that take the place of the English ones. */
  readonly words?: Partial<AnnouncerWords> | undefined
  /** Called with each message, besides the store. */
  readonly announce?: ((message: string) => void) | undefined
  /** Milliseconds of quiet before something is said: many clicks are one message. @defaultValue 500 */
  readonly wait?: number | undefined
  /** Replaces the page's timers. */
  readonly clock?: Pick<Clock, 'after'> | undefined
}

/** Says what happens to a cart, for those who do not see it. */
export interface Announcer {
  /**
   * What to say; empty at first. For the text of an element with `role="status"` that is in the page from the start.
   */
  readonly $message: ReadableAtom<string>
  /** Says nothing any more. */
  dispose(): void
}

const MAX_LINES = 3
const NO_BREAK_SPACE = '\u00a0'

/** What was touched since something was said last, as it was then. */
interface Touched {
  readonly lines: Map<string, CartItem | undefined>
  coupon: string | undefined
  referral: string | undefined
}

/**
 * Says what the shopper did, and what the shop made of it: lines put in, taken out and counted anew, coupons, notices, and
 * whether there is a network. Politely: once nothing has happened for a moment, as it stands then. What the page loads is not
 * said, nor what another tab does: the shopper is there, and hears it there.
 *
 * @example
 * const { $message } = createAnnouncer(cart)
 * $message.subscribe(message => show(message)) // the text of <p role="status">
 */
export function createAnnouncer(cart: SessionCart, options: AnnouncerOptions = {}): Announcer {
  const { announce, wait = 500, clock = pageClock } = options
  const words: AnnouncerWords = { ...englishWords(), ...options.words }
  const { lineKey } = cart.inspect().limits
  const $message = atom('')
  const fresh = (): Touched => ({ lines: new Map(), coupon: undefined, referral: undefined })
  let touched = fresh()
  let notices: Notice[] = []
  let told = new Set<string>()
  let network: 'offline' | 'online' | 'synced' | undefined
  let isReady = false
  let isDisposed = false
  let wasOnline = true
  // Something had to wait for the network.
  let hasWaited = false
  let cancel: (() => void) | undefined

  function schedule(): void {
    cancel?.()
    cancel = clock.after(wait, say)
  }

  function itemOf(key: string): CartItem | undefined {
    const items = cart.$items.get()
    return items[positionOf(items, key, lineKey)]
  }

  const nameOf = (item: CartItem | undefined, key: string): string => item?.name || item?.sku || key

  function lineSentences(): string[] {
    const { lines } = touched
    if (lines.size && !cart.$items.get().length) return [words.emptied()]
    if (lines.size > MAX_LINES) return [words.several({ lines: lines.size })]
    return [...lines].flatMap(([key, before]) => {
      const item = itemOf(key)
      const name = nameOf(item ?? before, key)
      if (!item) return before ? words.removed({ name }) : []
      const { quantity } = item
      return before ? words.quantity({ name, quantity }) : words.added({ name, quantity })
    })
  }

  function codeSentences(): string[] {
    const { coupon, referral } = cart.$session.get()
    const sentences: string[] = []
    if (touched.coupon !== undefined && touched.coupon !== coupon) {
      sentences.push(coupon ? words.couponApplied({ code: coupon }) : words.couponRemoved())
    }
    if (touched.referral !== undefined && touched.referral !== referral) {
      sentences.push(referral ? words.referralApplied({ code: referral }) : words.referralRemoved())
    }
    return sentences
  }

  function noticeSentences(): string[] {
    return notices.map(notice => {
      const text = noticeText(cart, notice, words.notices)
      const item = notice.line === undefined ? undefined : itemOf(notice.line)
      return item ? words.about({ name: nameOf(item, ''), text }) : text
    })
  }

  function say(): void {
    cancel = undefined
    const changes = [...lineSentences(), ...codeSentences()]
    if (changes.length && cart.$items.get().length) {
      const { payable } = cart.$totals.get()
      changes.push(words.total({ quantity: cart.$quantity.get(), payable: cart.format(payable) }))
    }
    const sentences = [...changes, ...noticeSentences(), ...(network ? [words[network]()] : [])]
    touched = fresh()
    notices = []
    network = undefined
    const message = sentences.join(' ')
    if (!message) return
    // Safari with VoiceOver says nothing when the text stays the same; a space at the end makes it another one. Source:
    // filterMessage of https://www.npmjs.com/package/@wordpress/a11y
    $message.set(message === $message.get() ? message + NO_BREAK_SPACE : message)
    announce?.(message)
  }

  function hear({ mutation, before, after }: Command): void {
    // Another cart is no change of this one.
    if (mutation.name === 'start') return
    for (const { key, before: item } of lineChanges(before.cartItems, after.cartItems, lineKey)) {
      if (!touched.lines.has(key)) touched.lines.set(key, item)
    }
    if (before.coupon !== after.coupon) touched.coupon ??= before.coupon
    if (before.referral !== after.referral) touched.referral ??= before.referral
    if (touched.lines.size || touched.coupon !== undefined || touched.referral !== undefined) schedule()
  }

  function note(): void {
    const now = cart.$notices.get()
    const news = now.filter(({ id }) => !told.has(id))
    told = new Set(now.map(({ id }) => id))
    if (!isReady || !news.length) return
    notices.push(...news)
    schedule()
  }

  function watch(): void {
    const { online, pending, phase } = cart.$status.get()
    if (!isReady || phase === 'stopped') return
    hasWaited ||= !online && pending > 0
    if (online !== wasOnline) {
      wasOnline = online
      network = online ? 'online' : 'offline'
      schedule()
    }
    if (!online || !hasWaited || pending > 0) return
    hasWaited = false
    network = 'synced'
    schedule()
  }

  const stops = [cart.onCommand(hear), cart.$notices.listen(note), cart.$status.listen(watch)]
  void cart.ready.then(() => {
    if (isDisposed) return
    note()
    wasOnline = cart.$status.get().online
    isReady = true
  })
  return {
    $message,
    dispose() {
      isDisposed = true
      cancel?.()
      for (const stop of stops) stop()
    },
  }
}
