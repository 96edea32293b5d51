import type { Stored } from './document.ts'
import { SessionProblem } from './problem.ts'

/** Which session a browser believes to be talking about. */
export interface Belief {
  readonly epoch?: string | undefined
  /** The version of its base; 0 without one. */
  readonly base: number
}

/** The problem of a session that is not there, or is not that one any more. */
export function sessionGone(message: string, status?: number): SessionProblem {
  return new SessionProblem('session-gone', message, { status })
}

/**
 * Checks that the session is the one the browser knows. At base 0 and without an epoch it knows none: it creates or joins.
 *
 * @throws SessionProblem `session-gone`.
 */
export function checkSession(stored: Stored | undefined, { epoch, base }: Belief): void {
  if (!stored) {
    if (base > 0 || epoch !== undefined) throw sessionGone('There is no such session any more.')
    return
  }
  if (epoch !== undefined && epoch !== stored.document.epoch) throw sessionGone('Another session has that id now.')
  if (base > stored.version) throw sessionGone('The session is older here: it was restored from a backup.')
}
