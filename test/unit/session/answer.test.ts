import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseAcked, parseAnswer, parseNotice } from '../../../src/session/protocol.ts'
import { emptySession } from '../../../src/session/session.ts'
import { json, names } from '../../support/arbitraries.ts'

const AT = '2026-11-23T10:00:00Z'
const LEAST = { v: 1, epoch: 'e', version: 0, acked: {}, session: {} }
const NOTICE = { id: 'w.1.forbidden', code: 'forbidden', at: AT }
const REJECTION = { writer: 'w', n: 1, code: 'forbidden' }

test('the least a server may say is an answer in which nothing is told and nothing has changed', () => {
  const least = {
    epoch: 'e',
    version: 0,
    currency: '',
    acked: {},
    rejected: [],
    notices: [],
    estimated: false,
    effects: [],
    session: undefined,
    changes: { integrationId: 's' },
    check: '',
  }
  const nulls = { currency: null, rejected: null, notices: null, effects: null, check: null, estimated: null }
  expect(parseAnswer(LEAST, 's')).toEqual(least)
  expect(parseAnswer({ ...LEAST, ...nulls }, 's')).toEqual(least)
  expect(parseAnswer({ ...LEAST, session: { integrationId: null, cartItems: null } }, 's')).toEqual(least)
})

test('a whole answer has the session asked for, also when it leaves out its name', () => {
  const whole = parseAnswer({ ...LEAST, session: { cartItems: [] } }, 's')
  expect(whole).toMatchObject({ session: emptySession('s'), changes: undefined })
  expect(parseAnswer({ ...LEAST, session: { cartItems: [], integrationId: 't' } }, 's')).toBeUndefined()
})

test('only true is estimated', () => {
  for (const estimated of [false, 'true', 1, {}, null, undefined]) {
    expect(parseAnswer({ ...LEAST, estimated }, 's')?.estimated).toBe(false)
  }
  expect(parseAnswer({ ...LEAST, estimated: true }, 's')?.estimated).toBe(true)
})

test('a lying total is nobody’s to send, in whole answers and in small ones', () => {
  const lines = { cartItems: [{ sku: 'A', quantity: 3, price: 0.1 }], total: 99 }
  expect(parseAnswer({ ...LEAST, session: lines }, 's')?.session?.total).toBe(0.3)
  expect(parseAnswer({ ...LEAST, session: { total: 99 } }, 's')?.changes).toEqual({ integrationId: 's' })
})

test('one rejection, notice or number that is wrong makes the whole no answer', () => {
  for (const spoilt of [
    { rejected: [REJECTION, null] },
    { rejected: [{ ...REJECTION, n: '1' }] },
    { rejected: [{ ...REJECTION, code: undefined }] },
    { rejected: {} },
    { notices: [NOTICE, undefined] },
    { notices: [{ ...NOTICE, at: 5 }] },
    { acked: null },
    { acked: 'w' },
    { acked: { w: 1.5 } },
    { acked: { w: null } },
    { version: -1 },
    { currency: 5 },
    { check: 5 },
    { effects: [5] },
    { session: null },
    { session: [] },
  ]) {
    expect([parseAnswer({ ...LEAST, ...spoilt }, 's'), spoilt]).toEqual([undefined, spoilt])
  }
})

test('what an answer says beyond what is known here does no harm, and effects come through untouched', () => {
  fc.assert(
    fc.property(fc.dictionary(names, json), fc.dictionary(names, json), (extra, effect) => {
      const parsed = parseAnswer({ ...extra, ...LEAST, effects: [effect], session: { ...extra, coupon: 'C' } }, 's')
      if (!parsed) throw new Error('The answer does not parse.')
      expect(parsed.changes?.coupon).toBe('C')
      expect(JSON.stringify(parsed.effects)).toBe(JSON.stringify([effect]))
    }),
    { numRuns: 500 },
  )
})

test('acknowledgements and notices out of stored bytes parse or they do not', () => {
  expect(parseAcked({ w: 3, __proto__: null })).toEqual({ w: 3 })
  for (const value of [null, undefined, 5, { w: '3' }, { w: 0.5 }]) expect(parseAcked(value)).toBeUndefined()
  expect(parseNotice({ ...NOTICE, line: 'A' })).toEqual({ ...NOTICE, line: 'A' })
  for (const value of [null, undefined, 5, { ...NOTICE, id: 5 }, { ...NOTICE, at: undefined }]) {
    expect(parseNotice(value)).toBeUndefined()
  }
  fc.assert(
    fc.property(fc.anything(), value => {
      parseAcked(value)
      parseNotice(value)
    }),
  )
})
