import { createCartStore } from '@faststore/sdk'
import { lastMarks, onDisk } from '../../watch-marks.mjs'

export const name = '@faststore/sdk'
export const lacks =
  'sums, checks; an addition before the stored cart is loaded is lost, and of two tabs one overwrites the other'

export async function open(scope) {
  const cart = createCartStore({ id: scope, items: [] }, undefined, scope)
  // Its stores are one for each name and page: a load begins anew without it.
  globalThis.faststore_sdk_stores.delete(scope)
  // It tells the stored cart to its subscribers, also when it is empty.
  await new Promise(resolve => cart.subscribe(resolve))
  const add = ({ id, name, price, mark }) => cart.addItem({ id, name, price, mark, quantity: 1 })
  return {
    addAll(items) {
      const saved = onDisk(items.map(({ mark }) => mark))
      items.forEach(add)
      return saved
    },
    fill(items) {
      const saved = onDisk(lastMarks(items))
      cart.set({ id: scope, items: items.map(item => ({ ...item, quantity: 1 })) })
      return saved
    },
    lines: () => cart.read().items,
  }
}
