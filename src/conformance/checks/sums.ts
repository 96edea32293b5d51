import type { Check } from '../check.ts'
import { same } from '../expecting.ts'
import { adding, lineOf, mutation } from '../subject.ts'

/** Lines as price and units, and the total. Sums of doubles miss each of them. */
const CASES: readonly (readonly [lines: readonly (readonly [price: number, units: number])[], total: number])[] = [
  [
    [
      [0.1, 1],
      [0.2, 1],
    ],
    0.3,
  ],
  [[[0.1, 3]], 0.3],
  [[[1.1, 3]], 3.3],
  [[[19.99, 7]], 139.93],
  [[[4.35, 100]], 435],
  [
    [
      [0.7, 1],
      [0.1, 1],
    ],
    0.8,
  ],
  [[[1e15, 1], ...Array.from({ length: 10 }, () => [0.05, 1] as const)], 1000000000000000.5],
  [
    [
      [1e-7, 3],
      [1e-7, 3],
    ],
    6e-7,
  ],
]

/** The total is exact, always. */
export const sums: readonly Check[] = [
  {
    id: 'sums/exact',
    section: 'Sums',
    rule: 'total is the exact decimal sum of price × quantity, turned into the nearest double once.',
    needs: ['prices'],
    async run({ subject, start }) {
      for (const [lines, total] of CASES) {
        const adds = lines.map(([price, units], i) => adding('a', i + 2, `S${i}`, units, { price }))
        const answer = await subject().send([start(), ...adds])
        same(`total of ${JSON.stringify(lines)}`, answer.fields.total, total)
      }
    },
  },
  {
    id: 'sums/running',
    section: 'Sums',
    rule: 'What was added and taken out again leaves nothing in the total.',
    needs: ['prices'],
    async run({ subject, start }) {
      const counted = subject()
      const prices = [0.1, 0.2, 0.3, 19.99]
      await counted.send([start(), ...prices.map((price, i) => adding('a', i + 2, `S${i}`, 3, { price }))])
      const remaining = await counted.send(
        [0, 1, 3].map((i, k) => mutation('a', 6 + k, 'removeItem', { line: `S${i}` })),
      )
      same('total of 3 × 0.3', remaining.fields.total, 0.9)
      const empty = await counted.send([mutation('a', 9, 'removeItem', { line: 'S2' })])
      same('total of nothing', empty.fields.total, 0)
    },
  },
  {
    id: 'sums/costs',
    section: 'Sums',
    rule: 'Additional costs are per unit and part of the total.',
    needs: ['prices'],
    async run({ subject, start }) {
      const additionalCosts = { deposit: { price: 0.1 }, fee: { price: 0.2 } }
      const answer = await subject().send([start(), adding('a', 2, 'A', 3, { price: 10, additionalCosts })])
      same('total of 3 × (10 + 0.1 + 0.2)', answer.fields.total, 30.9)
      same('additionalCosts', lineOf(answer, 'A')?.additionalCosts, additionalCosts)
    },
  },
  {
    id: 'sums/no-price',
    section: 'Sums',
    rule: 'An item without a price stays without one and adds nothing but its costs.',
    needs: ['prices'],
    async run({ subject, start }) {
      const costs = { additionalCosts: { deposit: { price: 0.25 } } }
      const answer = await subject().send([
        start(),
        mutation('a', 2, 'addItem', { item: { sku: 'A' }, quantity: 4 }),
        mutation('a', 3, 'addItem', { item: { sku: 'B', ...costs }, quantity: 2 }),
        adding('a', 4, 'C'),
      ])
      same('the line without a price', lineOf(answer, 'A'), { sku: 'A', quantity: 4 })
      same('total', answer.fields.total, 3)
    },
  },
]
