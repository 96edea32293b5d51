import { openRaw, readAll, write } from '../../raw-database.mjs'
import { linesOf } from './cart-lines.mjs'

export const name = 'raw IndexedDB'
export const lacks = 'the floor: sums, checks, tabs, sync, healing of a dead connection'

/** A row for all additions of a tick, in a transaction of its own. */
export async function open(scope) {
  const db = await openRaw(scope)
  const rows = await readAll(db)
  let additions = rows.flatMap(({ value }) => value)
  return {
    addAll(items) {
      additions = additions.concat(items)
      return write(db, store => store.add(items))
    },
    lines: () => linesOf(additions),
    close: () => db.close(),
  }
}
