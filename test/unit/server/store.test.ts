import { PGlite } from '@electric-sql/pglite'
import { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createSessionHandler, memoryStore, migrate, sqlStore, type SessionStore } from '../../../src/server/index.ts'
import { missingPrograms } from '../../support/find-programs.mjs'
import { openPooler } from '../../support/pooler.ts'
import { openPostgres } from '../../support/postgres.mjs'
import { adding, get, mutation, post, start } from '../../support/server-client.ts'

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

function postgres(isPooled: boolean): Place {
  const opened: { close: () => Promise<void> }[] = []
  return {
    name: isPooled ? 'PostgreSQL through a transaction pooler' : 'PostgreSQL',
    async open() {
      const database = await openPostgres()
      opened.unshift(database)
      const pooler = isPooled ? await openPooler(database.url) : undefined
      if (pooler) opened.unshift(pooler)
      const pool = new Pool({ connectionString: (pooler ?? database).url })
      opened.unshift({ close: () => pool.end() })
      const query = (text: string, values: unknown[]) => pool.query(text, values)
      await Promise.all([migrate(query), migrate(query)])
      return sqlStore(query)
    },
    async close() {
      for (const { close: end } of opened) await end()
    },
  }
}

// `npm test` says which of them is not there.
const isThere = (part: 'postgres' | 'pooler'): boolean => missingPrograms(part).length === 0
const places: Place[] = [
  { name: 'memory', open: () => Promise.resolve(memoryStore()), close: () => Promise.resolve() },
  embedded(),
  ...(isThere('postgres') ? [postgres(false)] : []),
  ...(isThere('postgres') && isThere('pooler') ? [postgres(true)] : []),
]

/** The store, whose first two reads of a session wait for each other: what they find is the same. */
function meetingAt(store: SessionStore, id: string): SessionStore {
  let reads = 0
  let arrive = (): void => {}
  const met = new Promise<void>(resolve => (arrive = resolve))
  return {
    ...store,
    async read(asked) {
      const stored = await store.read(asked)
      if (asked !== id || ++reads > 2) return stored
      if (reads === 2) arrive()
      await met
      return stored
    },
  }
}

