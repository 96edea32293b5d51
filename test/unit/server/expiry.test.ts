import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createSessionHandler, memoryStore, migrate, sqlStore, type SessionStore } from '../../../src/server/index.ts'
import { adding, get, mutation, post, start } from '../../support/server-client.ts'

const DAY = 86_400_000

// Rows get the time of the database; that of the handler goes on in days.
function createHandler(store: SessionStore) {
  let days = 0
  const clock = { now: () => Date.now() + days * DAY, after: () => () => {} }
  const handler = createSessionHandler({ store, clock, policy: { closeSession: true, cancelSession: true } })
  return { handler, pass: (count: number) => (days += count) }
}

function embedded() {
  const database = new PGlite()
  const query = (text: string, values: unknown[]) => database.query(text, values)
  return {
    async open() {
      await migrate(query)
      return sqlStore(query)
    },
    close: () => database.close(),
  }
}

for (const [name, { open, close }] of [
  ['memory', { open: () => Promise.resolve(memoryStore()), close: () => Promise.resolve() }],
  ['PGlite', embedded()],
] as const) {
  describe(name, () => {
    let store: SessionStore
    // A database in WebAssembly takes its time to start, on a busy machine many seconds.
    beforeAll(async () => {
      store = await open()
    }, 60_000)
    afterAll(close)

    test('a session that nobody has written to for long is gone, and its browser hears so', async () => {
      const { handler, pass } = createHandler(store)
      const { epoch, version } = (await post(handler, 'idle', [start(), adding(2, 'A')])).body
      expect(await handler.sessions.expire({ idleFor: DAY })).toBe(0)
      expect((await get(handler, 'idle')).status).toBe(200)
      pass(2)
      expect(await handler.sessions.expire({ idleFor: 3 * DAY })).toBe(0)
      expect(await handler.sessions.expire({ idleFor: DAY })).toBe(1)
      expect(await handler.sessions.expire({ idleFor: DAY })).toBe(0)
      const late = await post(handler, 'idle', [adding(3, 'B')], { epoch, base: version })
      expect([late.status, late.body.type]).toEqual([410, 'urn:session-cart:problem:session-gone'])
      expect((await get(handler, 'idle')).status).toBe(404)
      const again = await post(handler, 'idle', [start('w2'), adding(2, 'B', 1, 'w2')])
      expect(again.body).toMatchObject({ version: 1, session: { cartItems: [{ sku: 'B' }] } })
      expect(again.body.epoch).not.toBe(epoch)
      await handler.sessions.expire({ idleFor: DAY })
    })

    test('closed sessions stay until they are asked for', async () => {
      const { handler, pass } = createHandler(store)
      const begin = (id: string, ...names: string[]) =>
        post(handler, id, [start(), adding(2, 'A', 2), ...names.map((name, index) => mutation(index + 3, name))])
      await begin('open')
      await begin('closed', 'closeSession')
      await begin('cancelled', 'closeSession', 'cancelSession')
      await begin('returned', 'closeSession')
      await handler.sessions.returnItems('returned', [{ line: 'A', quantity: 1 }])
      pass(2)
      expect(await handler.sessions.expire({ idleFor: DAY })).toBe(2)
      const states = ['open', 'closed', 'cancelled', 'returned'].map(async id => (await get(handler, id)).status)
      expect(await Promise.all(states)).toEqual([404, 200, 404, 200])
      expect(await handler.sessions.expire({ idleFor: DAY, closed: true })).toBe(2)
    })
  })
}

test('what is no time, or a store that forgets nothing, is told', async () => {
  const { handler } = createHandler(memoryStore())
  for (const idleFor of [0, -1, NaN, Infinity, '1' as unknown as number]) {
    await expect(handler.sessions.expire({ idleFor })).rejects.toMatchObject({ code: 'invalid-argument' })
  }
  const { read, write, writeAll } = memoryStore()
  const { sessions } = createSessionHandler({ store: { read, write, writeAll } })
  await expect(sessions.expire({ idleFor: DAY })).rejects.toMatchObject({ code: 'invalid-option' })
})
