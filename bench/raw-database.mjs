// IndexedDB without anything around it: the floor that a cart is measured against.

function result(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

/** Opens a database as it is, or makes it with one store whose keys are generated. */
export function openRaw(name) {
  const request = indexedDB.open(name)
  request.onupgradeneeded = () => request.result.createObjectStore('rows', { autoIncrement: true })
  return result(request)
}

function storeOf(db, mode) {
  return db.transaction(db.objectStoreNames, mode, { durability: 'relaxed' }).objectStore(db.objectStoreNames[0])
}

/** One request in a transaction of its own, until `complete`. */
export function write(db, request) {
  return new Promise((resolve, reject) => {
    const store = storeOf(db, 'readwrite')
    const { transaction } = store
    transaction.oncomplete = resolve
    transaction.onabort = () => reject(transaction.error)
    request(store)
    transaction.commit()
  })
}

/** Everything in the store, read in one transaction. */
export async function readAll(db) {
  const store = storeOf(db, 'readonly')
  const [keys, values] = await Promise.all([result(store.getAllKeys()), result(store.getAll())])
  return keys.map((key, index) => ({ key, value: values[index] }))
}
