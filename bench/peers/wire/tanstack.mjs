import { createCollection, localOnlyCollectionOptions } from '@tanstack/db'
import { IndexedDBAdapter, startOfflineExecutor } from '@tanstack/offline-transactions'

export const name = 'TanStack DB with offline-transactions'
export const lacks =
  'a ready server; what is sent is written by the app; one request for each transaction, one after the other'

export async function open(scope) {
  const lines = createCollection(localOnlyCollectionOptions({ id: scope, getKey: ({ id }) => id }))
  let given = 0
  let sent = 0
  const offline = startOfflineExecutor({
    collections: { lines },
    mutationFns: {
      async send({ transaction, idempotencyKey }) {
        const mutations = transaction.mutations.map(({ type, key, changes }) => ({ type, key, changes }))
        const response = await fetch('/tanstack', {
          method: 'POST',
          body: JSON.stringify({ idempotencyKey, mutations }),
        })
        if (!response.ok) throw new Error(response.statusText)
        lines.utils.acceptMutations(transaction)
        sent++
      },
    },
    storage: new IndexedDBAdapter(scope),
  })
  await offline.waitForInit()
  await lines.preload()
  return {
    add({ id, name, price }) {
      given++
      const transaction = offline.createOfflineTransaction({ mutationFnName: 'send', autoCommit: false })
      transaction.mutate(() => {
        if (lines.has(id)) lines.update(id, line => void line.quantity++)
        else lines.insert({ id, name, price, quantity: 1 })
      })
      void transaction.commit()
    },
    isSynced: () => sent >= given,
  }
}
