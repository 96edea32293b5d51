import { persist } from 'zustand/middleware'
import { createStore } from 'zustand/vanilla'

export const name = 'zustand persist'

export function open(scope) {
  const store = createStore(persist(() => ({ lines: {} }), { name: scope }))
  // From its documentation: by itself it does not look at what other tabs write.
  addEventListener('storage', ({ key, newValue }) => {
    if (key === scope && newValue) void store.persist.rehydrate()
  })
  const units = () => store.getState().lines.mug?.quantity ?? 0
  return {
    add: () =>
      store.setState(({ lines }) => ({
        lines: { ...lines, mug: { name: 'Mug', price: 12.5, quantity: units() + 1 } },
      })),
    subscribe(listener) {
      listener(units())
      return store.subscribe(() => listener(units()))
    },
  }
}
