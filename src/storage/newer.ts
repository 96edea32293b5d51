import { LOCAL_EPOCH, isAcked, type Base } from '../session/ledger.ts'
import { ackedOf, type Acked } from '../session/protocol.ts'
import type { Row } from './entries.ts'
import type { StoredBase } from './stored.ts'

// Whether one acknowledgement has all that the other has.
function isAhead(one: Acked, other: Acked): boolean {
  return Object.entries(other).every(([writer, n]) => n <= ackedOf(one, writer))
}

// A local base has every row up to its version. Where that is not so, its version counts the rows of another store.
function isLocalNewer(mine: Base, theirs: Base, rows: ReadonlyMap<number, Row>): boolean {
  if (mine.version <= theirs.version || !isAhead(mine.acked, theirs.acked)) return false
  return [...rows].every(([key, row]) => key > mine.version || row.mutations.every(one => isAcked(mine.acked, one)))
}

/**
 * Whether one base has more than the other.
 *
 * @param rows What the store holds besides.
 */
export function isNewer(mine: Base, theirs: Base, rows: ReadonlyMap<number, Row>): boolean {
  if (mine.epoch !== theirs.epoch) return false
  if (mine.epoch === LOCAL_EPOCH) return isLocalNewer(mine, theirs, rows)
  if (mine.version !== theirs.version) return mine.version > theirs.version
  return (mine.gone && !theirs.gone) || !isAhead(theirs.acked, mine.acked)
}

/** Whether two bases say the same. Out of order, a log may have had two local ones of one version. */
export function isSame(mine: Base, { base: theirs, text }: StoredBase): boolean {
  if (theirs.epoch !== mine.epoch || theirs.version !== mine.version) return false
  return mine.epoch !== LOCAL_EPOCH || JSON.stringify(mine.session) === text
}
