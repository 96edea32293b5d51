import { lineName } from '../tabs/line.ts'

/** A lock of a cart that somebody has or waits for. */
export interface HeldLock {
  /** The session it is for. */
  readonly integrationId: string
  readonly state: 'held' | 'waiting'
  readonly mode: string
  /** The page that has it or waits for it, by the browser's own name for it. */
  readonly client: string
}

let client: Promise<string | undefined> | undefined

// The browser names pages only by the locks that they have.
async function askClient(locks: LockManager): Promise<string | undefined> {
  const name = `session-cart-inspector:${Math.random()}`
  return locks.request(name, async () => {
    const { held = [] } = await locks.query()
    return held.find(lock => lock.name === name)?.clientId
  })
}

/** What the browser calls this page; undefined where it has no Web Locks. */
export function clientOfPage(): Promise<string | undefined> {
  const { locks } = navigator as { locks?: LockManager }
  return (client ??= locks ? askClient(locks) : Promise.resolve(undefined))
}

/** The locks of a scope in all tabs; undefined where there are no Web Locks, as over plain http. */
export async function readLocks(scope: string): Promise<readonly HeldLock[] | undefined> {
  const { locks } = navigator as { locks?: LockManager }
  if (!locks) return
  const { held = [], pending = [] } = await locks.query()
  const prefix = `${lineName(scope)}:`
  const select = (list: readonly LockInfo[], state: HeldLock['state']): HeldLock[] =>
    list.flatMap(({ name = '', mode = '', clientId = '' }) =>
      name.startsWith(prefix) ? { integrationId: name.slice(prefix.length), state, mode, client: clientId } : [],
    )
  return [...select(held, 'held'), ...select(pending, 'waiting')]
}
