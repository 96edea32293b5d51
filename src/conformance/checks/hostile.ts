import type { Check } from '../check.ts'
import { holds, includes, same } from '../expecting.ts'
import { adding, bodyOf, isMissing, isProblem, isUntouched, lineOf, linesOf, mutation, unitsOf } from '../subject.ts'
import type { Subject } from '../subject.ts'

const item = (fields: object): object => ({ item: { sku: 'A', ...fields }, quantity: 1 })
const add = (args: object): object => mutation('b', 2, 'addItem', args)

/** Each is sent behind a mutation that is well formed. */
const BAD_MUTATIONS: readonly unknown[] = [
  null,
  'text',
  [],
  {},
  { ...mutation('b', 2, 'clearItems'), args: undefined },
  { ...mutation('b', 2, 'clearItems'), args: 'text' },
  { ...mutation('b', 2, 'clearItems'), at: 5 },
  { ...mutation('b', 2, 'clearItems'), name: 5 },
  mutation('b', 0, 'clearItems'),
  mutation('b', 1.5, 'clearItems'),
  { ...mutation('b', 2, 'clearItems'), n: '2' },
  mutation('', 1, 'clearItems'),
  mutation('x'.repeat(65), 1, 'clearItems'),
  mutation('a b', 1, 'clearItems'),
  mutation('b', 2, 'clearItems', { all: true }),
  mutation('b', 2, 'removeItem'),
  mutation('b', 2, 'setQuantity', { line: 'A', quantity: -1 }),
  mutation('b', 2, 'setQuantity', { line: 'A', quantity: null }),
  mutation('b', 2, 'changeQuantity', { line: 'A', by: 0.5 }),
  mutation('b', 2, 'updateItem', { line: 'A', changes: { sku: null } }),
  mutation('b', 2, 'restoreItem', { item: { sku: 'A' }, index: 0 }),
  mutation('b', 2, 'applyCoupon', { code: '' }),
  mutation('b', 2, 'setAttributes', { changes: ['x'] }),
  mutation('b', 2, 'start', { currency: 5 }),
  add({ item: { sku: 'A' } }),
  add({ item: { sku: 'A' }, quantity: 0 }),
  add({ item: { sku: 'A' }, quantity: 1.5 }),
  add({ item: { sku: 'A' }, quantity: '1' }),
  add({ item: { price: 1 }, quantity: 1 }),
  add(item({ sku: '' })),
  add(item({ sku: 5 })),
  add(item({ price: '2.5' })),
  add(item({ name: 'with U+0000: \0' })),
  add(item({ name: 'with half a pair: \ud83d' })),
  add(item({ colour: 'blue' })),
  add(item({ additionalCosts: { deposit: 0.25 } })),
  add(item({ attributes: 'blue' })),
]

const SERVER_OWNED: readonly object[] = [
  ...['total', 'position', 'catalogItemID', 'returnedQuantity', 'remainingQuantity', 'quantity'].map(name =>
    add(item({ [name]: 1 })),
  ),
  add(item({ selectedPriceType: 'base', prices: {} })),
  mutation('b', 2, 'updateItem', { line: 'A', changes: { quantity: 5 } }),
  mutation('b', 2, 'updateItem', { line: 'A', changes: { remainingQuantity: 0 } }),
  ...Object.entries({
    total: 0,
    discounts: { all: 100 },
    firstSession: true,
    created: '2026-11-23T10:00:00Z',
    updated: '2026-11-23T10:00:00Z',
    applicationId: 1,
    state: 'closed',
  }).map(([name, value]) => mutation('b', 2, 'start', { currency: 'EUR', [name]: value })),
]

/** @throws Failure unless each is refused behind one that is well formed, and named. */
async function areMalformed(subject: Subject, wrong: readonly unknown[]): Promise<void> {
  for (const bad of wrong) {
    const reply = await subject.post([mutation('b', 1, 'clearItems'), bad])
    isProblem(JSON.stringify(bad), reply, 'malformed')
    includes(`the index of ${JSON.stringify(bad)}`, reply.body, { index: 1 })
  }
}

