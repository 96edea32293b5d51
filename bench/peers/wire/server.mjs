// The server of each peer that syncs with one, as small as its protocol allows, beside our own handler.
import { createSessionHandler, memoryStore } from '../../../dist/server.js'
import { toListener } from '../../../examples/server/node-adapter.mjs'

const ok = (response, content) =>
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(content))

async function jsonOf(request) {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  return JSON.parse(Buffer.concat(chunks).toString())
}

/** Replicache's push and pull: https://doc.replicache.dev/reference/server-push and server-pull. */
function createReplicacheServer() {
  const lines = new Map()
  const clients = {}
  let version = 0

  function push({ mutations }) {
    for (const { clientID, id, args } of mutations) {
      if (id <= (clients[clientID]?.id ?? 0)) continue
      version++
      clients[clientID] = { id, version }
      const { value } = lines.get(args.id) ?? {}
      lines.set(args.id, { value: { ...args, quantity: (value?.quantity ?? 0) + 1 }, version })
    }
    return {}
  }

  function pull({ cookie }) {
    const known = cookie ?? 0
    const isNew = ([, entry]) => entry.version > known
    return {
      cookie: version,
      lastMutationIDChanges: Object.fromEntries(
        Object.entries(clients)
          .filter(isNew)
          .map(([name, { id }]) => [name, id]),
      ),
      patch: [...lines].filter(isNew).map(([key, { value }]) => ({ op: 'put', key, value })),
    }
  }

  return { push, pull }
}

/** Listeners of node:http by the first part of the path. */
export function createServers() {
  const replicache = createReplicacheServer()
  const handler = toListener(createSessionHandler({ store: memoryStore() }))
  return {
    'session-cart': handler,
    async replicache(request, response) {
      const body = await jsonOf(request)
      ok(response, request.url.endsWith('/push') ? replicache.push(body) : replicache.pull(body))
    },
    // No conflicts.
    async rxdb(request, response) {
      await jsonOf(request)
      ok(response, [])
    },
    async tanstack(request, response) {
      await jsonOf(request)
      ok(response, {})
    },
    // What was validated is as it was.
    async faststore(request, response) {
      await jsonOf(request)
      ok(response, null)
    },
    async whole(request, response) {
      await jsonOf(request)
      ok(response, {})
    },
  }
}
