import { createSessionCart } from '../../../dist/index.js'

export const name = 'session-cart'
export const lacks = ''

async function kept({ saved }) {
  if ((await saved) !== 'indexeddb') throw new Error('A command was not saved in IndexedDB.')
}

export async function open(scope) {
  const cart = createSessionCart({ currency: 'EUR', scope, limits: { maxUnits: 1e6 } })
  await cart.ready
  const addAll = items => Promise.all(items.map(({ id, name, price }) => kept(cart.addItem({ sku: id, name, price }))))
  return {
    addAll,
    // As a shopper leaves it who stays for more than a moment: what was given is folded into one value.
    async fill(items) {
      await addAll(items)
      await new Promise(resolve => cart.$status.subscribe(({ pending }) => pending === 0 && resolve()))
    },
    lines: () => cart.$items.get().map(({ sku, quantity }) => ({ id: sku, quantity })),
    close: () => cart.dispose(),
  }
}
