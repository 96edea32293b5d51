// What a page does to its databases, seen from outside of the cart.

const connections = new Set()
let opening = { asked: 0, answered: 0 }
let writes = []

const { open } = IDBFactory.prototype
IDBFactory.prototype.open = function (...args) {
  const asked = performance.now()
  const request = open.apply(this, args)
  // Added before the caller's own listener, so it hears first.
  request.addEventListener('success', () => {
    opening = { asked, answered: performance.now() }
    connections.add(request.result)
  })
  return request
}

const { transaction } = IDBDatabase.prototype
IDBDatabase.prototype.transaction = function (stores, mode = 'readonly', ...options) {
  if (mode === 'readwrite') writes.push(this.name)
  return transaction.call(this, stores, mode, ...options)
}

/** Milliseconds that the last `open` took. */
export function lastOpening() {
  return opening.answered - opening.asked
}

/** Closes every connection to a database, as the end of a page would: a cart lets its own go by itself only with the page. */
export function closeConnections(name) {
  for (const db of connections) {
    if (db.name !== name) continue
    db.close()
    connections.delete(db)
  }
}

/** Counts the readwrite transactions on some databases since the last call. */
export function takeWrites(...names) {
  const count = writes.filter(name => names.includes(name)).length
  writes = []
  return count
}
