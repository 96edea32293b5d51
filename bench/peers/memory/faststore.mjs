import { createCartStore } from '@faststore/sdk'
import { createRows, pairsOf, sumOf } from './rows.mjs'

export const name = '@faststore/sdk'
export const lacks = 'totals (summed here), checks; durability is off in this part'

export function create() {
  // Without a namespace it keeps nothing.
  const cart = createCartStore({ id: 'bench', items: [] }, undefined, '')
  const rows = createRows()
  const total = () => sumOf(cart.read().items)
  cart.subscribe(({ items }) => rows.show(pairsOf(items)))
  return {
    fill: items => cart.set({ id: 'bench', items }),
    add: item => cart.addItem(item),
    set: (id, quantity) => cart.updateItemQuantity(id, quantity),
    remove: id => cart.removeItem(id),
    total,
    onTotal: listener => cart.subscribe(() => listener(total())),
    onLine: rows.add,
  }
}
