import type { Notice, SessionCart, SessionCartError } from '../index.ts'

/**
 * Sentences by the code of a notice or error, which take the place of the English ones. `{from}`, `{to}`, `{line}`, `{reason}`
 * and `{message}` stand for what the notice says.
 */
export type Words = { readonly [code: string]: string }

const ENGLISH: Words = {
  'coupon-rejected': 'This code cannot be used.',
  'coupon-not-applied': 'Your code does not apply to this cart any more.',
  'referral-rejected': 'This referral code cannot be used.',
  'price-changed': 'The price is now {to}.',
  'costs-changed': 'The additional costs have changed.',
  'quantity-limited': 'Only {to} can be had.',
  'limit-exceeded': 'That is more than a cart can hold.',
  'line-not-found': 'This is not in the cart any more.',
  'invalid-quantity': 'Please give a whole number.',
  'session-closed': 'This cart has been ordered already.',
  'illegal-transition': 'This cart has been ordered already.',
  'session-gone': 'The shop does not know this cart any more.',
  'not-synced': 'The shop cannot be reached. Nothing is lost; please try again.',
  'set-aside': 'Some changes could not be read. Please check your cart.',
}

const PRICED = ['price-changed', 'costs-changed']

function fill(sentence: string, notice: Partial<Notice>, cart: SessionCart): string {
  return sentence.replace(
    /\{(from|to|line|reason|message)\}/g,
    (_, name: 'from' | 'to' | 'line' | 'reason' | 'message') => {
      const value = notice[name]
      if (typeof value === 'number' && PRICED.includes(notice.code ?? '')) return cart.format(value)
      return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
    },
  )
}

/** What to tell the shopper of a notice or an error: the shop's words, else English, else its own message. */
export function wordsOf(words: Words, about: Notice | SessionCartError, cart: SessionCart): string {
  const { code } = about
  const sentence = [words, ENGLISH].find(list => Object.hasOwn(list, code))?.[code]
  return sentence === undefined ? (about.message ?? code) : fill(sentence, about, cart)
}
