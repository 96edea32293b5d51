// Whether the worlds with Talon.One notice anything: servers and bridges that are broken on purpose.
import { afterAll, expect, test, vi } from 'vitest'
import type { nextMove } from '../../src/talon-one/moves.ts'
import type { missingReturns } from '../../src/talon-one/returns.ts'
import type { prepare } from '../../src/talon-one/trip.ts'
import type { isOpen, isOwn, isUnderWay, told } from '../../src/server/turn.ts'
import { live, planOf } from './world.ts'

const WORLDS = 400

/** What a broken one has instead of functions of its modules. */
interface Broken {
  isUnderWay?: (sound: typeof isUnderWay) => typeof isUnderWay
  isOpen?: () => typeof isOwn & typeof isOpen
  told?: (sound: typeof told) => typeof told
  nextMove?: (sound: typeof nextMove) => typeof nextMove
  missingReturns?: (sound: typeof missingReturns) => typeof missingReturns
  prepare?: (sound: typeof prepare) => typeof prepare
}

const engine = vi.hoisted(() => ({ broken: {} as Record<string, ((original: any) => any) | undefined> }))

/** Puts in front of functions of a module what the one of the hour has in their place. */
async function replace<Exports extends object>(original: () => Promise<Exports>, ...names: string[]): Promise<Exports> {
  const exports = (await original()) as Record<string, any>
  const replaced = names.map(name => {
    const sound = exports[name]
    return [name, (...args: unknown[]) => (engine.broken[name]?.(sound) ?? sound)(...args)]
  })
  return { ...exports, ...Object.fromEntries(replaced) } as Exports
}

vi.mock('../../src/server/turn.ts', original => replace(original, 'isUnderWay', 'isOpen', 'told'))
vi.mock('../../src/talon-one/moves.ts', original => replace(original, 'nextMove'))
vi.mock('../../src/talon-one/returns.ts', original => replace(original, 'missingReturns'))
vi.mock('../../src/talon-one/trip.ts', original => replace(original, 'prepare'))

/** Where to begin, for those that only a rare world finds out: a run of all checks has twenty minutes. */
const FIRST: Readonly<Record<string, number>> = {
  'server that never asks again': 250,
  'bridge that leaves a closed session as it is': 135,
}

const MUTANTS: Record<string, Broken> = {
  // Calls that overlap do no harm alone: whoever takes one over knows of the other, and takes its codes back in time.
  'server that calls while another one does, and leaves a code open': {
    isUnderWay: () => () => false,
    isOpen:
      () =>
      ({ upstream }, { token }) =>
        upstream?.call?.token === token,
  },
  'server that never asks again': {
    told: sound => (stored, about, said, turn, now) =>
      sound(stored, about, { ...said, again: said.estimated ? said.again : undefined }, turn, now),
  },
  'bridge that forgets calls of whose end nobody heard': {
    prepare: sound => async (settings, session, context, call, memory) =>
      sound(settings, session, { ...context, interrupted: undefined }, call, { ...memory, unsettled: undefined }),
  },
  'bridge that leaves a closed session as it is': {
    nextMove: sound => (target, standing, isSame) => sound(target, standing, isSame || standing === 'closed'),
  },
  'bridge that does not look what has come back': {
    missingReturns: sound => (session, seen) =>
      sound(session, {
        ...seen,
        cartItems: (seen as { cartItems: object[] }).cartItems.map(item => ({ ...item, returnedQuantity: 0 })),
      }),
  },
}

const rows: Record<string, object> = {}
afterAll(() => console.table(rows))

test.each(Object.keys(MUTANTS))(
  'a %s is found out',
  async name => {
    engine.broken = MUTANTS[name] as typeof engine.broken
    const first = FIRST[name] ?? 1
    let seed = first - 1
    let broken: readonly string[] = []
    while (!broken.length && seed < first + WORLDS) {
      seed++
      ;({ broken } = await live(seed, planOf(seed, 'talon-one'), 'talon-one'))
    }
    engine.broken = {}
    rows[name] = {
      'worlds until found': seed - first + 1,
      laws: [...new Set(broken.map(text => text.split(':')[0]))].join(', '),
    }
    expect(broken).not.toEqual([])
  },
  600_000,
)
