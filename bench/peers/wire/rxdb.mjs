import { createRxDatabase } from 'rxdb/plugins/core'
import { replicateRxCollection } from 'rxdb/plugins/replication'
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie'

export const name = 'RxDB, on Dexie'
export const lacks = 'a ready server; it sends documents, so that of two devices that add a unit one wins'

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
  const db = await createRxDatabase({ name: scope.replaceAll(' ', '-'), storage: getRxStorageDexie() })
  const { lines } = await db.addCollections({ lines: { schema: LINES } })
  const replication = replicateRxCollection({
    collection: lines,
    replicationIdentifier: scope,
    retryTime: 1000,
    push: {
      async handler(rows) {
        const response = await fetch('/rxdb', { method: 'POST', body: JSON.stringify(rows) })
        return response.json()
      },
    },
  })
  const documents = new Map()
  let writes = 0
  let isInSync = false
  const add = async ({ id, name, price }) => {
    writes++
    isInSync = false
    const insert = () => lines.insert({ id, name, price, quantity: 1 })
    if (!documents.has(id)) documents.set(id, insert())
    else await (await documents.get(id)).incrementalModify(line => ({ ...line, quantity: line.quantity + 1 }))
    await documents.get(id)
    if (--writes > 0) return
    await replication.awaitInSync()
    isInSync = writes === 0
  }
  return { add: item => void add(item), isSynced: () => isInSync }
}
