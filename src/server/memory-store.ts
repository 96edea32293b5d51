import type { SessionStore, StoredText, StoreWrite } from './store.ts'

/**
 * A store in memory, for tests and first steps: it is gone with the process.
 *
 * @example
 * const handler = createSessionHandler({ store: memoryStore() })
 */
export function memoryStore(): SessionStore {
  const sessions = new Map<string, StoredText>()
  const writtenAt = new Map<string, number>()
  function writeAll(writes: readonly StoreWrite[]): Promise<boolean> {
    const isCurrent = writes.every(({ id, readVersion }) => (sessions.get(id)?.version ?? 0) === readVersion)
    for (const { id, readVersion, document } of isCurrent ? writes : []) {
      sessions.set(id, { version: readVersion + 1, document })
      writtenAt.set(id, Date.now())
    }
    return Promise.resolve(isCurrent)
  }

  return {
    read: id => Promise.resolve(sessions.get(id)),
    write: (id, readVersion, document) => writeAll([{ id, readVersion, document }]),
    writeAll,
    expire(before, keep) {
      let count = 0
      for (const [id, { document }] of sessions) {
        if ((writtenAt.get(id) ?? 0) >= before.getTime() || keep.some(text => document.includes(text))) continue
        sessions.delete(id)
        writtenAt.delete(id)
        count++
      }
      return Promise.resolve(count)
    },
  }
}
