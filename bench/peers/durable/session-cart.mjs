import { createSessionCart } from '../../../dist/index.js'

export const name = 'session-cart'
export const lacks = ''

async function kept({ saved }) {
  if ((await saved) !== 'indexeddb') throw new Error('A command was not saved in IndexedDB.')
}

export async function open(scope) {
  const cart = createSessionCart({ currency: 'EUR', scope, limits: { maxUnits: 1e6 } })
  await cart.ready
  return {
    addAll: items => Promise.all(items.map(({ id, name, price }) => kept(cart.addItem({ sku: id, name, price })))),
    lines: () => cart.$items.get().map(({ sku, quantity }) => ({ id: sku, quantity })),
    close: () => cart.dispose(),
  }
}
