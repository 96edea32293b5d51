import type { Base } from '../session/ledger.ts'
import type { Notice } from '../session/protocol.ts'
import type { Spare } from './database.ts'
import { keyOf, nameValue, valueOf } from './disk.ts'
import type { Active } from './entries.ts'
import type { Draft, Held } from './held-types.ts'
import { openSpare } from './spare.ts'
import type { Entries, Stored } from './stored.ts'

/** The entries of the log in the spare, where they wait for the database to be in order. */
export interface SpareLog {
  /** Leaves a line for mutations of a draft, or for all of them. */
  leave(draft: Draft, mutations?: Draft['mutations']): void
  /** Says anew what the lines of a draft said. */
  replace(draft: Draft): void
  /** Keeps a draft until the database is back. */
  keep(draft: Draft): void
  /** Everything this page has read. */
  keepAll(stored: Stored): void
  active(active: Active, isSent?: boolean): void
  base(base: Base): void
  notices(session: string | undefined, notices: readonly Notice[]): void
  dismissed(id: string): void
  name(stored: Stored): void
  /** Whoever reads the database before it could be erased learns here that it has to be. */
  forgotten(stored: Stored, hasRead: boolean): void
  /** It was erased. */
  erased(): void
  keys(): readonly IDBValidKey[]
  /** How often something was put there. */
  puts(): number
  remove(keys: readonly IDBValidKey[]): void
  clear(): void
  /** What other pages left: what this one did it has in memory too. */
  others(): Entries
  isLasting(): boolean
}

/**
 * @param logId The log that the entries are of; empty while none is known.
 * @param writer This page load.
 * @param claimOf See {@link Held}.
 */
export function createSpareLog(
  storage: Spare | undefined,
  name: string,
  writer: string,
  now: () => number,
  logId: () => string,
  claimOf: Held['claimOf'],
): SpareLog {
  const spare = openSpare(storage, name)
  let lines = 0

  function leave({ session, mutations, lines: keys }: Draft, left = mutations): void {
    const key = ['row', now() * 1000 + (lines++ % 1000), writer]
    keys.push(key)
    spare.put(key, { log: logId() || undefined, session, k: claimOf(session), mutations: left })
  }

  function replace(draft: Draft): void {
    // What stood there in several lines is one now.
    const before = draft.lines.splice(0)
    leave(draft)
    spare.remove(before)
  }

  const log: SpareLog = {
    leave,
    replace,
    keep(draft) {
      draft.state = 'spared'
      replace(draft)
    },
    keepAll(stored) {
      log.name(stored)
      if (stored.active) log.active(stored.active)
      log.notices(stored.active?.integrationId, stored.notices)
      stored.dismissed.forEach(log.dismissed)
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
    forgotten(stored, hasRead) {
      log.name(stored)
      if (!hasRead) spare.put(['forgotten'], {})
    },
    erased: () => spare.remove([['log'], ['forgotten']]),
    keys: () => spare.read()[0],
    puts: spare.puts,
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
