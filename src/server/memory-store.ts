import type { SessionStore, StoredText } from './store.ts'

/**
 * A store in memory, for tests and first steps: it is gone with the process.
 *
 * @example
 * const handler = createSessionHandler({ store: memoryStore() })
 */
export function memoryStore(): SessionStore {
  const sessions = new Map<string, StoredText>()
  const writtenAt = new Map<string, number>()
  return {
    read: id => Promise.resolve(sessions.get(id)),
    write(id, readVersion, document) {
      const current = sessions.get(id)?.version ?? 0
      if (current !== readVersion) return Promise.resolve(false)
      sessions.set(id, { version: current + 1, document })
      writtenAt.set(id, Date.now())
      return Promise.resolve(true)
    },
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
