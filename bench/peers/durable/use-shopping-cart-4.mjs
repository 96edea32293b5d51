import { ShoppingCart } from 'use-shopping-cart/core'

export const name = 'use-shopping-cart 4'
export const lacks = 'exact sums of decimals, tabs, sync; it writes to localStorage, which a kill within seconds loses'

export function open(scope) {
  const cart = new ShoppingCart({ currency: 'EUR', language: 'en', persistKey: scope })
  const add = ({ id, name, price }) => cart.addItem({ id, name, price: Math.round(price * 100), currency: 'EUR' })
  const lines = () => Object.values(cart.getState().cartDetails)
  return {
    addAll: items => items.forEach(add),
    fill: items =>
      cart.loadCart(
        Object.fromEntries(
          items.map(({ id, name, price }) => [
            id,
            { id, name, price: Math.round(price * 100), currency: 'EUR', quantity: 1 },
          ]),
        ),
      ),
    lines,
  }
}
