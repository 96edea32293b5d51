import { createCollection, localStorageCollectionOptions } from '@tanstack/db'

export const name = 'TanStack DB, its localStorage collection'

export async function open(scope) {
  const lines = createCollection(
    localStorageCollectionOptions({ id: scope, storageKey: scope, getKey: ({ id }) => id }),
  )
  await lines.preload()
  const units = () => lines.get('mug')?.quantity ?? 0
  return {
    add: () =>
      (lines.has('mug')
        ? lines.update('mug', line => void line.quantity++)
        : lines.insert({ id: 'mug', price: 12.5, quantity: 1 })
      ).isPersisted.promise,
    subscribe(listener) {
      listener(units())
      const subscription = lines.subscribeChanges(() => listener(units()))
      return () => subscription.unsubscribe()
    },
  }
}
