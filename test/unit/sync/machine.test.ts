import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { emptyBase } from '../../../src/session/ledger.ts'
import { defaultLimits } from '../../../src/session/limits.ts'
import type { Mutation } from '../../../src/session/mutations.ts'
import { step } from '../../../src/sync/machine.ts'
import { createState, type SyncEffect, type SyncEvent, type SyncState } from '../../../src/sync/state.ts'

const OPTIONS = { integrationId: 's', writer: 'w', isNamed: false, limits: defaultLimits('EUR') }

const addItem = (writer: string, n: number): Mutation => ({
  writer,
  n,
  name: 'addItem',
  args: { item: { sku: `${writer}${n}` }, quantity: 1 },
  at: '2026-11-23T10:00:00Z',
})

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    Object.values(value).forEach(deepFreeze)
  }
  return value
}

const problem = (type: string, acked: Record<string, number> = {}) => ({
  status: 409,
  body: { type: `urn:session-cart:problem:${type}`, acked },
})
const responses = fc.oneof(
  fc.constantFrom(
    { status: 304, body: undefined },
    { status: 502, body: undefined },
    { status: 413, body: undefined },
    { status: 429, body: undefined, retryAfter: 3000 },
    ...['session-gone', 'unauthorized', 'too-large', 'malformed', 'unsupported-version', 'precondition'].map(type =>
      problem(type),
    ),
  ),
  fc.record({ v: fc.nat(4), w: fc.nat(4) }).map(acked => problem('gap', acked)),
  fc
    .record({ version: fc.nat(6), acked: fc.dictionary(fc.constantFrom('v', 'w'), fc.nat(6)), estimated: fc.boolean() })
    .map(answer => ({
      status: 200,
      body: { v: 1, epoch: 'e', currency: 'EUR', ...answer, session: { integrationId: 's', cartItems: [] } },
    })),
)
const events: fc.Arbitrary<SyncEvent> = fc.oneof(
  fc.constantFrom<SyncEvent>(
    { type: 'push', isUrgent: false },
    { type: 'push', isUrgent: true },
    { type: 'watch' },
    { type: 'wake' },
    { type: 'hide' },
    { type: 'attempt' },
    { type: 'due' },
    { type: 'turn' },
    { type: 'failed', cause: undefined },
  ),
  responses.map(response => ({ type: 'answered', response }) as const),
)
const surroundings = fc.record({
  pending: fc
    .array(fc.record({ writer: fc.constantFrom('v', 'w'), n: fc.integer({ min: 1, max: 6 }) }), { maxLength: 6 })
    .map(list => list.sort((one, other) => one.n - other.n).map(({ writer, n }) => addItem(writer, n))),
  later: fc.constantFrom(0, 1, 100, 5000, 70_000),
  random: fc.double({ min: 0, max: 0.999, noNaN: true }),
  isVisible: fc.boolean(),
})
const histories = fc.array(fc.record({ event: events, around: surroundings }), { maxLength: 25 })

/** Has everything happen, and looks at every step. */
function happen(
  history: readonly {
    event: SyncEvent
    around: { pending: Mutation[]; later: number; random: number; isVisible: boolean }
  }[],
  look: (step: {
    before: SyncState
    event: SyncEvent
    state: SyncState
    effects: readonly SyncEffect[]
    now: number
  }) => void,
): void {
  let state = createState(false)
  let base = emptyBase('s')
  let now = 0
  for (const { event, around } of history) {
    const { later, ...rest } = around
    now += later
    const before = deepFreeze(state)
    const args = [before, deepFreeze(event), deepFreeze({ base, now, ...rest }), OPTIONS] as const
    const result = step(...args)
    expect(step(...args)).toEqual(result)
    ;({ state } = result)
    for (const effect of result.effects) if (effect.type === 'accept') ({ base } = effect.accepted)
    look({ before, event, ...result, now })
  }
}

test('what happens is a function of what is given, which stays as it was', () => {
  fc.assert(
    fc.property(histories, history => happen(history, () => {})),
    { numRuns: 2000 },
  )
})

test('there is never more than one request, and each attempt ends once', () => {
  fc.assert(
    fc.property(histories, history => {
      happen(history, ({ before, event, state, effects }) => {
        const isEnd = effects.some(({ type }) => type === 'done')
        if (effects.some(({ type }) => type === 'request')) expect(state.flight).toBe('sent')
        if (effects.some(({ type }) => type === 'queue'))
          expect([before.flight, state.flight]).toEqual([undefined, 'queued'])
        if (isEnd) expect(state.flight).toBeUndefined()
        if (event.type === 'answered' || event.type === 'failed') expect(isEnd).toBe(true)
      })
    }),
    { numRuns: 2000 },
  )
})

