import { formatMoney } from '../shop/money.js'
import { part } from '../shop/parts.js'
import { things } from '../shop/words.js'

/** The sums, whether the shop has confirmed them, and the count on the cart button. */
export function createTotals({ dialog, openButton, announcer }) {
  const title = dialog.querySelector('h2')
  const badge = part(openButton, 'cart-count')
  const flag = part(dialog, 'estimated')
  let said

  function showSum(name, amount, currency, row) {
    part(dialog, name).textContent = formatMoney(amount, currency)
    if (row) part(dialog, row).hidden = amount === 0
  }

  return {
    attach(cart, currency) {
      said = undefined

      function showTotals(totals) {
        showSum('subtotal', totals.items, currency)
        showSum('costs', totals.additionalCosts, currency, 'costs-row')
        showSum('discount', -totals.discount, currency, 'discount-row')
        part(dialog, 'discount-row').hidden = totals.discount === 0
        showSum('payable', totals.payable, currency)
        flag.dataset.estimated = String(totals.estimated)
        flag.textContent = totals.estimated ? 'estimated' : 'confirmed'
        flag.title = totals.estimated ? 'The shop has not confirmed this yet.' : 'The shop has confirmed this.'
        const text = formatMoney(totals.payable, currency)
        // What was there when the page opened is no news.
        if (said !== undefined && said !== text) announcer.say('total', `Total ${text}.`)
        if (cart.$status.get().phase !== 'loading') said = text
      }

      function showCount(quantity) {
        badge.hidden = quantity === 0
        badge.dataset.count = String(quantity)
        badge.textContent = quantity > 999 ? '999+' : String(quantity)
        openButton.setAttribute('aria-label', `Cart, ${quantity === 0 ? 'empty' : things(quantity)}`)
        title.textContent = quantity === 0 ? 'Your cart' : `Your cart, ${things(quantity)}`
      }

      return [cart.$totals.subscribe(showTotals), cart.$quantity.subscribe(showCount)]
    },
  }
}
