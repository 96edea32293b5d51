import { createMergeableStore } from 'tinybase'
import { createBroadcastChannelSynchronizer } from 'tinybase/synchronizers/synchronizer-broadcast-channel'

export const name = 'TinyBase'

export async function open(scope) {
  const store = createMergeableStore()
  const synchronizer = createBroadcastChannelSynchronizer(store, scope)
  await synchronizer.startSync()
  const units = () => store.getCell('lines', 'mug', 'quantity') ?? 0
  return {
    add: () => void store.setRow('lines', 'mug', { name: 'Mug', price: 12.5, quantity: units() + 1 }),
    subscribe(listener) {
      listener(units())
      const id = store.addCellListener('lines', 'mug', 'quantity', () => listener(units()))
      return () => store.delListener(id)
    },
  }
}
