import { observable, syncState, when } from '@legendapp/state'
import { observablePersistIndexedDB } from '@legendapp/state/persist-plugins/indexeddb'
import { synced } from '@legendapp/state/sync'
import { lastMarks, onDisk } from '../../watch-marks.mjs'

export const name = 'Legend State 3'
export const lacks = 'sums, checks, tabs; it is a beta'

export async function open(scope) {
  const plugin = observablePersistIndexedDB({ databaseName: scope, version: 1, tableNames: ['lines'] })
  const lines$ = observable(synced({ initial: {}, persist: { name: 'lines', plugin } }))
  lines$.get()
  await when(syncState(lines$).isPersistLoaded)
  return {
    addAll(items) {
      const saved = onDisk(lastMarks(items))
      for (const { id, name, price, mark } of items) {
        const quantity = lines$[id].quantity.peek() ?? 0
        lines$[id].set({ id, name, price, quantity: quantity + 1, mark })
      }
      return saved
    },
    lines: () => Object.values(lines$.peek()),
  }
}