test('a turn that finds nothing to send asks for another one only later', () => {
  fc.assert(
    fc.property(histories, history => {
      happen(history, ({ before, event, state, effects, now }) => {
        if (event.type !== 'turn' || before.flight !== 'queued' || effects.some(({ type }) => type === 'request'))
          return
        expect(state.dueAt ?? Infinity).toBeGreaterThan(now)
      })
    }),
    { numRuns: 2000 },
  )
})

test('after its end it sends nothing and waits for nothing', () => {
  fc.assert(
    fc.property(histories, histories, (before, after) => {
      const stop = { event: { type: 'stop' } as const, around: { pending: [], later: 0, random: 0, isVisible: true } }
      let isOver = false
      happen([...before, stop, ...after], ({ event, state, effects }) => {
        isOver ||= event.type === 'stop'
        if (isOver) expect([state.dueAt, effects.filter(({ type }) => type === 'request')]).toEqual([undefined, []])
      })
    }),
    { numRuns: 1000 },
  )
})

test('of each writer it sends as far as no number is missing in between', () => {
  const pending = [addItem('v', 4), addItem('w', 1), addItem('v', 5), addItem('v', 8), addItem('w', 2), addItem('v', 9)]
  const around = { base: emptyBase('s'), pending, now: 0, random: 0, isVisible: true }
  const queued = step(createState(false), { type: 'due' }, around, OPTIONS).state
  const [effect] = step(queued, { type: 'turn' }, around, OPTIONS).effects
  expect(effect?.type).toBe('request')
  const { mutations } = JSON.parse((effect as SyncEffect & { type: 'request' }).request.body!) as {
    mutations: Mutation[]
  }
  expect(mutations.map(({ writer, n }) => `${writer}${n}`)).toEqual(['v4', 'w1', 'v5', 'w2'])
})

test('whoever owes something that can be sent waits for a time or an answer, whatever happened before', () => {
  fc.assert(
    fc.property(histories, history => {
      const around = { pending: [addItem('u', 1)], later: 0, random: 0, isVisible: true }
      let steps = 0
      happen(
        [...history, { event: { type: 'push', isUrgent: true }, around }],
        ({ state: { halted, dueAt, flight } }) => {
          if (++steps > history.length && !halted) expect(dueAt ?? flight).toBeDefined()
        },
      )
    }),
    { numRuns: 2000 },
  )
})

test('sending goes on when another tab was faster in the middle of an isolation', () => {
  const pending = [addItem('w', 1), addItem('w', 2)]
  const around = { later: 30_000, random: 0, isVisible: true }
  const events: SyncEvent[] = [
    { type: 'due' },
    { type: 'turn' },
    { type: 'failed', cause: undefined },
    { type: 'due' },
    { type: 'turn' },
    { type: 'answered', response: problem('too-large') },
  ]
  const history = [
    ...events.map(event => ({ event, around: { ...around, pending } })),
    { event: { type: 'due' } as const, around: { ...around, pending: [] } },
    { event: { type: 'turn' } as const, around: { ...around, pending: [] } },
    { event: { type: 'push', isUrgent: false } as const, around: { ...around, pending: [addItem('w', 3)] } },
  ]
  let dueAt: number | undefined
  happen(history, ({ state }) => ({ dueAt } = state))
  expect(dueAt).toBeDefined()
})

test('a number that is missing is waited for a minute, also when the clock is set back', () => {
  const pending = [addItem('v', 3)]
  const around = { pending, random: 0, isVisible: true }
  const history = [
    { event: { type: 'due' } as const, around: { ...around, later: 7_200_000 } },
    { event: { type: 'turn' } as const, around: { ...around, later: 0 } },
    { event: { type: 'answered', response: problem('gap', { v: 1 }) } as const, around: { ...around, later: 0 } },
    { event: { type: 'due' } as const, around: { ...around, later: -3_600_000 } },
    { event: { type: 'turn' } as const, around: { ...around, later: 0 } },
    {
      event: { type: 'answered', response: { status: 304, body: undefined } } as const,
      around: { ...around, later: 0 },
    },
    { event: { type: 'due' } as const, around: { ...around, later: 60_000 } },
    { event: { type: 'turn' } as const, around: { ...around, later: 0 } },
  ]
  const sent: boolean[] = []
  happen(history, ({ event, effects }) => {
    if (event.type === 'turn') sent.push(effects.some(({ type }) => type === 'request'))
  })
  expect(sent.at(-1)).toBe(true)
})
