import type { SessionStore } from './store.ts'

/**
 * Runs one SQL statement. The `query` method of a `pg.Pool` and of PGlite fits as it is, once bound:
 * `(text, values) => pool.query(text, values)`.
 */
export type SqlQuery = (text: string, values: unknown[]) => PromiseLike<{ readonly rows: readonly unknown[] }>

const READ = 'select version, document from session_cart_sessions where id = $1'

const INSERT = `insert into session_cart_sessions (id, version, document) values ($1, 1, $2)
on conflict (id) do nothing returning version`

const UPDATE = `update session_cart_sessions set version = version + 1, document = $2, updated_at = now()
where id = $1 and version = $3 returning version`

// Sessions are written together or not at all: a row that was not hit makes the statement divide by zero, which takes back
// what it did to the others.
function writeAllStatement(count: number): string {
  const rows = Array.from(
    { length: count },
    (_, row) => `($${row * 3 + 1}::text, $${row * 3 + 2}::bigint, $${row * 3 + 3}::text)`,
  )
  return `with wanted (id, read_version, document) as (values ${rows.join()}),
inserted as (
  insert into session_cart_sessions (id, version, document)
  select id, 1, document from wanted where read_version = 0
  on conflict (id) do nothing returning id
),
updated as (
  update session_cart_sessions as stored
  set version = stored.version + 1, document = wanted.document, updated_at = now()
  from wanted where stored.id = wanted.id and stored.version = wanted.read_version returning stored.id
)
select 1 / (case (select count(*) from inserted) + (select count(*) from updated) when ${count} then 1 else 0 end)`
}

// serialization_failure and deadlock_detected: the database saw the other write before the guard did. division_by_zero: see
// above.
const CONFLICTS = ['40001', '40P01', '22012']

async function isWritten(writing: () => PromiseLike<boolean>): Promise<boolean> {
  try {
    return await writing()
  } catch (error) {
    if (CONFLICTS.includes((error as { code?: string }).code ?? '')) return false
    throw error
  }
}

// A piece at a time: no transaction gets long. The outer condition is looked at again when another write was first.
const PIECE = 10_000
const EXPIRE = `delete from session_cart_sessions where updated_at < $1 and id in (
  select id from session_cart_sessions where updated_at < $1
    and not exists (select 1 from unnest($2::text[]) as kept (part) where strpos(document, kept.part) > 0)
  limit ${PIECE}
) returning version`

// PostgreSQL takes at most some 2700 bytes for a key. 500 characters are never more; no id has a control character.
const LONGEST_PLAIN_KEY = 500

async function keyOf(id: string): Promise<string> {
  if (id.length <= LONGEST_PLAIN_KEY) return id
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(id))
  const digits = Array.from(new Uint8Array(digest), byte => byte.toString(16).padStart(2, '0'))
  return `\u0001${digits.join('')}`
}

/**
 * A store in PostgreSQL, PGlite, or whatever speaks their SQL. One statement reads and one writes, each a transaction
 * of its own: a pool, a pooler in transaction mode and a distributed engine all serve. Run {@link migrate} first.
 *
 * @param query Runs a statement.
 *
 * @example
 * const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL })
 * const query = (text, values) => pool.query(text, values)
 * await migrate(query)
 * const handler = createSessionHandler({ store: sqlStore(query) })
 */
export function sqlStore(query: SqlQuery): SessionStore {
  return {
    async read(id) {
      const { rows } = await query(READ, [await keyOf(id)])
      const row = rows[0] as { version: unknown; document: string } | undefined
      // `pg` gives a bigint as text.
      return row && { version: Number(row.version), document: row.document }
    },
    async write(id, readVersion, document) {
      const key = await keyOf(id)
      return isWritten(async () => {
        const { rows } = await (readVersion === 0
          ? query(INSERT, [key, document])
          : query(UPDATE, [key, document, readVersion]))
        return rows.length === 1
      })
    },
    async writeAll(writes) {
      const rows = await Promise.all(
        writes.map(async ({ id, readVersion, document }) => [await keyOf(id), readVersion, document]),
      )
      return isWritten(async () => {
        await query(writeAllStatement(writes.length), rows.flat())
        return true
      })
    },
    async expire(before, keep) {
      let count = 0
      for (;;) {
        const { rows } = await query(EXPIRE, [before.toISOString(), keep])
        count += rows.length
        if (rows.length < PIECE) return count
      }
    },
  }
}