const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`

/** Names that mean something in some language. */
const NAMES = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'prototype']
const named = (value: unknown): object => Object.fromEntries(NAMES.map(name => [name, value]))

/** What no client of ours sends. */
export const hostile: readonly Check[] = [
  {
    id: 'hostile/shapes',
    section: 'Mutations',
    rule: 'A mutation that is not of its shape is malformed, with its index, and nothing of its batch is applied.',
    async run({ subject, start }) {
      const fresh = subject()
      const first = await fresh.post([start(), add({ item: { sku: 'A' }, quantity: 0.5 })])
      isProblem('half a unit', first, 'malformed')
      includes('the mutation that is meant', first.body, { index: 1, writer: 'b', n: 2 })
      await isMissing(fresh)
      const attacked = subject()
      const before = await attacked.send([start(), adding('a', 2, 'A')])
      await areMalformed(attacked, BAD_MUTATIONS)
      await isUntouched(attacked, before)
    },
  },
  {
    id: 'hostile/server-fields',
    section: 'Items and lines',
    rule: 'A field that only the server may set is malformed, not believed.',
    async run({ subject, start }) {
      const attacked = subject()
      const before = await attacked.send([start(), adding('a', 2, 'A')])
      await areMalformed(attacked, SERVER_OWNED)
      await isUntouched(attacked, before)
    },
  },
  {
    id: 'hostile/deep',
    section: 'Items and lines',
    rule: 'Deep JSON is malformed or too-large, never a failure of the server.',
    async run({ subject, start }) {
      const attacked = subject()
      const before = await attacked.send([start()])
      const body = bodyOf([mutation('a', 2, 'setAttributes', { changes: { deep: 'HERE' } })])
      for (const depth of [100, 50_000]) {
        const reply = await attacked.postText(body.replace('"HERE"', nested(depth)))
        if (reply.status === 413) isProblem(`${depth} lists in each other`, reply, 'too-large')
        else isProblem(`${depth} lists in each other`, reply, 'malformed')
      }
      await isUntouched(attacked, before)
    },
  },
  {
    id: 'hostile/names',
    section: 'Items and lines',
    rule: 'constructor, toString and the name of the prototype are names as any other.',
    needs: ['prices'],
    async run({ subject, start }) {
      const odd = subject()
      const answer = await odd.send([
        start(),
        ...NAMES.map((sku, i) => adding('a', i + 2, sku, i + 1)),
        mutation('a', 7, 'setAttributes', { changes: named({ polluted: true }) }),
        adding('a', 8, 'A', 1, { attributes: named('x'), additionalCosts: named({ price: 0.1 }) }),
      ])
      same('rejected', answer.rejected, [])
      const skus = linesOf(answer).map(({ sku, quantity }) => [sku, quantity])
      same('lines', skus, [...NAMES.map((sku, i) => [sku, i + 1]), ['A', 1]])
      same('attributes', answer.fields.attributes, named({ polluted: true }))
      same('attributes of the item', linesOf(answer).at(-1)?.attributes, named('x'))
      same('total', answer.fields.total, 40.5)
      const args = JSON.parse('{"__proto__":{"line":"A"}}') as object
      isProblem('args that inherit', await odd.post([mutation('a', 9, 'removeItem', args)]), 'malformed')
      const other = await subject().send([start(), adding('a', 2, 'A')])
      same('attributes of the next session', other.fields.attributes, {})
      holds(!other.reply.text.includes('polluted'), 'nothing of it in another session', other.reply.text)
    },
  },
  {
    id: 'hostile/other-session',
    section: 'Epoch and version',
    rule: 'The epoch of one session opens no other.',
    needs: ['lines'],
    async run({ subject, start }) {
      const [own, foreign] = [subject(), subject()]
      const { epoch, version } = await own.send([start(), adding('a', 2, 'A')])
      const before = await foreign.send([start(), adding('a', 2, 'B', 7)])
      isProblem('a foreign epoch', await foreign.post([], { epoch, base: version }), 'session-gone', [410])
      await isUntouched(foreign, before)
      same('units of the own session', unitsOf(await own.read()), { A: 1 })
      same('the line of the other', lineOf(before, 'B')?.quantity, 7)
    },
  },
]
