import type { Check } from '../check.ts'
import { same } from '../expecting.ts'
import { adding, codesOf, mutation, unitsOf } from '../subject.ts'

/** How much a session may hold. */
export const limits: readonly Check[] = [
  {
    id: 'limits/alone',
    section: 'Limits',
    rule: 'What exceeds a limit is rejected alone: what stands beside it in the batch holds.',
    needs: ['lines'],
    async run({ subject, start }) {
      const answer = await subject().send([
        start(),
        adding('a', 2, 'A', 10_001),
        adding('a', 3, 'B'),
        mutation('a', 4, 'setAttributes', { changes: { long: 'x'.repeat(10_001) } }),
        mutation('a', 5, 'applyCoupon', { code: 'x'.repeat(101) }),
        mutation('a', 6, 'applyReferral', { code: 'x'.repeat(101) }),
        adding('a', 7, 'C', 1, { price: 2e15 }),
        adding('a', 8, 'D', 1, { attributes: { long: 'x'.repeat(10_001) } }),
        mutation('a', 9, 'setAttributes', { changes: { short: 'x' } }),
      ])
      const tooMuch = 'limit-exceeded'
      const codes = { 2: tooMuch, 4: tooMuch, 5: tooMuch, 6: tooMuch, 7: 'invalid-item', 8: tooMuch }
      same('rejections', codesOf(answer, 'a'), codes)
      same('acked', answer.acked, { a: 9 })
      same('units', unitsOf(answer), { B: 1 })
      same('attributes', answer.fields.attributes, { short: 'x' })
    },
  },
  {
    id: 'limits/lines',
    section: 'Limits',
    rule: 'A cart of more than 1000 lines is limit-exceeded; a full one can still change and shrink.',
    needs: ['lines'],
    async run({ subject, currency }) {
      const full = subject()
      const items = Array.from({ length: 1001 }, (_, i) => ({ sku: `S${i}`, price: 1, quantity: 1 }))
      const begin = (n: number, count: number): object =>
        mutation('a', n, 'start', { currency, items: items.slice(0, count) })
      const refused = await full.send([begin(1, 1001)])
      same('rejections of 1001 lines', codesOf(refused, 'a'), { 1: 'limit-exceeded' })
      same('units of what was refused', unitsOf(refused), {})
      await full.send([begin(2, 1000)])
      const answer = await full.send([
        adding('a', 3, 'NEW'),
        adding('a', 4, 'S7', 1),
        mutation('a', 5, 'removeItem', { line: 'S8' }),
        adding('a', 6, 'NEW'),
      ])
      same('rejections', codesOf(answer, 'a'), { 1: 'limit-exceeded', 3: 'limit-exceeded' })
      const { S7, S8, NEW } = unitsOf(answer)
      same('units', [S7, S8, NEW], [2, undefined, 1])
    },
  },
]
