import { isAcked } from '../session/ledger.ts'
import { totalsOf } from '../session/totals.ts'
import type { Flushed } from './api.ts'
import type { Book } from './book.ts'
import { notSynced } from './failures.ts'
import type { Settings } from './options.ts'

/** What the gate before the checkout asks. */
export interface GateContext {
  readonly settings: Pick<Settings, 'clock' | 'timeout' | 'transport'>
  readonly ready: Promise<void>
  readonly active: () => Book
  /** Throws when there is nothing to wait for any more. */
  readonly checkUsable: () => void
}

/** The two calls that wait for the server. */
export interface Gate {
  /** One attempt that begins now. */
  attempt(): Promise<void>
  /** Until everything that was given before is confirmed. */
  flush(): Promise<Flushed>
}

// A batch is halved or a number mended without anything leaving the log; more than a few such rounds lead nowhere.
const MAX_ROUNDS = 20

/** Creates the gate. */
export function createGate({ settings, ready, active, checkUsable }: GateContext): Gate {
  const { clock, timeout, transport } = settings

  async function attempt(book = active()): Promise<void> {
    await ready
    checkUsable()
    const error = await book.outbox()?.attempt()
    checkUsable()
    if (error) throw notSynced(error.message, error)
  }

  async function confirm(late: AbortSignal): Promise<Flushed> {
    await ready
    checkUsable()
    const book = active()
    const last = book.pending().at(-1)
    const isOwed = (): boolean => last !== undefined && !isAcked(book.base().acked, last)
    let rounds = 0
    do {
      const [oldest] = book.pending()
      if (transport) await attempt(book)
      else await book.checkpoint()
      checkUsable()
      if (book !== active()) throw notSynced('another session took its place.')
      rounds = oldest && !isAcked(book.base().acked, oldest) ? rounds + 1 : 0
    } while (isOwed() && rounds < MAX_ROUNDS && !late.aborted)
    if (isOwed()) throw notSynced('the server does not take it.')
    // What was given meanwhile is not in the version, so it is not to be paid with it.
    const { version, session, estimated } = book.base()
    return { version: transport ? version : 0, totals: totalsOf(session, !estimated) }
  }

  return {
    attempt: () => attempt(),
    flush: () =>
      new Promise((resolve, reject) => {
        const late = new AbortController()
        const cancel = clock.after(timeout, () => {
          late.abort()
          reject(notSynced(`no answer within ${timeout} ms.`))
        })
        confirm(late.signal).then(resolve, reject).finally(cancel)
      }),
  }
}
