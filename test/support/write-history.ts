import { takenOf, type Marks, type Taken } from './journal.ts'
import type { Mutation } from '../../src/index.ts'
import type { SqlQuery } from '../../src/server/index.ts'

// A trigger is part of the write it tells of: whoever dies when, what is written is in the history, and nothing else is.
const STATEMENTS = [
  'create table history (id text, version bigint, document text, primary key (id, version))',
  `create function remember() returns trigger language plpgsql as $$ begin
  insert into history values (new.id, new.version, new.document);
  return null;
end $$`,
  `create trigger remember after insert or update on session_cart_sessions
  for each row execute function remember()`,
]

/** Has the database keep every version of every session. */
export async function keepHistory(query: SqlQuery): Promise<void> {
  for (const statement of STATEMENTS) await query(statement, [])
}

/**
 * What every write of a session took, in order.
 *
 * @param requests The mutations of each request that was ever sent.
 * @throws Error when a write took anything else than all that was new in one of the requests.
 */
export async function readHistory(
  query: SqlQuery,
  id: string,
  requests: readonly (readonly Mutation[])[],
): Promise<Omit<Taken, 'session'>[]> {
  const marks = `document::json->'writers' as writers, document::json->'rejected' as rejected`
  const { rows } = await query(`select ${marks} from history where id = $1 order by version`, [id])
  const all: Omit<Taken, 'session'>[] = []
  let before: Marks | undefined
  for (const [index, row] of (rows as Marks[]).entries()) {
    const last = (author: string): number => before?.writers[author]?.[0] ?? 0
    const risen = Object.entries(row.writers).map(([author, [n]]) => n - last(author))
    if (risen.some(count => count < 0)) throw new Error(`Version ${index + 1} takes a number back.`)
    const count = risen.reduce((sum, each) => sum + each, 0)
    const candidates = requests.map(mutations => ({
      fresh: mutations.filter(({ writer, n }) => n > last(writer)),
      taken: takenOf(mutations, index + 1, before, row),
    }))
    const found = candidates.find(({ fresh, taken }) => taken.length === count && fresh.length === count)
    if (!found) throw new Error(`Version ${index + 1} took ${count} numbers that no request had.`)
    all.push(...found.taken)
    before = row
  }
  return all
}
