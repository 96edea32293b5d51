import type { Mutation } from '../../session/mutations.ts'
import type { Check } from '../check.ts'
import { Skip, includes, same } from '../expecting.ts'
import { adding, codesOf, isUntouched, lineOf, mutation, unitsOf } from '../subject.ts'

const close = (n: number): Mutation => mutation('a', n, 'closeSession')
const cancel = (n: number): Mutation => mutation('a', n, 'cancelSession')
const reopen = (n: number): Mutation => mutation('a', n, 'reopenSession')
const takeBack = (n: number, line: string, quantity: number): Mutation =>
  mutation('a', n, 'returnItems', { items: [{ line, quantity }] })

const ILLEGAL = 'illegal-transition'

/** The states of a session. */
export const states: readonly Check[] = [
  {
    id: 'states/policy',
    section: 'States',
    rule: 'A move that the browser may not make is forbidden, takes its number and leaves the state.',
    async run({ subject, start }) {
      const held = subject()
      const before = await held.send([start()])
      const answer = await held.send([close(2), cancel(3), reopen(4), takeBack(5, 'A', 1)])
      const codes = codesOf(answer, 'a')
      same('acked', answer.acked.a, 5)
      const isForbidden = (n: number): boolean => codes[n] === 'forbidden'
      if (![2, 3, 4, 5].some(isForbidden)) throw new Skip('The policy of the server lets the browser do everything.')
      if (isForbidden(2) && isForbidden(3)) same('state', answer.fields.state, before.fields.state)
      // Either the policy or the table of states says no: neither is possible from open.
      for (const n of [4, 5]) if (!isForbidden(n)) same(`code of ${n}`, codes[n], ILLEGAL)
    },
  },
  {
    id: 'states/closed',
    section: 'States',
    rule: 'A session that is closed changes no more: session-closed, and the number is taken.',
    needs: ['lines', 'closeSession'],
    async run({ subject, start }) {
      const paid = subject()
      const closed = await paid.send([start(), adding('a', 2, 'A', 2), close(3)])
      same('state', closed.fields.state, 'closed')
      const late = await paid.send([
        adding('a', 4, 'B'),
        mutation('a', 5, 'setQuantity', { line: 'A', quantity: 9 }),
        mutation('a', 6, 'applyCoupon', { code: 'LATE' }),
        mutation('a', 7, 'setAttributes', { changes: { x: 1 } }),
        start('b'),
        mutation('a', 8, 'burn'),
      ])
      const refused = 'session-closed'
      same('rejections', codesOf(late, 'a'), { 4: refused, 5: refused, 6: refused, 7: refused })
      same('acked', late.acked, { a: 8, b: 1 })
      same('units', unitsOf(late), { A: 2 })
      includes('session', late.fields, { state: 'closed', coupon: '', attributes: {} })
      same('closing it again', codesOf(await paid.send([close(9)]), 'a')[9], ILLEGAL)
    },
  },
  {
    id: 'states/cancelled',
    section: 'States',
    rule: 'An open session can be cancelled; a cancelled one moves nowhere.',
    needs: ['cancelSession'],
    async run({ subject, start }) {
      const off = subject()
      const cancelled = await off.send([start(), cancel(2), cancel(3)])
      same('state', cancelled.fields.state, 'cancelled')
      same('rejections', codesOf(cancelled, 'a'), { 3: ILLEGAL })
    },
  },
  {
    id: 'states/reopened',
    section: 'States',
    rule: 'A closed session is opened again only by reopenSession, and no other state is.',
    needs: ['lines', 'closeSession', 'reopenSession'],
    async run({ subject, start }) {
      const again = await subject().send([start(), reopen(2), close(3), reopen(4), adding('a', 5, 'A')])
      same('state', again.fields.state, 'open')
      same('rejections', codesOf(again, 'a'), { 2: ILLEGAL })
      same('units', unitsOf(again), { A: 1 })
    },
  },
  {
    id: 'states/returned',
    section: 'States',
    rule: 'Units of a closed session come back, no more than are left; what came back is no part of the total.',
    needs: ['prices', 'closeSession', 'returnItems'],
    async run({ subject, start }) {
      const sold = subject()
      const early = await sold.send([start(), adding('a', 2, 'A', 3), takeBack(3, 'A', 1), close(4)])
      same('rejections while it is open', codesOf(early, 'a'), { 3: ILLEGAL })
      const back = await sold.send([takeBack(5, 'A', 1), takeBack(6, 'A', 3), takeBack(7, 'NO-SUCH-LINE', 1)])
      includes('session', back.fields, { state: 'partially_returned', total: 5 })
      includes('the line', lineOf(back, 'A'), { quantity: 3, returnedQuantity: 1, remainingQuantity: 2 })
      same('rejections', codesOf(back, 'a'), { 3: ILLEGAL, 6: 'invalid-quantity', 7: 'line-not-found' })
      const all = await sold.send([takeBack(8, 'A', 2)])
      includes('session when all came back', all.fields, { state: 'partially_returned', total: 0 })
      await isUntouched(sold, all)
    },
  },
]
