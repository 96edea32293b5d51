import { IndexeddbPersistence } from 'y-indexeddb'
import { Doc, Map as SharedMap } from 'yjs'
import { onDisk } from '../../watch-marks.mjs'

export const name = 'Yjs with y-indexeddb'
export const lacks = 'sums, checks; one unit added in two places counts once'

export async function open(scope) {
  const doc = new Doc()
  const lines = doc.getMap('lines')
  const persistence = new IndexeddbPersistence(scope, doc)
  await persistence.whenSynced
  const add = ({ id, name, price, mark }) => {
    const known = lines.get(id)
    if (known) {
      doc.transact(() => {
        known.set('quantity', known.get('quantity') + 1)
        known.set('mark', mark)
      })
    } else lines.set(id, new SharedMap(Object.entries({ id, name, price, quantity: 1, mark })))
  }
  return {
    addAll(items) {
      // Each transaction of a document is an update of its own on the disk.
      const saved = onDisk(items.map(({ mark }) => mark))
      items.forEach(add)
      return saved
    },
    fill(items) {
      const saved = onDisk([items.at(-1).mark])
      doc.transact(() => items.forEach(add))
      return saved
    },
    lines: () => Object.values(lines.toJSON()),
    close: () => persistence.destroy(),
  }
}
