// Whether the simulation notices anything: engines that are broken on purpose, each of which has to break a law soon.
import { afterAll, expect, test, vi } from 'vitest'
import type { untold } from '../../src/cart/outcomes.ts'
import type { Accepted, accept } from '../../src/session/ledger.ts'
import type { Mutation } from '../../src/session/mutations.ts'
import type { createDisk } from '../../src/storage/disk.ts'
import type { readEntries } from '../../src/storage/stored.ts'
import type { write } from '../../src/storage/write.ts'
import type { step } from '../../src/sync/machine.ts'
import type { SyncEffect } from '../../src/sync/state.ts'
import { live } from './world.ts'

const WORLDS = 500

/** What a broken engine has instead of functions of its modules. */
interface Broken {
  step?: (sound: typeof step) => typeof step
  accept?: (sound: typeof accept) => typeof accept
  write?: (sound: typeof write) => typeof write
  createDisk?: (sound: typeof createDisk) => typeof createDisk
  readEntries?: (sound: typeof readEntries) => typeof readEntries
  untold?: (sound: typeof untold) => typeof untold
}

const engine = vi.hoisted(() => ({ broken: {} as Record<string, ((original: any) => any) | undefined> }))

/** Puts in front of a function of a module what the engine of the hour has in its place. */
async function replace<Exports extends object>(original: () => Promise<Exports>, name: string): Promise<Exports> {
  const exports = (await original()) as Record<string, any>
  const sound = exports[name]
  return { ...exports, [name]: (...args: unknown[]) => (engine.broken[name]?.(sound) ?? sound)(...args) } as Exports
}

vi.mock('../../src/sync/machine.ts', original => replace(original, 'step'))
vi.mock('../../src/session/ledger.ts', original => replace(original, 'accept'))
vi.mock('../../src/storage/write.ts', original => replace(original, 'write'))
vi.mock('../../src/storage/disk.ts', original => replace(original, 'createDisk'))
vi.mock('../../src/storage/stored.ts', original => replace(original, 'readEntries'))
vi.mock('../../src/cart/outcomes.ts', original => replace(original, 'untold'))

/** Changes what is sent. */
function sending(change: (mutations: readonly Mutation[]) => readonly Mutation[]): Broken {
  return {
    step: sound => (state, event, surroundings, options) => {
      const result = sound(state, event, surroundings, options)
      const effects = result.effects.map((effect): SyncEffect => {
        if (effect.type !== 'request' || !effect.request.body) return effect
        const body = JSON.parse(effect.request.body) as { mutations: readonly Mutation[] }
        const changed = JSON.stringify({ ...body, mutations: change(body.mutations) })
        return { ...effect, request: { ...effect.request, body: changed } }
      })
      return { ...result, effects }
    },
  }
}

/** Takes a batch for acknowledged although no answer says so. */
function acknowledging(isTheMoment: (type: string, status: number | undefined) => boolean): Broken {
  return {
    step: sound => (state, event, surroundings, options) => {
      const result = sound(state, event, surroundings, options)
      const sends = result.effects.some(({ type }) => type === 'request')
      const status = event.type === 'answered' ? event.response.status : undefined
      if (!isTheMoment(sends ? 'request' : event.type, status)) return result
      const { base, pending } = surroundings
      const { batch } = sends ? result.state : state
      const numbers = Object.fromEntries(batch.map(({ writer, n }) => [writer, n]))
      const acked = { ...base.acked, ...numbers }
      const isCovered = ({ writer, n }: Mutation): boolean => n <= (acked[writer] ?? 0)
      const accepted: Accepted = {
        base: { ...base, epoch: base.epoch ?? 'e', acked },
        pending: pending.filter(one => !isCovered(one)),
        settled: pending.filter(isCovered).map(mutation => ({ mutation, outcome: { status: 'accepted' } })),
      }
      const answer = {
        epoch: 'e',
        version: base.version,
        currency: 'EUR',
        acked,
        rejected: [],
        notices: [],
        estimated: false,
        effects: [],
        session: base.session,
        changes: undefined,
        check: '',
      }
      return { ...result, effects: [...result.effects, { type: 'accept', answer, accepted }] }
    },
  }
}

const MUTANTS: Record<string, Broken> = {
  'skips a number': sending(mutations => mutations.filter((_, index) => index !== 1)),
  'sends the last first': sending(mutations => [...mutations].reverse()),
  'numbers anew what it sends again': sending(mutations =>
    mutations.map((one, index) => ({ ...one, writer: `again${Math.floor(one.n / 4)}`, n: index + 1 })),
  ),
  'acknowledges what it has only sent': acknowledging(type => type === 'request'),
  'acknowledges what got no answer': acknowledging(type => type === 'failed'),
  'drops what meets a sign-in that has expired': acknowledging((_, status) => status === 401),
  'drops what a proxy refuses': acknowledging((_, status) => status === 404 || status === 413),
  'takes a late answer for the newest': {
    accept: sound => (base, pending, answer, limits) =>
      sound(answer.version < base.version ? { ...base, version: answer.version } : base, pending, answer, limits),
  },
  'replays what is acknowledged': {
    accept: sound => (base, pending, answer, limits) => {
      const result = sound(base, pending, answer, limits)
      return typeof result === 'string' ? result : { ...result, base: { ...result.base, acked: base.acked }, pending }
    },
  },
  'calls saved what was only begun': {
    write: sound => (useStore, requests) => {
      const written = sound(useStore, requests)
      written.catch(() => {})
      return Promise.race([written, Promise.resolve(1 as never)])
    },
  },
  // With the number it would have had: any other is found out by the engine itself, which reads again and writes it anew.
  'calls saved what has failed': {
    createDisk: sound => database => {
      const disk = sound(database)
      let last = 0
      const addRows: typeof disk.addRows = async rows => {
        try {
          const keys = await disk.addRows(rows)
          last = keys.at(-1)!
          return keys
        } catch {
          return rows.map(() => ++last)
        }
      }
      return { ...disk, addRows }
    },
  },
  'sweeps rows that no base covers': {
    readEntries: sound => (database, spare, limits, before) => {
      const stored = sound(database, spare, limits, before)
      return { ...stored, obsolete: [...stored.obsolete, ...stored.rows.keys()] }
    },
  },
  'tells nobody of a rejection': {
    untold: () => () => [],
    accept: sound => (base, pending, answer, limits) => sound(base, pending, { ...answer, rejected: [] }, limits),
  },
}

const rows: Record<string, object> = {}
afterAll(() => console.table(rows))

test.each(Object.keys(MUTANTS))(
  'an engine that %s is found out',
  async name => {
    engine.broken = MUTANTS[name] as typeof engine.broken
    let seed = 0
    let broken: readonly string[] = []
    while (!broken.length && seed < WORLDS) ({ broken } = await live(++seed))
    engine.broken = {}
    rows[name] = { 'worlds until found': seed, laws: [...new Set(broken.map(text => text.split(':')[0]))].join(', ') }
    expect(broken).not.toEqual([])
  },
  600_000,
)
