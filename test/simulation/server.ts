import {
  createSessionHandler,
  memoryStore,
  type Command,
  type SessionHandler,
  type SessionStore,
  type Upstream,
} from '../../src/server/index.ts'
import type { Mutation } from '../../src/session/mutations.ts'
import type { CustomerSession } from '../../src/session/session.ts'
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
  /** What the shop's own code does; it goes on asking until it is answered. */
  command(id: string, commands: (session: CustomerSession) => readonly Command[]): void
  /** Asks upstream what is still to come, for every session. */
  catchUp(): void
  /** Everything under way is lost, and for a while nobody answers. */
  crash(): void
  /** In the order it took effect in, by session. */
  readonly taken: ReadonlyMap<string, readonly Taken[]>
  /** The session as JSON text. */
  session(id: string): Promise<string | undefined>
  /** Sessions for which promotions are still to come. */
  estimated(): Promise<readonly string[]>
}

/** One process of the server. */
interface Copy {
  readonly handler: SessionHandler
  readonly death: Promise<never>
  readonly die: (error: Error) => void
}

interface Document {
  readonly estimated: boolean
  readonly writers: Readonly<Record<string, readonly [n: number, version: number]>>
  readonly rejected: readonly { readonly version: number; readonly entry: { readonly writer: string; n: number } }[]
}

const idOf = ({ writer, n }: { readonly writer: string; readonly n: number }): string => `${writer}.${n}`

const sampleUpstream: Upstream = ({ coupon }) => ({
  rejected: coupon.startsWith('BAD') ? [{ kind: 'coupon', reason: 'CouponNotFound' }] : [],
  discounts: coupon.startsWith('GOOD') ? { [coupon]: 1 } : {},
})

const AGAIN_MS = 500

/**
 * A server.
 *
 * @param upstreams Where promotions come from, one for each process of the server.
 */
export function createServer(
  scheduler: Scheduler,
  faults: Faults,
  upstreams: readonly Upstream[] = [sampleUpstream],
): SimulatedServer {
  const memory = memoryStore()
  const ids = new Set<string>()
  const underWay = new Set<readonly Mutation[]>()
  const journal = new Map<string, Taken[]>()
  const downUntil = upstreams.map(() => 0)
  let calls = 0

  // A write takes the numbers between where the document before it and the document after it stand.
  function note(session: string, version: number, before: string | undefined, after: string): void {
    const old = before === undefined ? {} : (JSON.parse(before) as Document).writers
    const { writers, rejected } = JSON.parse(after) as Document
    const refused = new Set(rejected.filter(one => one.version === version).map(({ entry }) => idOf(entry)))
    const list = journal.get(session) ?? []
    journal.set(session, list)
    // A code may be turned down in a write after the one that took it.
    for (const [at, one] of list.entries()) if (refused.has(idOf(one.mutation))) list[at] = { ...one, isRejected: true }
    const isNew = ({ writer, n }: Mutation): boolean => n > (old[writer]?.[0] ?? 0) && n <= (writers[writer]?.[0] ?? 0)
    // Several requests may hold what was taken: they hold it in the same order.
    const taken = [...underWay].map(batch => batch.filter(isNew))
    const [fullest = []] = taken.sort((one, other) => other.length - one.length)
    for (const mutation of fullest) list.push({ mutation, isRejected: refused.has(idOf(mutation)) })
  }

  function start(index: number): Copy {
    let isAlive = true
    let die: Copy['die']
    const death = new Promise<never>((_, reject) => {
      die = error => {
        isAlive = false
        reject(error)
      }
    })
    death.catch(() => {})
    // What has crashed comes to nothing in the middle of whatever it did.
    const step = async <Result>(job: () => Promise<Result>): Promise<Result> => {
      if (!isAlive) return new Promise(() => {})
      const result = await job()
      return isAlive ? result : new Promise(() => {})
    }
    const store: SessionStore = {
      read: id => step(() => memory.read(id)),
      writeAll: writes => step(() => memory.writeAll(writes)),
      write: (id, readVersion, document) =>
        step(async () => {
          if (faults.strikes('server crash before a write')) {
            crash(index)
            return false
          }
          const before = await memory.read(id)
          const isWritten = await memory.write(id, readVersion, document)
          const isSession = 'writers' in (JSON.parse(document) as object)
          if (isSession) ids.add(id)
          if (isWritten && isSession) note(id, readVersion + 1, before?.document, document)
          if (faults.strikes('server crash after a write')) crash(index)
          return isWritten
        }),
    }
    const handler = createSessionHandler({
      store,
      clock: scheduler,
      random: size => Uint8Array.from({ length: size }, () => scheduler.below(256)),
      policy: { closeSession: true, reopenSession: true },
      upstream: upstreams[index],
    })
    return { handler, death, die: die! }
  }

  const copies = upstreams.map((_, index) => start(index))

  function crash(index: number): void {
    downUntil[index] = scheduler.now() + scheduler.below(4000)
    copies[index]!.die(new TypeError('The server went down.'))
    copies[index] = start(index)
  }

  // Nothing is drawn for a server of one process.
  const pick = (): number => (copies.length === 1 ? 0 : scheduler.below(copies.length))

  function alive(index: number): Copy {
    if (scheduler.now() < downUntil[index]!) throw new TypeError('The server is down.')
    return copies[index]!
  }

  async function untilAnswered(job: (handler: SessionHandler) => Promise<unknown>): Promise<void> {
    for (;;) {
      try {
        const { handler, death } = alive(pick())
        await Promise.race([job(handler), death])
        return
      } catch {
        await new Promise<void>(resolve => void scheduler.after(AGAIN_MS, resolve))
      }
    }
  }

  return {
    async handle(request, mutations) {
      const { handler, death } = alive(pick())
      underWay.add(mutations)
      return Promise.race([handler(request), death]).finally(() => underWay.delete(mutations))
    },
    command(id, commands) {
      const key = `call-${++calls}`
      void untilAnswered(async ({ sessions }) => {
        const stored = await sessions.get(id)
        if (stored) await sessions.apply(id, commands(stored.session), { key })
      })
    },
    catchUp() {
      for (const id of ids) void untilAnswered(({ sessions }) => sessions.catchUp(id))
    },
    crash() {
      crash(pick())
    },
    taken: journal,
    async session(id) {
      const stored = await copies[0]!.handler.sessions.get(id)
      return stored && JSON.stringify(stored.session)
    },
    async estimated() {
      const all = await Promise.all([...ids].map(async id => [id, await memory.read(id)] as const))
      return all.filter(([, stored]) => (JSON.parse(stored!.document) as Document).estimated).map(([id]) => id)
    },
  }
}
