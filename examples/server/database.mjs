// The database: PostgreSQL where DATABASE_URL names one, else PGlite in a folder, with the same statements.
import { mkdir } from 'node:fs/promises'

/** Opens the database; `query` is what `sqlStore` takes. */
export async function openDatabase({ url, folder }) {
  if (url) {
    const { default: pg } = await import('pg')
    const pool = new pg.Pool({ connectionString: url })
    // A connection that dies while it is idle is replaced by the next query.
    pool.on('error', () => {})
    return { query: (text, values) => pool.query(text, values), close: () => pool.end() }
  }
  const { PGlite } = await import('@electric-sql/pglite')
  await mkdir(folder, { recursive: true })
  const database = await PGlite.create(folder)
  return { query: (text, values) => database.query(text, values), close: () => database.close() }
}
