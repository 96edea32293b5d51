// When a change is on the disk, seen from outside: as soon as the IndexedDB transaction that holds its mark is complete. For
// engines that do not tell it themselves.

const waiting = new Map()
const decoder = new TextDecoder()

function textOf(value) {
  return value instanceof Uint8Array ? decoder.decode(value) : JSON.stringify(value)
}

function look(value, transaction) {
  if (waiting.size === 0) return
  const text = textOf(value)
  for (const [mark, resolve] of waiting) {
    if (!text.includes(mark)) continue
    waiting.delete(mark)
    transaction.addEventListener('complete', resolve)
  }
}

for (const verb of ['add', 'put']) {
  const own = IDBObjectStore.prototype[verb]
  IDBObjectStore.prototype[verb] = function (value, ...key) {
    look(value, this.transaction)
    return own.call(this, value, ...key)
  }
}

/** Resolves when every mark is on the disk. Asked before the changes are made. */
export function onDisk(marks) {
  return Promise.all(marks.map(mark => new Promise(resolve => waiting.set(mark, resolve))))
}

/** The last mark of each line: what is left to see where a store writes what is, not what happened. */
export function lastMarks(items) {
  return [...new Map(items.map(({ id, mark }) => [id, mark])).values()]
}
