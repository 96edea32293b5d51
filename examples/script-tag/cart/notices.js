import { copyOf, part } from '../shop/parts.js'
import { itemWords, noticeWords } from '../shop/words.js'

/** What the shopper must hear of: kept by the cart until dismissed, in every tab and after a reload. */
export function createNotices({ dialog, announcer }) {
  const list = part(dialog, 'notices')
  // One element for each sentence: five clicks beyond the stock are five notices, but one piece of news.
  const shown = new Map()
  let cart

  function createNotice(text) {
    const element = copyOf('notice-template')
    const entry = { element, ids: [] }
    part(element, 'notice-text').textContent = text
    part(element, 'dismiss').addEventListener('click', () => {
      const following = element.nextElementSibling ?? element.previousElementSibling
      for (const id of entry.ids) cart.dismiss(id)
      const target = following?.isConnected ? part(following, 'dismiss') : dialog.querySelector('h2')
      target.focus()
    })
    return entry
  }

  return {
    attach(nextCart, currency) {
      // What a notice said stays said, also when the line it was about has changed since or gone.
      const words = new Map()
      // The names of all lines seen, since a notice may be about one that has just gone.
      const names = new Map()
      cart = nextCart
      shown.clear()
      list.replaceChildren()

      function wordsOf(notice) {
        let text = words.get(notice.id)
        if (text === undefined) {
          text = noticeWords(notice, { name: names.get(notice.line), currency })
          words.set(notice.id, text)
        }
        return text
      }

      // What was offered for a cart does not hold for what has become of it. While the shop has not confirmed that, nobody
      // knows, and what was said stays.
      function isOver({ code, line, message }) {
        if (cart.$totals.get().estimated) return false
        const isSaid = ({ effectType, props }) =>
          code === 'free-item'
            ? effectType === 'addFreeItem' && globalThis.SessionCart.lineKey({ sku: props.sku }) === line
            : effectType === 'showNotification' && message.includes(props.body)
        return ['free-item', 'notification'].includes(code) && !cart.$effects.get().some(isSaid)
      }

      function show() {
        const notices = cart.$notices.get()
        const idsByText = new Map()
        for (const notice of notices) {
          if (isOver(notice)) continue
          // A refused discount code is told where the code was typed.
          if (notice.code === 'coupon-rejected') continue
          const text = wordsOf(notice)
          idsByText.set(text, [...(idsByText.get(text) ?? []), notice.id])
        }
        for (const [text, { element }] of shown) {
          if (idsByText.has(text)) continue
          element.remove()
          shown.delete(text)
        }
        for (const [text, ids] of idsByText) {
          let entry = shown.get(text)
          if (!entry) {
            entry = createNotice(text)
            entry.element.dataset.code = notices.find(({ id }) => id === ids[0]).code
            shown.set(text, entry)
            list.append(entry.element)
            announcer.say(`notice:${text}`, text)
          }
          entry.ids = ids
        }
        list.hidden = shown.size === 0
      }

      function learnNames(items) {
        for (const item of items) names.set(globalThis.SessionCart.lineKey(item), itemWords(item))
      }

      return [cart.$items.subscribe(learnNames), cart.$notices.subscribe(show), cart.$totals.listen(show)]
    },
  }
}
