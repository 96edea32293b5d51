import { apply } from '../../session/apply.ts'
import { checkOf } from '../../session/check.ts'
import { defaultLimits } from '../../session/limits.ts'
import type { Mutation } from '../../session/mutations.ts'
import type { CustomerSession } from '../../session/session.ts'
import type { Check } from '../check.ts'
import { Skip, holds, same } from '../expecting.ts'
import { adding, bodyOf, linesOf, mutation, on, type Answer } from '../subject.ts'

const SMALL = 1024
const MANY = 1000

const isSmall = ({ fields }: Answer): boolean => fields.cartItems == null

/** @throws Failure unless the answer is a small one that fits what `apply` makes of the base. */
function isReplayed(answer: Answer, base: Answer, batch: readonly Mutation[], currency: string): void {
  holds(isSmall(answer), 'a small answer, without cartItems', answer.reply.text)
  const limits = defaultLimits(currency)
  const session = batch.reduce((before, next) => apply(before, next, limits).session, base.session as CustomerSession)
  same('check', answer.check, checkOf(session.cartItems))
}

/** The hash of the lines, and the answers that leave them out for it. */
export const lines: readonly Check[] = [
  {
    id: 'lines/hash',
    section: 'The hash of the lines',
    rule: 'check is the hash of the canonical JSON of the lines.',
    needs: ['lines'],
    async run({ subject, start }) {
      // Each of them is written in another way by some language's own JSON or sort.
      const items = [
        { attributes: { b: 1, a: [{ d: null, c: 'x' }], '\uFF5E': 1, '\u{1F455}': 2, 'ä"\\\u2028': '\u0007/' } },
        { weight: 1e-7, height: 1e21, width: 0.1, length: 123456789012345680000 },
        { name: 'Tasse № 1 茶', category: '', product: { name: '<b>&amp;' } },
      ]
      const hashed = subject()
      const answer = await hashed.send([start(), ...items.map((item, i) => adding('a', i + 2, `S${i}`, i + 1, item))])
      same('rejected', answer.rejected, [])
      same(`check of ${JSON.stringify(linesOf(answer))}`, answer.check, checkOf(linesOf(answer)))
      const empty = await subject().send([start()])
      same('check of no lines', empty.check, checkOf([]))
    },
  },
  {
    id: 'lines/small',
    section: 'Small answers',
    rule: 'Whoever stands on the stored version and has its check gets a small answer, without cartItems.',
    needs: ['prices'],
    async run({ subject, start, currency }) {
      const replayed = subject()
      const base = await replayed.send([start(), adding('a', 2, 'A'), adding('a', 3, 'B', 2)])
      const batch = [
        mutation('a', 4, 'changeQuantity', { line: 'A', by: 2 }),
        mutation('a', 5, 'changeQuantity', { line: 'NO-SUCH-LINE', by: 1 }),
        adding('a', 6, 'C', 1, { price: 0.1 }),
      ]
      const small = await replayed.send(batch, on(base, true))
      isReplayed(small, base, batch, currency)
      same('total', small.fields.total, 12.6)
      const created = await subject().send([start(), adding('a', 2, 'A')], { check: checkOf([]) })
      holds(isSmall(created), 'a small answer to who begins the session', created.reply.text)
      const whole = await replayed.read()
      same('check of the lines a GET brings', checkOf(linesOf(whole)), small.check)
    },
  },
  {
    id: 'lines/small-size',
    section: 'Small answers',
    rule: 'One change in a cart of 1000 lines moves less than 1 KB each way.',
    needs: ['prices'],
    async run({ subject, start }) {
      const large = subject()
      const items = Array.from({ length: MANY }, (_, i) => ({ sku: `SKU-${i}`, price: i + 0.99, quantity: 1 }))
      const begin = mutation('a', 1, 'start', { ...start().args, items })
      const base = await large.send([begin])
      if (linesOf(base).length < MANY) throw new Skip(`The server takes no cart of ${MANY} lines.`)
      const change = [mutation('a', 2, 'changeQuantity', { line: 'SKU-500', by: 1 })]
      const answer = await large.send(change, on(base, true))
      if (answer.effects.length > 0) throw new Skip('The promotion engine adds effects of any size.')
      for (const text of [bodyOf(change, on(base, true)), answer.reply.text]) {
        const { length } = new TextEncoder().encode(text)
        holds(length < SMALL, `less than ${SMALL} bytes`, `${length} bytes: ${text}`)
      }
    },
  },
  {
    id: 'lines/whole',
    section: 'Small answers',
    rule: 'Without a check, with another check, or on an older base the answer is whole.',
    async run({ subject, start }) {
      const diverged = subject()
      const first = await diverged.send([start(), adding('a', 2, 'A')])
      const next = (n: number): Mutation[] => [mutation('a', n, 'setAttributes', { changes: { n } })]
      const unasked = await diverged.send(next(3), on(first))
      linesOf(unasked)
      const other = await diverged.send(next(4), { ...on(unasked), check: '0123456789abcdef' })
      linesOf(other)
      linesOf(await diverged.send(next(5), on(first, true)))
      linesOf(await diverged.send([start('b')], { check: checkOf([]) }))
    },
  },
]
