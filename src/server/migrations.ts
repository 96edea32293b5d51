import type { SqlQuery } from './sql-store.ts'

/**
 * The statements that set up what `sqlStore` needs, in order; for those who run migrations with a tool of their own.
 * Each may run again without harm.
 */
export const migrations: readonly string[] = [
  `create table if not exists session_cart_sessions (
  id text collate "C" primary key,
  version bigint not null,
  document text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
)`,
]

// unique_violation and duplicate_table: "if not exists" does not hold between two that create at the same moment.
const CREATED_MEANWHILE = ['23505', '42P07']

/**
 * Runs {@link migrations}. Call it when the process starts; any number of processes may do so at once.
 *
 * @param query Runs a statement.
 */
export async function migrate(query: SqlQuery): Promise<void> {
  for (const statement of migrations) {
    try {
      await query(statement, [])
    } catch (error) {
      if (!CREATED_MEANWHILE.includes((error as { code?: string }).code ?? '')) throw error
      await query(statement, [])
    }
  }
}
