import { Dexie, liveQuery } from 'dexie'

export const name = 'Dexie'

export async function open(scope) {
  const db = new Dexie(scope)
  db.version(1).stores({ lines: 'id' })
  await db.open()
  const units = async () => (await db.lines.get('mug'))?.quantity ?? 0
  return {
    add: () =>
      db.transaction('rw', db.lines, async () => {
        await db.lines.put({ id: 'mug', name: 'Mug', price: 12.5, quantity: (await units()) + 1 })
      }),
    subscribe(listener) {
      const subscription = liveQuery(units).subscribe(listener)
      return () => subscription.unsubscribe()
    },
  }
}
