import { promisifyRequest } from 'idb-keyval'
import { LOCAL_EPOCH, type Base } from '../session/ledger.ts'
import type { Notice, SyncAnswer } from '../session/protocol.ts'
import type { Database } from './database.ts'
import type { Active, Row } from './entries.ts'
import type { Entries } from './stored.ts'
import { write } from './write.ts'

/** What names a log. */
export interface LogName {
  readonly logId: string
  readonly forgets: readonly string[]
  /** Tells one naming of a store from another: whoever knows another one finds that the store was emptied since. */
  readonly mark?: string | undefined
}

/** The transactions of the log, each in one shot. They reject when the database does not answer as it should. */
export interface Disk {
  read(): Promise<Entries>
  putName(name: LogName): Promise<unknown>
  /** Erases everything and names another log. */
  erase(name: LogName): Promise<unknown>
  /** Rejects with a `ConstraintError` when another tab was first. */
  addActive(log: string, active: Active): Promise<unknown>
  /** Names a session that is not the active one. */
  putLeft(log: string, integrationId: string): Promise<unknown>
  /** @returns the keys of the rows */
  addRows(rows: readonly Row[]): Promise<number[]>
  /**
   * @param obsolete Keys of what the base replaces.
   * @returns whether the store has the same name still: somebody may have emptied it
   */
  putBase(
    name: LogName,
    base: Base,
    notices: readonly Notice[],
    obsolete: readonly IDBValidKey[],
    head: number,
  ): Promise<boolean>
  /** @param after The version it follows. */
  putAck(name: LogName, base: Base, notices: readonly Notice[], answer: SyncAnswer, after: number): Promise<boolean>
  /** Puts entries into a log; one without a key becomes a row. */
  putAll(
    entries: readonly [keys: readonly (IDBValidKey | undefined)[], values: readonly object[]],
    log: string,
  ): Promise<unknown>
}

/** The key of a base or of an acknowledgement. */
export function keyOf(kind: 'base' | 'ack', { epoch = '', version, session }: Base): IDBValidKey {
  return [kind, session.integrationId, epoch, version]
}

/** The value of a base. As text it is written and read twice as fast as as an object. */
export function valueOf(log: string, { acked, estimated, effects, gone }: Base, text: string): object {
  return { log, session: text, acked, estimated, effects, gone }
}

/** The value of the entry that names a log. */
export function nameValue({ logId, forgets, mark }: LogName): object {
  return { log: logId, id: logId, forgets, mark }
}

const failing = (): Promise<never> => Promise.reject(new DOMException('There is no database.', 'NotSupportedError'))

/** Makes the transactions. */
export function createDisk(database: Database | undefined): Disk {
  const { relaxed, strict } = database ?? { relaxed: failing, strict: failing }

  function putNotices(store: IDBObjectStore, log: string, session: string, notices: readonly Notice[]): void {
    for (const notice of notices) store.put({ log, session, notice }, ['notice', notice.id])
  }

  // Off the hot path there is time to look.
  async function writeNamed(known: LogName, requests: (store: IDBObjectStore) => IDBRequest): Promise<boolean> {
    let name: IDBRequest<LogName | undefined> | undefined
    await write(relaxed, store => {
      name = store.get(['log'])
      return requests(store)
    })
    return name?.result !== undefined && name.result.mark === known.mark
  }

  return {
    read: () =>
      relaxed('readonly', store =>
        Promise.all([promisifyRequest(store.getAllKeys()), promisifyRequest<unknown[]>(store.getAll())]),
      ),
    putName: name => write(relaxed, store => store.put(nameValue(name), ['log'])),
    erase: name =>
      write(strict, store => {
        // It uses up a number, so that a tab which has not heard of it finds a gap, and reads.
        store.add(0)
        store.clear()
        return store.put(nameValue(name), ['log'])
      }),
    addActive: (log, { k, integrationId, epoch }) =>
      write(relaxed, store => store.add({ log, integrationId, epoch }, ['active', k])),
    putLeft: (log, integrationId) =>
      write(relaxed, store => store.put({ log, integrationId }, ['active', 0, integrationId])),
    async addRows(rows) {
      let requests: IDBRequest<IDBValidKey>[] = []
      await write(relaxed, store => {
        requests = rows.map(row => store.add(row))
        return requests.at(-1) as IDBRequest<IDBValidKey>
      })
      return requests.map(({ result }) => result as number)
    },
    putBase: (name, base, notices, obsolete, head) =>
      writeNamed(name, store => {
        for (const key of obsolete) store.delete(key)
        putNotices(store, name.logId, base.session.integrationId, notices)
        if (base.epoch === LOCAL_EPOCH && base.version > head) {
          // Its version counts the rows of a store that is no more: those of this one have to go on from there.
          store.put(0, base.version + 0.5)
          store.delete(base.version + 0.5)
        }
        return store.put(valueOf(name.logId, base, JSON.stringify(base.session)), keyOf('base', base))
      }),
    putAck: (name, base, notices, answer, after) =>
      writeNamed(name, store => {
        putNotices(store, name.logId, base.session.integrationId, notices)
        return store.put({ log: name.logId, after, ...answer, session: undefined }, keyOf('ack', base))
      }),
    putAll: ([keys, values], log) =>
      write(relaxed, store => {
        const requests = values.map((value, index) => store.put({ ...value, log }, keys[index]))
        return requests.at(-1) as IDBRequest<IDBValidKey>
      }),
  }
}
