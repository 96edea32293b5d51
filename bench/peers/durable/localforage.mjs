import localforage from 'localforage'
import { linesOf } from './cart-lines.mjs'

export const name = 'localForage, a row each'
export const lacks = 'sums, checks, tabs, sync'

export async function open(scope) {
  const store = localforage.createInstance({ name: scope, driver: localforage.INDEXEDDB })
  const additions = []
  await store.iterate(addition => void additions.push(addition))
  return {
    addAll: items => Promise.all(items.map(item => (additions.push(item), store.setItem(item.mark, item)))),
    lines: () => linesOf(additions),
  }
}
