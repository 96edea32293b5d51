import { expect, test } from 'vitest'
import { apply } from '../../../src/session/apply.ts'
import { defaultLimits } from '../../../src/session/limits.ts'
import type { MutationArgs, MutationName } from '../../../src/session/mutations.ts'
import { emptySession, type CustomerSession, type SessionState } from '../../../src/session/session.ts'
import { withTotal } from '../../../src/session/totals.ts'

const STATES: readonly SessionState[] = ['open', 'closed', 'partially_returned', 'cancelled']

// The table of the specification, written once more by hand.
const MOVES: Record<string, Partial<Record<SessionState, SessionState>>> = {
  closeSession: { open: 'closed' },
  cancelSession: { open: 'cancelled', closed: 'cancelled', partially_returned: 'cancelled' },
  returnItems: { closed: 'partially_returned', partially_returned: 'partially_returned' },
  reopenSession: { closed: 'open' },
}

const ARGS: MutationArgs = {
  start: { currency: 'EUR' },
  addItem: { item: { sku: 'B', price: 1 }, quantity: 1 },
  changeQuantity: { line: 'A', by: 1 },
  setQuantity: { line: 'A', quantity: 5 },
  updateItem: { line: 'A', changes: { price: 9 } },
  removeItem: { line: 'A' },
  clearItems: {},
  restoreItem: { item: { sku: 'C', quantity: 1 }, index: 0 },
  applyCoupon: { code: 'NEW' },
  removeCoupon: {},
  applyReferral: { code: 'NEW' },
  removeReferral: {},
  setAttributes: { changes: { a: 1 } },
  setIdentifiers: { identifiers: ['i'] },
  setProfile: { profileId: 'guest-2' },
  closeSession: {},
  cancelSession: {},
  reopenSession: {},
  returnItems: { items: [{ line: 'A', quantity: 1 }] },
  adopt: { from: { integrationId: 'other', epoch: 'e' }, rule: 'sum' },
  burn: {},
}

function sessionIn(state: SessionState): CustomerSession {
  const cartItems = Object.freeze([Object.freeze({ sku: 'A', price: 2, quantity: 3 })])
  return withTotal({
    ...emptySession('s'),
    created: '2026-11-23T09:00:00Z',
    coupon: 'OLD',
    referral: 'OLD',
    state,
    cartItems,
  })
}

const limits = defaultLimits('EUR')

for (const state of STATES) {
  for (const name of Object.keys(ARGS) as MutationName[]) {
    const session = sessionIn(state)
    const mutation = { writer: 'w', n: 1, name, args: ARGS[name], at: '2026-11-23T10:00:00Z' }
    const run = () => apply(session, mutation, limits, () => ({ cartItems: Object.freeze([]) }))
    const move = MOVES[name]
    const isHarmless = name === 'start' || name === 'burn'
    if (isHarmless) {
      test(`${name} leaves a session that is ${state} as it is`, () => {
        expect(run()).toMatchObject({ outcome: { status: 'accepted' } })
        expect(run().session).toBe(session)
      })
    } else if (move?.[state]) {
      test(`${name} takes a session from ${state} to ${move[state]}`, () => {
        expect(run()).toMatchObject({ outcome: { status: 'accepted' }, session: { state: move[state] } })
      })
    } else {
      const code = move ? 'illegal-transition' : 'session-closed'
      const isAllowed = !move && state === 'open'
      test(`${name} is ${isAllowed ? 'accepted' : code} while a session is ${state}`, () => {
        if (isAllowed) {
          expect(run().outcome).toEqual({ status: 'accepted' })
          expect(run().session).not.toBe(session)
        } else {
          expect(run().outcome).toMatchObject({ status: 'rejected', code })
          expect(run().session).toBe(session)
        }
      })
    }
  }
}
