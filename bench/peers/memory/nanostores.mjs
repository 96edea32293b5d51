import { computed, listenKeys, map } from 'nanostores'
import { sumOf } from './rows.mjs'

export const name = 'nanostores map'
export const lacks = 'exact sums, checks, storage, tabs, sync'

export function create() {
  const $lines = map({})
  const $total = computed($lines, lines => sumOf(Object.values(lines)))
  return {
    fill: items => $lines.set(Object.fromEntries(items.map(item => [item.id, item]))),
    add: item => $lines.setKey(item.id, item),
    set: (id, quantity) => $lines.setKey(id, { ...$lines.get()[id], quantity }),
    remove: id => $lines.setKey(id),
    total: () => $total.get(),
    onTotal: listener => $total.listen(listener),
    onLine: (id, listener) => listenKeys($lines, [id], lines => listener(lines[id])),
  }
}
