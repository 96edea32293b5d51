import { AsyncLocalStorage } from 'node:async_hooks'
import type { Mutation } from '../../src/index.ts'
import { createSessionHandler, memoryStore, type SessionStore } from '../../src/server/index.ts'

/** A request, as it came. */
export interface Reached {
  readonly session: string
  readonly mutations: readonly Mutation[]
}

/** A mutation that took its number at the server. */
export interface Taken {
  readonly session: string
  readonly mutation: Mutation
  readonly isRejected: boolean
}

/** The real handler over a store in memory, with a journal of what reached it and of what took effect. */
export interface Journal {
  readonly handler: ReturnType<typeof createSessionHandler>
  readonly reached: readonly Reached[]
  /** In the order it took effect in. */
  readonly taken: readonly Taken[]
  /** Every session that was ever written. */
  sessions(): Set<string>
  /** Holds answers back: what it promises has to come before an answer leaves. The request has been carried out by then. */
  hold: ((request: Reached) => Promise<unknown> | undefined) | undefined
}

/** What the stored document of a session says of its writers. */
export interface Marks {
  readonly writers: Readonly<Record<string, readonly [n: number, version: number]>>
  readonly rejected: readonly { readonly version: number; readonly entry: { readonly writer: string; n: number } }[]
}

/** Those mutations of a request that a write took: the numbers between where the document before it and after it stand. */
export function takenOf(
  mutations: readonly Mutation[],
  version: number,
  before: Marks | undefined,
  { writers, rejected }: Marks,
): Omit<Taken, 'session'>[] {
  const refused = rejected.filter(one => one.version === version).map(({ entry }) => `${entry.writer}.${entry.n}`)
  return mutations
    .filter(({ writer, n }) => n > (before?.writers[writer]?.[0] ?? 0) && n <= (writers[writer]?.[0] ?? 0))
    .map(mutation => ({ mutation, isRejected: refused.includes(`${mutation.writer}.${mutation.n}`) }))
}

/** Creates the server. */
export function createJournal(options: Omit<Parameters<typeof createSessionHandler>[0], 'store'>): Journal {
  const memory = memoryStore()
  const current = new AsyncLocalStorage<Reached>()
  const reached: Reached[] = []
  const taken: Taken[] = []

  function note(session: string, version: number, before: string | undefined, after: string): void {
    const old = before === undefined ? undefined : (JSON.parse(before) as Marks)
    const { mutations } = current.getStore()!
    taken.push(...takenOf(mutations, version, old, JSON.parse(after) as Marks).map(one => ({ session, ...one })))
  }

  const store: SessionStore = {
    read: memory.read,
    write: (id, readVersion, document) => store.writeAll([{ id, readVersion, document }]),
    async writeAll(writes) {
      const before = await Promise.all(writes.map(({ id }) => memory.read(id)))
      const isWritten = await memory.writeAll(writes)
      if (!isWritten) return false
      for (const [index, { id, readVersion, document }] of writes.entries()) {
        note(id, readVersion + 1, before[index]?.document, document)
      }
      return true
    },
  }
  const handle = createSessionHandler({ ...options, store })

  const journal: Journal = {
    handler: Object.assign(async (request: Request) => {
      const text = await request.clone().text()
      const { mutations = [] } = (text ? JSON.parse(text) : {}) as { mutations?: Mutation[] }
      const session = decodeURIComponent(new URL(request.url).pathname.split('/')[3] ?? '')
      const entry = { session, mutations }
      reached.push(entry)
      const response = await current.run(entry, () => handle(request))
      await journal.hold?.(entry)
      return response
    }, handle),
    reached,
    taken,
    sessions: () => new Set(taken.map(({ session }) => session)),
    hold: undefined,
  }
  return journal
}
