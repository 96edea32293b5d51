import type { Notice, SessionCart } from 'session-cart'
import { itemName, noticeWords } from '../script-tag/shop/words.js'

// The sentences of the script-tag shop: one voice for all examples.
export { attributeWords, errorWords, itemName, itemWords, statusWords, things } from '../script-tag/shop/words.js'

/** A notice in a sentence; one about a line names what is in it. */
export function sayNotice(cart: SessionCart, notice: Notice): string {
  const item = notice.line === undefined ? undefined : cart.line(notice.line).get()
  return noticeWords(notice, { name: item && itemName(item), currency: 'EUR' })
}
