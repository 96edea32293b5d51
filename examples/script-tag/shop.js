// Where the shop is put together: the catalogue, the cart drawer, and one cart per currency behind both.
import { createCheckout } from './cart/checkout.js'
import { createCoupon } from './cart/coupon.js'
import { createDrawer } from './cart/drawer.js'
import { createLines } from './cart/lines.js'
import { createNotices } from './cart/notices.js'
import { createStatus } from './cart/status.js'
import { createTotals } from './cart/totals.js'
import { createAnnouncer } from './shop/announcer.js'
import { createCurrencySelect } from './shop/currency-select.js'
import { createCurrentCart } from './shop/current-cart.js'
import { part } from './shop/parts.js'
import { createProductGrid } from './shop/product-grid.js'
import { errorWords, somethingFailed } from './shop/words.js'

function showPageMessage(text) {
  const message = document.getElementById('page-message')
  message.textContent = text
  message.hidden = false
}

const dialog = document.getElementById('cart')
const announcer = createAnnouncer({
  page: document.getElementById('page-live'),
  dialog,
  inDialog: document.getElementById('cart-live'),
})
const drawer = createDrawer(dialog, document.getElementById('cart-open'))
const currentCart = createCurrentCart()

const grid = createProductGrid({
  list: document.getElementById('grid'),
  filters: document.getElementById('filters'),
  add(item) {
    const cart = currentCart.get()
    if (!cart) return false
    try {
      cart.addItem(item)
      return true
    } catch (error) {
      showPageMessage(errorWords(error, item.name))
      return false
    }
  },
  announcer,
})

currentCart.use(grid)
currentCart.use(createLines({ dialog, drawer, announcer }))
currentCart.use(createNotices({ dialog, announcer }))
currentCart.use(createCoupon({ dialog, announcer }))
currentCart.use(createTotals({ dialog, openButton: document.getElementById('cart-open'), announcer }))
currentCart.use(createStatus({ dialog, offlineBar: document.getElementById('offline-bar'), announcer }))
currentCart.use(createCheckout({ dialog, announcer }))

part(dialog, 'keep-looking').addEventListener('click', () => drawer.close())

createCurrencySelect(document.getElementById('currency'), (currency, { chosen }) => {
  grid.showPrices(currency)
  try {
    currentCart.open(currency)
    if (chosen) announcer.say('currency', `Prices and cart are now in ${currency}.`)
  } catch (error) {
    // The catalogue is worth reading even when the library did not load.
    console.error(error)
    grid.closeTill()
    showPageMessage(somethingFailed)
  }
})
