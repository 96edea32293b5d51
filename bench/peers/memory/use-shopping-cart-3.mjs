import { actions, createShoppingCartStore } from 'use-shopping-cart-3/core'
import { createRows } from './rows.mjs'

export const name = 'use-shopping-cart 3'
export const lacks = 'exact sums of decimals (minor units), tabs, sync; localStorage is off in this part'

const NOWHERE = { getItem: async () => null, setItem: async () => {}, removeItem: async () => {} }

export function create() {
  const store = createShoppingCartStore({ currency: 'EUR', language: 'en', shouldPersist: false, storage: NOWHERE })
  const rows = createRows()
  let { totalPrice } = store.getState()
  let hear = () => {}
  store.subscribe(() => {
    const state = store.getState()
    if (state.totalPrice !== totalPrice) hear((totalPrice = state.totalPrice) / 100)
    rows.show(Object.entries(state.cartDetails))
  })
  const productOf = ({ id, name, price }) => ({ id, name, price: Math.round(price * 100), currency: 'EUR' })
  const dispatch = action => void store.dispatch(action)
  return {
    fill: items =>
      dispatch(
        actions.loadCart(
          Object.fromEntries(items.map(item => [item.id, { ...productOf(item), quantity: item.quantity }])),
        ),
      ),
    add: item => dispatch(actions.addItem(productOf(item))),
    set: (id, quantity) => dispatch(actions.setItemQuantity(id, quantity)),
    remove: id => dispatch(actions.removeItem(id)),
    total: () => store.getState().totalPrice / 100,
    onTotal: listener => (hear = listener),
    onLine: rows.add,
  }
}
