import { createRxDatabase } from 'rxdb/plugins/core'
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie'

export const name = 'RxDB, on Dexie'

const LINES = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: { id: { type: 'string', maxLength: 100 }, price: { type: 'number' }, quantity: { type: 'number' } },
}

export async function open(scope) {
  const db = await createRxDatabase({ name: scope.replaceAll(' ', '-'), storage: getRxStorageDexie() })
  const { lines } = await db.addCollections({ lines: { schema: LINES } })
  return {
    async add() {
      const known = await lines.findOne('mug').exec()
      if (known) await known.incrementalModify(line => ({ ...line, quantity: line.quantity + 1 }))
      else await lines.insert({ id: 'mug', price: 12.5, quantity: 1 })
    },
    subscribe(listener) {
      const subscription = lines.findOne('mug').$.subscribe(line => listener(line?.quantity ?? 0))
      return () => subscription.unsubscribe()
    },
  }
}
