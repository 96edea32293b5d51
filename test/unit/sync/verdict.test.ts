import { expect, test } from 'vitest'
import { PROBLEMS, PROBLEM_TYPE } from '../../../src/session/protocol.ts'
import { readResponse } from '../../../src/sync/verdict.ts'

const read = (status: number, body: unknown, retryAfter?: number) => readResponse({ status, body, retryAfter }, 's')

const FAILURE = { kind: 'failure', retryAfter: undefined, tooLarge: false }

test.each(Object.entries(PROBLEMS))('the problem %s means what it says', (name, status) => {
  const type = PROBLEM_TYPE + name
  expect(read(status, { type, acked: { w: 3 } })).toEqual({ kind: name, acked: { w: 3 } })
  expect(read(status, { type, acked: 'nonsense' })).toEqual({ kind: name, acked: {} })
})

test.each([
  ['of a type that nobody knows', 409, { type: `${PROBLEM_TYPE}out-of-tea` }],
  ['named like a property of every object', 409, { type: `${PROBLEM_TYPE}toString` }],
  ['of another vocabulary', 409, { type: 'about:blank' }],
  ['whose type is no text', 409, { type: 7 }],
  ['that says it is an answer', 200, { type: `${PROBLEM_TYPE}gap` }],
  ['without a body', 404, undefined],
  ['with a body that is null', 400, null],
  ['that is a page of a captive portal', 200, 'Welcome'],
])('a response %s is a failure of the network', (_, status, body) => {
  expect(read(status, body)).toEqual(FAILURE)
})

test('a failure says when to come again and whether it was too much', () => {
  expect(read(503, undefined, 2000)).toEqual({ ...FAILURE, retryAfter: 2000 })
  expect(read(413, undefined)).toEqual({ ...FAILURE, tooLarge: true })
})

test('what did not change has no body', () => {
  expect(read(304, undefined)).toEqual({ kind: 'unchanged' })
})

test('an answer is one of this session', () => {
  const body = {
    v: 1,
    epoch: 'e',
    version: 1,
    currency: 'EUR',
    acked: {},
    estimated: false,
    session: { integrationId: 's', cartItems: [] },
  }
  expect(read(200, body)).toMatchObject({ kind: 'answer', answer: { version: 1 } })
  expect(read(200, { ...body, session: { ...body.session, integrationId: 'other' } })).toEqual(FAILURE)
})
