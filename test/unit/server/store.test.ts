import { PGlite } from '@electric-sql/pglite'
import { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createSessionHandler, memoryStore, migrate, sqlStore, type SessionStore } from '../../../src/server/index.ts'
import { adding, get, post, start } from '../../support/server-client.ts'

interface Place {
  readonly name: string
  readonly open: () => Promise<SessionStore>
  readonly close: () => Promise<void>
}

function embedded(): Place {
  const database = new PGlite()
  const query = (text: string, values: unknown[]) => database.query(text, values)
  return {
    name: 'PGlite',
    async open() {
      await Promise.all([migrate(query), migrate(query)])
      return sqlStore(query)
    },
    close: () => database.close(),
  }
}

function postgres(connectionString: string): Place {
  const pool = new Pool({ connectionString })
  const query = (text: string, values: unknown[]) => pool.query(text, values)
  return {
    name: 'PostgreSQL',
    async open() {
      await Promise.all([migrate(query), migrate(query)])
      return sqlStore(query)
    },
    close: () => pool.end(),
  }
}

const url = process.env.DATABASE_URL
const places: Place[] = [
  { name: 'memory', open: () => Promise.resolve(memoryStore()), close: () => Promise.resolve() },
  embedded(),
  ...(url ? [postgres(url)] : []),
]
if (!url) console.log('DATABASE_URL is not set: the stores run in memory and on PGlite, not on a PostgreSQL server.')

for (const { name, open, close } of places) {
  describe(name, () => {
    let store: SessionStore
    // A database in WebAssembly takes its time to start, on a busy machine many seconds.
    beforeAll(async () => {
      store = await open()
    }, 60_000)
    afterAll(close)
    const fresh = (): string => `id ${Math.random()}`

    test('a write succeeds only on the version that was read', async () => {
      const id = fresh()
      expect(await store.read(id)).toBeUndefined()
      expect(await store.write(id, 3, 'too early')).toBe(false)
      expect(await store.write(id, 0, 'one')).toBe(true)
      expect(await store.write(id, 0, 'again')).toBe(false)
      expect(await store.write(id, 1, 'two')).toBe(true)
      expect(await store.write(id, 1, 'late')).toBe(false)
      expect(await store.read(id)).toEqual({ version: 2, document: 'two' })
    })

    test('text and ids come back as they went in', async () => {
      const document = `{"a":"${'é👕\\u0000'.repeat(120_000)}"}`
      for (const id of [
        fresh(),
        `${fresh()}/ä%2e?#`,
        `${fresh()}${'x'.repeat(960)}`,
        `${fresh()}${'👕'.repeat(400)}`,
        // 3000 bytes that no compression makes fit into an index.
        fresh() + String.fromCharCode(...Array.from({ length: 970 }, (_, index) => 0x4e00 + ((index * 7919) % 20_000))),
      ]) {
        await store.write(id, 0, document)
        expect((await store.read(id))?.document).toBe(document)
      }
    })

    test('fifty writers at once are all applied, each once', async () => {
      const handler = createSessionHandler({ store })
      const id = fresh()
      const { epoch } = (await post(handler, id, [start('w0')])).body
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          post(handler, id, [adding(1, 'A', 1, `w${index + 1}`)], { epoch, base: 1 }),
        ),
      )
      expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(200))
      const { body } = await get(handler, id)
      expect(body).toMatchObject({ version: 51, session: { cartItems: [{ sku: 'A', quantity: 50 }] } })
      expect(answers.map(({ body: { version } }) => version).toSorted((a, b) => a - b)).toEqual(
        Array.from({ length: 50 }, (_, index) => index + 2),
      )
    }, 30_000)

    test('twenty that begin a session at once begin the same one', async () => {
      const handler = createSessionHandler({ store })
      const id = fresh()
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          post(handler, id, [start(`w${index}`), adding(2, 'A', 1, `w${index}`)]),
        ),
      )
      expect(new Set(answers.map(({ body }) => body.epoch)).size).toBe(1)
      expect(answers.flatMap(({ body }) => body.rejected)).toEqual([])
      expect((await get(handler, id)).body).toMatchObject({ version: 20, session: { cartItems: [{ quantity: 20 }] } })
    }, 30_000)

    test('a write that happened although it failed is not done twice', async () => {
      let isCut = false
      const cut: SessionStore = {
        read: id => store.read(id),
        async write(...args) {
          const written = await store.write(...args)
          if (!isCut) return written
          isCut = false
          throw new Error('the connection broke after the commit')
        },
      }
      const handler = createSessionHandler({ store: cut })
      const id = fresh()
      const { epoch } = (await post(handler, id, [start()])).body
      isCut = true
      const batch = [adding(2, 'A')]
      const first = await post(handler, id, batch, { epoch, base: 1 })
      const second = await post(handler, id, batch, { epoch, base: 1 })
      expect([200, 500, 503]).toContain(first.status)
      expect(second.body).toMatchObject({ version: 2, acked: { w1: 2 } })
      expect((await get(handler, id)).body.session.cartItems).toMatchObject([{ quantity: 1 }])
    })
  })
}
