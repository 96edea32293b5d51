import { createSessionCart } from '../../../dist/index.js'

export const name = 'session-cart'
export const lacks = ''

export async function open(scope) {
  const cart = createSessionCart({ currency: 'EUR', scope, endpoint: '/session-cart' })
  await cart.ready
  return {
    add: ({ id, name, price }) => void cart.addItem({ sku: id, name, price }),
    isSynced: () => cart.$status.get().pending === 0,
  }
}
