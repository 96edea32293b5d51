import { Replicache } from 'replicache'
import { onDisk } from '../../watch-marks.mjs'

export const name = 'Replicache'
export const lacks = 'sums, checks; a change is in memory until it is saved in the background'

const mutators = {
  async add(tx, { id, name, price, mark }) {
    const line = await tx.get(id)
    await tx.set(id, { id, name, price, quantity: (line?.quantity ?? 0) + 1, mark })
  },
}

export async function open(scope) {
  const replica = new Replicache({ name: scope, mutators, logLevel: 'error' })
  let lines = []
  const stop = await new Promise(resolve => {
    const unsubscribe = replica.subscribe(tx => tx.scan().values().toArray(), {
      onData(next) {
        lines = next
        resolve(unsubscribe)
      },
    })
  })
  return {
    async addAll(items) {
      const saved = onDisk(items.map(({ mark }) => mark))
      await Promise.all(items.map(item => replica.mutate.add(item)))
      return saved
    },
    lines: () => lines,
    async close() {
      stop()
      await replica.close()
    },
  }
}
