import { Replicache } from 'replicache'

export const name = 'Replicache'
export const lacks = 'a ready server; after each push its server has it pull'

const mutators = {
  async add(tx, { id, name, price }) {
    const line = await tx.get(id)
    await tx.set(id, { id, name, price, quantity: (line?.quantity ?? 0) + 1 })
  },
}

export async function open(scope) {
  const replica = new Replicache({
    name: scope,
    mutators,
    logLevel: 'error',
    pullURL: '/replicache/pull',
    async pusher(body) {
      const response = await fetch('/replicache/push', { method: 'POST', body: JSON.stringify(body) })
      // In place of the poke by which its server has it pull.
      if (response.ok) void replica.pull()
      return { httpRequestInfo: { httpStatusCode: response.status, errorMessage: '' } }
    },
  })
  await replica.query(() => {})
  return {
    add: ({ id, name, price }) => void replica.mutate.add({ id, name, price }),
    isSynced: async () => (await replica.experimentalPendingMutations()).length === 0,
  }
}
