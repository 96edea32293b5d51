import { createStore, get, set } from 'idb-keyval'
import { applyTo, type Contender, type Line } from './contender.ts'

/** The whole cart as one value in a stock idb-keyval store, written anew with every command. */
export function openIdbKeyval(scope: string): Contender {
  const store = createStore(scope, 'cart')
  let lines: readonly Line[] = []
  return {
    ready: get<readonly Line[]>('cart', store).then(stored => (lines = stored ?? [])),
    async give(command) {
      lines = applyTo(lines, command)
      await set('cart', lines, store)
      return true
    },
    lines: () => lines,
  }
}
