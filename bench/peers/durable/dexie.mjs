import { Dexie } from 'dexie'
import { createLines } from './cart-lines.mjs'

export const name = 'Dexie'
export const lacks = 'sums, checks, sync without its cloud'

export async function open(scope) {
  const db = new Dexie(scope)
  db.version(1).stores({ lines: 'id' })
  const lines = createLines(await db.lines.toArray())
  return {
    addAll: items => Promise.all(items.map(item => db.lines.put(lines.add(item)))),
    fill: items => db.lines.bulkPut(items.map(lines.add)),
    lines: lines.all,
    close: () => db.close(),
  }
}
