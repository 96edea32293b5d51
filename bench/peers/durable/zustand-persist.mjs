import { createStore as createDatabase, del, get, set } from 'idb-keyval'
import { createJSONStorage, persist } from 'zustand/middleware'
import { createStore } from 'zustand/vanilla'

export const name = 'zustand persist, in idb-keyval'
export const lacks = 'sums, checks, tabs, sync; nothing tells when a change is saved: its storage is asked here'

export async function open(scope) {
  const database = createDatabase(scope, 'cart')
  const saved = []
  // As its documentation does it for IndexedDB.
  const storage = {
    getItem: async key => (await get(key, database)) ?? null,
    setItem: (key, value) => void saved.push(set(key, value, database)),
    removeItem: key => del(key, database),
  }
  const options = { name: 'cart', storage: createJSONStorage(() => storage) }
  const store = createStore(persist(() => ({ lines: {} }), options))
  await new Promise(resolve => {
    if (store.persist.hasHydrated()) resolve()
    else store.persist.onFinishHydration(resolve)
  })
  const more = (lines, { id, name, price }) => ({
    ...lines,
    [id]: { id, name, price, quantity: (lines[id]?.quantity ?? 0) + 1 },
  })
  const allSaved = () => Promise.all(saved.splice(0))
  return {
    addAll(items) {
      for (const item of items) store.setState(({ lines }) => ({ lines: more(lines, item) }))
      return allSaved()
    },
    fill(items) {
      store.setState({ lines: items.reduce(more, {}) })
      return allSaved()
    },
    lines: () => Object.values(store.getState().lines),
  }
}
