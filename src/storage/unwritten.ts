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
