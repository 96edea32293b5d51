import { createCollection, localOnlyCollectionOptions } from '@tanstack/db'
import { IndexedDBAdapter, startOfflineExecutor } from '@tanstack/offline-transactions'
import { onDisk } from '../../watch-marks.mjs'

export const name = 'TanStack DB with offline-transactions'
export const lacks =
  'sums, checks; of several tabs one keeps changes; what the server confirmed is not kept for the next page'

export async function open(scope) {
  const lines = createCollection(localOnlyCollectionOptions({ id: scope, getKey: ({ id }) => id }))
  const offline = startOfflineExecutor({
    collections: { lines },
    // A server that never answers.
    mutationFns: { send: () => new Promise(() => {}) },
    storage: new IndexedDBAdapter(scope),
    leaderElection: {
      requestLeadership: async () => true,
      releaseLeadership() {},
      isLeader: () => true,
      onLeadershipChange: () => () => {},
    },
  })
  await offline.waitForInit()
  await lines.preload()
  const add = ({ id, name, price, mark }) => {
    if (lines.has(id)) lines.update(id, line => void Object.assign(line, { quantity: line.quantity + 1, mark }))
    else lines.insert({ id, name, price, quantity: 1, mark })
  }
  const give = items => {
    const transaction = offline.createOfflineTransaction({ mutationFnName: 'send', autoCommit: false })
    transaction.mutate(() => items.forEach(add))
    void transaction.commit()
  }
  return {
    addAll(items) {
      const saved = onDisk(items.map(({ mark }) => mark))
      for (const item of items) give([item])
      return saved
    },
    fill(items) {
      const saved = onDisk([items.at(-1).mark])
      give(items)
      return saved
    },
    lines: () => lines.toArray,
    close: () => offline.dispose(),
  }
}