const unitsOf = (body: any): number =>
  body.session.cartItems.reduce((sum: number, { quantity }: any) => sum + quantity, 0)

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
        ...store,
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

    test('several sessions are written together, each on the version that was read, or none of them', async () => {
      const [old, other, made] = [fresh(), `${fresh()}${'x'.repeat(960)}`, fresh()]
      const writes = ([oldVersion, otherVersion, madeVersion]: readonly [number, number, number]) =>
        store.writeAll([
          { id: old, readVersion: oldVersion, document: 'old' },
          { id: other, readVersion: otherVersion, document: 'other' },
          { id: made, readVersion: madeVersion, document: 'made' },
        ])
      await store.write(old, 0, 'one')
      await store.write(other, 0, 'one')
      await store.write(other, 1, 'two')
      for (const versions of [
        [2, 2, 0],
        [1, 1, 0],
        [1, 2, 1],
        [0, 2, 0],
      ] as const) {
        expect(await writes(versions)).toBe(false)
        expect(await Promise.all([old, other, made].map(store.read))).toEqual([
          { version: 1, document: 'one' },
          { version: 2, document: 'two' },
          undefined,
        ])
      }
      expect(await writes([1, 2, 0])).toBe(true)
      expect(await Promise.all([old, other, made].map(store.read))).toEqual([
        { version: 2, document: 'old' },
        { version: 3, document: 'other' },
        { version: 1, document: 'made' },
      ])
    })

    for (const [situation, targets] of [
      ['two sessions that adopt a third', ['one', 'two']],
      ['two pages that adopt it into one session', ['one', 'one']],
    ] as const) {
      test(`of ${situation} at the same time exactly one gets its lines`, async () => {
        for (let round = 0; round < 5; round++) {
          const [source, suffix] = [fresh(), fresh()]
          const handler = createSessionHandler({ store })
          const { epoch } = (await post(handler, source, [start(), adding(2, 'A', 7)])).body
          const ids = targets.map(target => target + suffix)
          for (const id of new Set(ids)) await post(handler, id, [start(), adding(2, 'A', 1)])
          const racing = createSessionHandler({ store: meetingAt(store, source) })
          const args = { from: { integrationId: source, epoch }, rule: 'sum' }
          const answers = await Promise.all(
            ids.map((id, index) => post(racing, id, [mutation(1, 'adopt', args, `tab${index}`)])),
          )
          expect(answers.map(({ status }) => status)).toEqual([200, 200])
          // The one that was first may be answered after both: its answer has both outcomes then.
          const codes = answers.flatMap(({ body }) => body.rejected)
          expect(new Set(codes.map(({ code }) => code))).toEqual(new Set(['adopt-rejected']))
          expect(new Set(codes.map(({ writer }) => writer)).size).toBe(1)
          const carts = await Promise.all([...new Set(ids)].map(id => get(handler, id)))
          expect(carts.reduce((sum, { body }) => sum + unitsOf(body), 0)).toBe(7 + carts.length)
          expect((await get(handler, source)).body).toMatchObject({ version: 2, session: { state: 'cancelled' } })
        }
      }, 30_000)
    }

    test('two sessions that adopt each other at the same time end as one', async () => {
      const handler = createSessionHandler({ store })
      const ids = [fresh(), fresh()] as const
      const epochs: string[] = []
      for (const id of ids) epochs.push((await post(handler, id, [start(), adding(2, 'A', 3)])).body.epoch)
      const answers = await Promise.all(
        ids.map((id, index) => {
          const from = { integrationId: ids[1 - index], epoch: epochs[1 - index] }
          return post(handler, id, [mutation(3, 'adopt', { from, rule: 'sum' })])
        }),
      )
      expect(answers.map(({ status }) => status)).toEqual([200, 200])
      const carts = await Promise.all(ids.map(id => get(handler, id)))
      const ends = carts.map(({ body }) => `${body.session.state} ${unitsOf(body)}`)
      expect(new Set(ends)).toEqual(new Set(['cancelled 0', 'open 6']))
    }, 30_000)

    test('ten sessions that all adopt all others at the same time end as one, with every unit', async () => {
      const handler = createSessionHandler({ store })
      const sessions = await Promise.all(
        Array.from({ length: 10 }, async (_, index) => {
          const id = fresh()
          const { body } = await post(handler, id, [start(), adding(2, 'A', index + 1)])
          return { integrationId: id, epoch: body.epoch as string }
        }),
      )
      const adopts = sessions.flatMap(target =>
        sessions.filter(from => from !== target).map(from => ({ target, from })),
      )
      const answers = await Promise.all(
        adopts.map(({ target, from }, index) =>
          post(handler, target.integrationId, [mutation(1, 'adopt', { from, rule: 'sum' }, `w${index + 2}`)]),
        ),
      )
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
      const carts = await Promise.all(sessions.map(({ integrationId }) => get(handler, integrationId)))
      const ends = carts.map(({ body }) => `${body.session.state} ${unitsOf(body)}`)
      expect(ends.filter(end => end !== 'cancelled 0')).toEqual(['open 55'])
    }, 30_000)

    test('a source that is changed while it is adopted comes with the change', async () => {
      const handler = createSessionHandler({ store })
      const [source, target] = [fresh(), fresh()]
      const { epoch } = (await post(handler, source, [start(), adding(2, 'A')])).body
      const late = createSessionHandler({
        store,
        async upstream({ integrationId, state }) {
          const isFirst = integrationId === source && state === 'cancelled' && (await store.read(source))?.version === 1
          if (isFirst) await post(handler, source, [adding(3, 'B', 5)], { epoch, base: 1 })
          return {}
        },
      })
      const adopt = mutation(2, 'adopt', { from: { integrationId: source, epoch }, rule: 'sum' })
      const { body } = await post(late, target, [start(), adopt])
      expect(body.session.cartItems).toMatchObject([
        { sku: 'A', quantity: 1 },
        { sku: 'B', quantity: 5 },
      ])
    })

    test('an adopt whose writing fails, before or after it was carried out, is done once', async () => {
      for (const isCarriedOut of [false, true]) {
        let faults = 1
        const cut: SessionStore = {
          ...store,
          async writeAll(writes) {
            const isLost = faults-- > 0
            const isWritten = isLost && !isCarriedOut ? false : await store.writeAll(writes)
            if (isLost) throw new Error('the connection broke')
            return isWritten
          },
        }
        const [source, target] = [fresh(), fresh()]
        const handler = createSessionHandler({ store: cut })
        const { epoch } = (await post(handler, source, [start(), adding(2, 'A', 2)])).body
        await post(handler, target, [start(), adding(2, 'A', 1)])
        const batch = [mutation(3, 'adopt', { from: { integrationId: source, epoch }, rule: 'sum' })]
        const { body } = await post(handler, target, batch)
        expect([body.rejected, unitsOf(body)]).toEqual([[], 3])
        expect(unitsOf((await post(handler, target, batch)).body)).toBe(3)
        expect((await get(handler, source)).body).toMatchObject({ version: 2, session: { state: 'cancelled' } })
      }
    })
  })
}
