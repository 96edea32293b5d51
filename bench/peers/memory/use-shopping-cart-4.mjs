import { ShoppingCart } from 'use-shopping-cart/core'
import { createRows } from './rows.mjs'

export const name = 'use-shopping-cart 4'
export const lacks = 'exact sums of decimals (minor units), tabs, sync; localStorage is off in this part'

export function create() {
  const cart = new ShoppingCart({ currency: 'EUR', language: 'en', shouldPersist: false })
  const rows = createRows()
  let { totalPrice } = cart.getState()
  let hear = () => {}
  cart.subscribe(state => {
    if (state.totalPrice !== totalPrice) hear((totalPrice = state.totalPrice) / 100)
    rows.show(Object.entries(state.cartDetails))
  })
  const productOf = ({ id, name, price }) => ({ id, name, price: Math.round(price * 100), currency: 'EUR' })
  return {
    fill: items =>
      cart.loadCart(Object.fromEntries(items.map(item => [item.id, { ...productOf(item), quantity: item.quantity }]))),
    add: item => cart.addItem(productOf(item)),
    set: (id, quantity) => cart.setItemQuantity(id, quantity),
    remove: id => cart.removeItem(id),
    total: () => cart.getState().totalPrice / 100,
    onTotal: listener => (hear = listener),
    onLine: rows.add,
  }
}
