import PouchDB from 'pouchdb-browser'
import { linesOf } from './cart-lines.mjs'

export const name = 'PouchDB, a document each'
export const lacks = 'sums, checks'

export async function open(scope) {
  const db = new PouchDB(scope, { adapter: 'idb' })
  const { rows } = await db.allDocs({ include_docs: true })
  const additions = rows.map(({ doc }) => doc)
  return {
    addAll: items => Promise.all(items.map(item => (additions.push(item), db.put({ ...item, _id: item.mark })))),
    fill: items => (additions.push(...items), db.bulkDocs(items.map(item => ({ ...item, _id: item.mark })))),
    lines: () => linesOf(additions),
    close: () => db.close(),
  }
}
