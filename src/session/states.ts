import type { SessionState } from './session.ts'

/** The mutations that move a session from one state to another. */
export type Move = 'closeSession' | 'cancelSession' | 'returnItems' | 'reopenSession'

// The one table of legal moves. What is not in it is illegal, on both sides.
// Source: https://docs.talon.one/docs/dev/concepts/entities/customer-sessions (states of a session)
const MOVES: { readonly [move in Move]: { readonly [from in SessionState]?: SessionState } } = {
  closeSession: { open: 'closed' },
  cancelSession: { open: 'cancelled', closed: 'cancelled', partially_returned: 'cancelled' },
  returnItems: { closed: 'partially_returned', partially_returned: 'partially_returned' },
  reopenSession: { closed: 'open' },
}

/**
 * The state a move leads to, or `undefined` when the move is illegal.
 *
 * @param move The name of the mutation.
 * @param from The state the session is in.
 */
export function nextState(move: Move, from: SessionState): SessionState | undefined {
  return MOVES[move][from]
}
