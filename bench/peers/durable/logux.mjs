import { IndexedStore } from '@logux/client'
import { Log } from '@logux/core'
import { linesOf } from './cart-lines.mjs'

export const name = 'Logux IndexedStore'
export const lacks = 'sums, checks; its server is its own'

export async function open(scope) {
  const log = new Log({ nodeId: 'bench', store: new IndexedStore(scope) })
  const additions = []
  await log.each({ order: 'added' }, action => void additions.push(action.item))
  const add = item => {
    additions.push(item)
    return log.add({ type: 'add', item }, { reasons: ['cart'] })
  }
  return { addAll: items => Promise.all(items.map(add)), lines: () => linesOf(additions) }
}
