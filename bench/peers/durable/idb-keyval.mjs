import { createStore, entries, get, set, update } from 'idb-keyval'
import { createLines, linesOf } from './cart-lines.mjs'

const LACKS = 'sums, checks, tabs, sync, healing of a dead connection'

export const whole = {
  name: 'idb-keyval, the whole cart',
  lacks: LACKS,
  async open(scope) {
    const store = createStore(scope, 'cart')
    const lines = createLines(await get('cart', store))
    const save = () => set('cart', lines.all(), store)
    return {
      addAll: items => Promise.all(items.map(item => (lines.add(item), save()))),
      fill: items => (items.forEach(lines.add), save()),
      lines: lines.all,
    }
  },
}

export const rows = {
  name: 'idb-keyval, a row each',
  lacks: LACKS,
  async open(scope) {
    const store = createStore(scope, 'cart')
    const stored = await entries(store)
    const additions = stored.map(([, addition]) => addition)
    return {
      addAll: items => Promise.all(items.map(item => (additions.push(item), set(item.mark, item, store)))),
      lines: () => linesOf(additions),
    }
  },
}

export const updated = {
  name: 'idb-keyval, update of a list',
  lacks: LACKS,
  async open(scope) {
    const store = createStore(scope, 'cart')
    const additions = (await get('log', store)) ?? []
    const push = items => update('log', (log = []) => [...log, ...items], store)
    return {
      addAll: items => Promise.all(items.map(item => (additions.push(item), push([item])))),
      fill: items => (additions.push(...items), push(items)),
      lines: () => linesOf(additions),
    }
  },
}
