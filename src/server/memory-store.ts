import type { SessionStore, StoredText, StoreWrite } from './store.ts'

/**
 * A store in memory, for tests and first steps: it is gone with the process.
 *
 * @example
 * const handler = createSessionHandler({ store: memoryStore() })
 */
export function memoryStore(): SessionStore {
  const sessions = new Map<string, StoredText>()
  function writeAll(writes: readonly StoreWrite[]): Promise<boolean> {
    const isCurrent = writes.every(({ id, readVersion }) => (sessions.get(id)?.version ?? 0) === readVersion)
    for (const { id, readVersion, document } of isCurrent ? writes : []) {
      sessions.set(id, { version: readVersion + 1, document })
    }
    return Promise.resolve(isCurrent)
  }

  return {
    read: id => Promise.resolve(sessions.get(id)),
    write: (id, readVersion, document) => writeAll([{ id, readVersion, document }]),
    writeAll,
  }
}
