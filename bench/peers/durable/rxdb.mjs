import { createRxDatabase } from 'rxdb/plugins/core'
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie'

export const name = 'RxDB, on Dexie'
export const lacks = 'sums; a server of your own protocol is needed for its sync'

const LINES = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id: { type: 'string', maxLength: 100 },
    name: { type: 'string' },
    price: { type: 'number' },
    quantity: { type: 'number' },
  },
}

export async function open(scope) {
  const db = await createRxDatabase({
    name: scope.replaceAll(' ', '-'),
    storage: getRxStorageDexie(),
    closeDuplicates: true,
  })
  const { lines } = await db.addCollections({ lines: { schema: LINES } })
  const documents = new Map((await lines.find().exec()).map(document => [document.id, document]))
  const add = async ({ id, name, price }) => {
    const known = documents.get(id)
    if (known) await known.incrementalModify(line => ({ ...line, quantity: line.quantity + 1 }))
    else documents.set(id, await lines.insert({ id, name, price, quantity: 1 }))
  }
  return {
    addAll: items => Promise.all(items.map(add)),
    lines: () => [...documents.values()].map(document => document.getLatest().toJSON()),
    close: () => db.close(),
  }
}
