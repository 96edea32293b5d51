import { createSessionCart } from '../../../dist/index.js'

export const name = 'session-cart'
export const lacks = ''

export async function create() {
  // Without an endpoint a cart may hold more than a session of Talon.One's.
  const limits = { maxItems: 20_000, maxUnits: 100_000 }
  const cart = createSessionCart({ currency: 'EUR', storage: 'memory', limits })
  await cart.ready
  return {
    fill: items => items.forEach(({ id, ...item }) => cart.addItem({ sku: id, name: item.name, price: item.price })),
    add: ({ id, name, price }) => cart.addItem({ sku: id, name, price }),
    set: (id, quantity) => cart.setQuantity(id, quantity),
    remove: id => cart.removeItem(id),
    total: () => cart.$totals.get().total,
    onTotal: listener => cart.$totals.listen(({ total }) => listener(total)),
    onLine: (id, listener) => cart.line(id).listen(listener),
    close: () => cart.dispose(),
  }
}
