import type { Words } from '../dom/words.ts'

/** Everything the announcer says, each a function of what it is about. Amounts come as text. */
export interface AnnouncerWords {
  readonly added: (about: { readonly name: string; readonly quantity: number }) => string
  readonly removed: (about: { readonly name: string }) => string
  readonly quantity: (about: { readonly name: string; readonly quantity: number }) => string
  /** More lines than one wants to hear one by one. */
  readonly several: (about: { readonly lines: number }) => string
  readonly emptied: () => string
  /** What the cart comes to now; said after what changed. */
  readonly total: (about: { readonly quantity: number; readonly payable: string }) => string
  readonly couponApplied: (about: { readonly code: string }) => string
  readonly couponRemoved: () => string
  readonly referralApplied: (about: { readonly code: string }) => string
  readonly referralRemoved: () => string
  readonly offline: () => string
  readonly online: () => string
  /** What had to wait for the network is at the shop. */
  readonly synced: () => string
  /** A notice about a line. */
  readonly about: (about: { readonly name: string; readonly text: string }) => string
  /** Sentences for notices by their code, as `bindCart` takes them. */
  readonly notices: Words
}

/** What `session-cart/dom` has no sentence for. */
export const MORE_NOTICES: Words = {
  'adopt-rejected': 'The other cart could not be taken over.',
  adopted: 'This cart was taken over by another one.',
  'free-item': 'For free with your order: {to} × {message}.',
  burned: 'A change was lost on its way. Please do it again.',
  forbidden: 'The shop does not allow this change.',
  malformed: 'The shop could not take a change. Please reload the page.',
  'too-large': 'A change was too large for the shop.',
  'currency-mismatch': 'This item has another currency than the cart.',
  'invalid-item': 'The shop does not take this item.',
  'invalid-attributes': 'The shop does not take this choice.',
}

/** English words. Another language is a list like this, with its own plurals by `Intl.PluralRules`. */
export function englishWords(): AnnouncerWords {
  const plural = new Intl.PluralRules('en')
  const counted = (count: number, one: string, other: string): string =>
    `${count} ${plural.select(count) === 'one' ? one : other}`
  return {
    added: ({ name, quantity }) => `${quantity} × ${name} added.`,
    removed: ({ name }) => `${name} removed.`,
    quantity: ({ name, quantity }) => `${name}: quantity ${quantity}.`,
    several: ({ lines }) => `${counted(lines, 'line', 'lines')} changed.`,
    emptied: () => 'Your cart is empty.',
    total: ({ quantity, payable }) => `${counted(quantity, 'item', 'items')} in your cart, total ${payable}.`,
    couponApplied: ({ code }) => `Coupon ${code} applied.`,
    couponRemoved: () => 'Coupon removed.',
    referralApplied: ({ code }) => `Referral code ${code} applied.`,
    referralRemoved: () => 'Referral code removed.',
    offline: () => 'You are offline. Your cart is kept and will be sent later.',
    online: () => 'You are online again.',
    synced: () => 'You are online again. Your cart is up to date.',
    about: ({ name, text }) => `${name}: ${text}`,
    notices: {},
  }
}
