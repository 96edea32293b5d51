import type { SessionState } from '../session/session.ts'
import type { Standing } from './memory.ts'

/**
 * A step on the way from where upstream stands to what is stored. `stay`: it is there; `keep`: nothing can be done without
 * doing harm; `stuck`: somebody else has led it where no way leads on.
 */
export type Move = 'open' | 'close' | 'cancel' | 'reopen' | 'return' | 'stay' | 'keep' | 'stuck'

type From = Standing | 'unknown'

// What is not closed upstream is closed with what is stored; what is closed there is only ever closed again after it was
// reopened, and never where upstream has forgotten it: its codes would be redeemed once more.
// Source: https://docs.talon.one/docs/dev/concepts/entities/customer-sessions (states of a session)
const MOVES: { readonly [Target in SessionState]: { readonly [Name in From]: Move } } = {
  open: {
    unknown: 'open',
    lost: 'open',
    open: 'open',
    closed: 'reopen',
    partially_returned: 'stuck',
    cancelled: 'stuck',
  },
  closed: {
    unknown: 'close',
    lost: 'keep',
    open: 'close',
    closed: 'stay',
    partially_returned: 'stuck',
    cancelled: 'stuck',
  },
  partially_returned: {
    unknown: 'close',
    lost: 'keep',
    open: 'close',
    closed: 'return',
    partially_returned: 'return',
    cancelled: 'stuck',
  },
  cancelled: {
    unknown: 'keep',
    lost: 'keep',
    open: 'cancel',
    closed: 'cancel',
    partially_returned: 'cancel',
    cancelled: 'stay',
  },
}

/**
 * The next step.
 *
 * @param target The state that is stored.
 * @param standing Where upstream stands, `undefined` when it has not heard of the session.
 * @param isSame Whether upstream holds the content that is stored.
 */
export function nextMove(target: SessionState, standing: Standing | undefined, isSame: boolean): Move {
  // An order that was closed with something else, such as a code that was taken back since, is closed anew.
  if (standing === 'closed' && !isSame && target !== 'cancelled') return 'reopen'
  return MOVES[target][standing ?? 'unknown']
}
