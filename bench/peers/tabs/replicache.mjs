import { Replicache } from 'replicache'

export const name = 'Replicache'

const mutators = {
  async add(tx) {
    const line = await tx.get('mug')
    await tx.set('mug', { price: 12.5, quantity: (line?.quantity ?? 0) + 1 })
  },
}

export async function open(scope) {
  const replica = new Replicache({ name: scope, mutators, logLevel: 'error' })
  return {
    add: () => replica.mutate.add(),
    subscribe: listener => replica.subscribe(async tx => (await tx.get('mug'))?.quantity ?? 0, listener),
  }
}
