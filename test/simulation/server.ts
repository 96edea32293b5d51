import { createSessionHandler, memoryStore, type SessionStore } from '../../src/server/index.ts'
import type { Mutation } from '../../src/session/mutations.ts'
import type { Faults } from './faults.ts'
import type { Scheduler } from './scheduler.ts'

/** A mutation that took its number. */
export interface Taken {
  readonly mutation: Mutation
  readonly isRejected: boolean
}

/** The real handler over a store that outlives it, and a journal of what took effect. */
export interface SimulatedServer {
  /** Answers, or rejects when it is down or goes down meanwhile. */
  handle(request: Request, mutations: readonly Mutation[]): Promise<Response>
  /** Everything under way is lost, and for a while nobody answers. */
  crash(): void
  /** In the order it took effect in, by session. */
  readonly taken: ReadonlyMap<string, readonly Taken[]>
  /** The session as JSON text. */
  session(id: string): Promise<string | undefined>
}

interface Document {
  readonly writers: Readonly<Record<string, readonly [n: number, version: number]>>
  readonly rejected: readonly { readonly version: number; readonly entry: { readonly writer: string; n: number } }[]
}

const idOf = ({ writer, n }: { readonly writer: string; readonly n: number }): string => `${writer}.${n}`

export function createServer(scheduler: Scheduler, faults: Faults): SimulatedServer {
  const memory = memoryStore()
  const underWay = new Set<readonly Mutation[]>()
  const journal = new Map<string, Taken[]>()
  let downUntil = 0
  let die: (error: Error) => void
  let death: Promise<never>
  let handler: ReturnType<typeof createSessionHandler>

  // A write takes the numbers between where the document before it and the document after it stand.
  function note(session: string, version: number, before: string | undefined, after: string): void {
    const old = before === undefined ? {} : (JSON.parse(before) as Document).writers
    const { writers, rejected } = JSON.parse(after) as Document
    const refused = new Set(rejected.filter(one => one.version === version).map(({ entry }) => idOf(entry)))
    const list = journal.get(session) ?? []
    journal.set(session, list)
    const isNew = ({ writer, n }: Mutation): boolean => n > (old[writer]?.[0] ?? 0) && n <= (writers[writer]?.[0] ?? 0)
    // Several requests may hold what was taken: they hold it in the same order.
    const taken = [...underWay].map(batch => batch.filter(isNew))
    const [fullest] = taken.sort((one, other) => other.length - one.length)
    for (const mutation of fullest!) list.push({ mutation, isRejected: refused.has(idOf(mutation)) })
  }

  function start(): void {
    death = new Promise((_, reject) => (die = reject))
    death.catch(() => {})
    const own = death
    // What has crashed comes to nothing in the middle of whatever it did.
    const step = async <Result>(job: () => Promise<Result>): Promise<Result> => {
      if (own !== death) return new Promise(() => {})
      const result = await job()
      return own === death ? result : new Promise(() => {})
    }
    const store: SessionStore = {
      read: id => step(() => memory.read(id)),
      writeAll: writes => step(() => memory.writeAll(writes)),
      write: (id, readVersion, document) =>
        step(async () => {
          if (faults.strikes('server crash before a write')) {
            crash()
            return false
          }
          const before = await memory.read(id)
          const isWritten = await memory.write(id, readVersion, document)
          if (isWritten) note(id, readVersion + 1, before?.document, document)
          if (faults.strikes('server crash after a write')) crash()
          return isWritten
        }),
    }
    handler = createSessionHandler({
      store,
      clock: scheduler,
      random: size => Uint8Array.from({ length: size }, () => scheduler.below(256)),
      policy: { closeSession: true, reopenSession: true },
      upstream: ({ coupon }) =>
        Promise.resolve({
          rejected: coupon.startsWith('BAD') ? [{ kind: 'coupon', reason: 'CouponNotFound' }] : [],
          discounts: coupon.startsWith('GOOD') ? { [coupon]: 1 } : {},
        }),
    })
  }

  function crash(): void {
    downUntil = scheduler.now() + scheduler.below(4000)
    die(new TypeError('The server went down.'))
    start()
  }

  start()
  return {
    handle(request, mutations) {
      if (scheduler.now() < downUntil) return Promise.reject(new TypeError('The server is down.'))
      underWay.add(mutations)
      return Promise.race([handler(request), death]).finally(() => underWay.delete(mutations))
    },
    crash,
    taken: journal,
    async session(id) {
      const stored = await handler.sessions.get(id)
      return stored && JSON.stringify(stored.session)
    },
  }
}
