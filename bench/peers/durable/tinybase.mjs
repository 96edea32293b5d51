import { createStore } from 'tinybase'
import { createIndexedDbPersister } from 'tinybase/persisters/persister-indexed-db'
import { lastMarks, onDisk } from '../../watch-marks.mjs'

export const name = 'TinyBase'
export const lacks = 'sums of decimals, checks; every save writes the table anew'

export async function open(scope) {
  const store = createStore()
  const persister = createIndexedDbPersister(store, scope)
  await persister.load()
  await persister.startAutoSave()
  const add = ({ id, name, price, mark }) => {
    const { quantity = 0 } = store.getRow('lines', id)
    store.setRow('lines', id, { id, name, price, quantity: quantity + 1, mark })
  }
  return {
    addAll(items) {
      const saved = onDisk(lastMarks(items))
      items.forEach(add)
      return saved
    },
    fill(items) {
      const saved = onDisk(lastMarks(items))
      store.transaction(() => items.forEach(add))
      return saved
    },
    lines: () => Object.values(store.getTable('lines')),
    close: () => persister.destroy(),
  }
}
