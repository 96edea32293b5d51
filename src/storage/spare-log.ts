import type { Base } from '../session/ledger.ts'
import type { Notice } from '../session/protocol.ts'
import type { Spare } from './database.ts'
import { keyOf, nameValue, valueOf } from './disk.ts'
import type { Active } from './entries.ts'
import type { Draft } from './held.ts'
import { openSpare } from './spare.ts'
import type { Entries, Stored } from './stored.ts'

/** The entries of the log in the spare, where they wait for the database to be in order. */
export interface SpareLog {
  /** Leaves a line for mutations of a draft, or for all of them. */
  leave(draft: Draft, mutations?: Draft['mutations']): void
  /** Keeps a draft until the database is back. */
  keep(draft: Draft): void
  /** Everything this page has read. */
  keepAll(stored: Stored): void
  active(active: Active, isSent?: boolean): void
  base(base: Base): void
  notices(session: string, notices: readonly Notice[]): void
  dismissed(id: string): void
  name(stored: Stored): void
  keys(): readonly IDBValidKey[]
  remove(keys: readonly IDBValidKey[]): void
  clear(): void
  /** What other pages left: what this one did it has in memory too. */
  others(): Entries
  isLasting(): boolean
}

/**
 * @param logId The log that the entries are of; empty while none is known.
 * @param writer This page load.
 */
export function createSpareLog(
  storage: Spare | undefined,
  name: string,
  writer: string,
  now: () => number,
  logId: () => string,
): SpareLog {
  const spare = openSpare(storage, name)
  let lines = 0

  function leave({ session, mutations, lines: keys }: Draft, left = mutations): void {
    const key = ['row', now() * 1000 + (lines++ % 1000), writer]
    keys.push(key)
    spare.put(key, { log: logId() || undefined, session, mutations: left })
  }

  const log: SpareLog = {
    leave,
    keep(draft) {
      // What stood there in several lines is one now.
      const before = draft.lines.splice(0)
      draft.state = 'spared'
      leave(draft)
      spare.remove(before)
    },
    keepAll(stored) {
      log.name(stored)
      if (stored.active) log.active(stored.active)
      for (const { base } of stored.bases.values()) log.base(base)
      for (const { session, mutations } of stored.rows.values()) {
        leave({ session, mutations: [...mutations], state: 'spared', lines: [] })
      }
    },
    active({ k, integrationId, epoch }, isSent) {
      if (k > 0) spare.put(['active', k], { log: logId(), integrationId, epoch, isSent })
    },
    base(base) {
      spare.put(keyOf('base', base), valueOf(logId(), base, JSON.stringify(base.session)))
    },
    notices(session, notices) {
      for (const notice of notices) spare.put(['notice', notice.id], { log: logId(), session, notice })
    },
    dismissed(id) {
      spare.put(['dismissed', id], { log: logId() })
    },
    name(stored) {
      spare.put(['log'], nameValue(stored))
    },
    keys: () => spare.read()[0],
    remove: spare.remove,
    clear: spare.clear,
    others() {
      const [keys, values] = spare.read()
      const isOthers = (_: unknown, index: number): boolean => (keys[index] as unknown[])[2] !== writer
      return [keys.filter(isOthers), values.filter(isOthers)]
    },
    isLasting: spare.isLasting,
  }
  return log
}
