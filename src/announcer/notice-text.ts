import { wordsOf, type Words } from '../dom/words.ts'
import type { Notice, SessionCart } from '../index.ts'
import { MORE_NOTICES } from './words.ts'

/**
 * A notice as a sentence for the shopper: the shop's words for its code, else English ones, else the notice's own message.
 *
 * @param words Sentences by code; `{from}`, `{to}`, `{line}`, `{reason}` and `{message}` stand for what the notice says.
 *
 * @example
 * const notice = { id: '1', code: 'quantity-limited', line: 'MUG-01', from: 5, to: 3, at: '2026-11-23T10:00:00Z' }
 * noticeText(cart, notice) // 'Only 3 can be had.'
 * noticeText(cart, notice, { 'quantity-limited': 'Nur noch {to} da.' }) // 'Nur noch 3 da.'
 */
export function noticeText(cart: SessionCart, notice: Notice, words: Words = {}): string {
  return wordsOf({ ...MORE_NOTICES, ...words }, notice, cart)
}
