import { isAcked } from '../session/ledger.ts'
import type { Mutation } from '../session/mutations.ts'
import type { Acked } from '../session/protocol.ts'
import type { Row } from './entries.ts'
import type { Draft } from './held-types.ts'
import type { Stored } from './stored.ts'

/** Notices and marks that are yet to be written: those of the spare, and those that a store has lost or never had. */
export function unwrittenNotices(
  there: Stored,
  before: Stored,
  session: string | undefined,
): Stored['unwrittenNotices'] {
  const [keys, values] = there.unwrittenNotices
  const lost = before.notices.filter(({ id }) => !there.notices.some(notice => notice.id === id))
  const marks = [...before.dismissed].filter(id => !there.dismissed.has(id))
  return [
    [...keys, ...lost.map(({ id }) => ['notice', id]), ...marks.map(id => ['dismissed', id])],
    [...values, ...lost.map(notice => ({ session, notice })), ...marks.map(() => ({}))],
  ]
}

interface Found {
  /** What there is now. */
  readonly rows: Iterable<Row>
  /** Rows that were there before. */
  readonly before: Iterable<Row>
  /** Rows that wait in the spare. */
  readonly waiting: readonly Row[]
  /** The drafts so far. */
  readonly tail: readonly Draft[]
  /** Whether the database did not answer. */
  readonly isPartial: boolean
  readonly ackedBy: (session: string) => Acked
}

// A writer has one session only, so that this names a mutation whatever session another page has put it into.
const idOf = ({ writer, n }: Mutation): string => `${writer} ${n}`

/** What none of the rows has and no base covers becomes a draft again. */
export function unstored({ rows, before, waiting, tail, isPartial, ackedBy }: Found): Draft[] {
  const present = new Set<string>()
  for (const { mutations } of rows) for (const one of mutations) present.add(idOf(one))
  const missing = (session: string, mutations: readonly Mutation[]): Mutation[] =>
    mutations.filter(one => !present.has(idOf(one)) && !isAcked(ackedBy(session), one))
  const kept: Draft[] = []
  const keep = ({ session, mutations }: Omit<Row, 'log'>, state: Draft['state'], lines: IDBValidKey[] = []): void => {
    const left = missing(session, mutations)
    if (left.length) kept.push({ session, mutations: left, state, lines })
    for (const one of left) present.add(idOf(one))
  }
  for (const row of before) keep(row, 'open')
  const own = new Set(tail.flatMap(({ mutations }) => mutations.map(idOf)))
  for (const { session, mutations } of waiting) {
    const others = mutations.filter(one => !own.has(idOf(one)))
    keep({ session, mutations: others }, isPartial ? 'spared' : 'open')
  }
  for (const draft of tail) {
    // What is under way says itself how it ends, and the database alone what is in it: a base may yet give way to another.
    if (draft.state === 'writing' || isPartial) kept.push(draft)
    else keep(draft, 'open', draft.lines)
  }
  return kept
}
