import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** A new, empty database of PGlite, to be copied. */
    readonly newDatabase: string
  }
}

/** Makes one new database for all shops of a run: it takes longer than all else that a shop does to start. */
export default async function setup({ provide }: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'session-cart-database-'))
  const database = await PGlite.create(folder)
  await database.close()
  provide('newDatabase', folder)
  return () => rmSync(folder, { recursive: true, force: true })
}
