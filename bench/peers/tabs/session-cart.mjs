import { createSessionCart } from '../../../dist/index.js'

export const name = 'session-cart'

export async function open(scope) {
  const cart = createSessionCart({ currency: 'EUR', scope })
  await cart.ready
  return {
    add: () => cart.addItem({ sku: 'MUG-01', name: 'Mug', price: 12.5 }).saved,
    subscribe: listener => cart.$quantity.subscribe(listener),
  }
}
