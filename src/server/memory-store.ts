import type { SessionStore, StoredText } from './store.ts'

/**
 * A store in memory, for tests and first steps: it is gone with the process.
 *
 * @example
 * const handler = createSessionHandler({ store: memoryStore() })
 */
export function memoryStore(): SessionStore {
  const sessions = new Map<string, StoredText>()
  return {
    read: id => Promise.resolve(sessions.get(id)),
    write(id, readVersion, document) {
      const current = sessions.get(id)?.version ?? 0
      if (current !== readVersion) return Promise.resolve(false)
      sessions.set(id, { version: current + 1, document })
      return Promise.resolve(true)
    },
  }
}
