import type { SessionCart } from '../cart/api.ts'
import { lineName } from '../tabs/line.ts'
import { readEntries, type RawEntries } from './entries.ts'
import { clientOfPage, readLocks, type HeldLock } from './held-locks.ts'
import { tapNetwork, type Network } from './network.ts'
import { createProbe, type Probe } from './probe.ts'
import { fieldOf, listOf, now } from './text.ts'
import type { InspectorWords } from './words.ts'

/** A message on the line between the tabs. */
export interface Heard {
  readonly id: number
  /** ISO 8601. */
  readonly at: string
  /** The key of the row it tells of. */
  readonly key: unknown
  readonly session: unknown
  readonly mutations: readonly unknown[]
}

/** The locks of a cart, and what the browser calls this page. */
export interface Locked {
  readonly locks: readonly HeldLock[] | undefined
  readonly client: string | undefined
}

/** All that is known of a cart from outside. */
export interface Watch {
  readonly cart: SessionCart
  readonly scope: string
  /** Undefined without an endpoint. */
  readonly network: Network | undefined
  /** The last 200, the newest first; undefined where there is no line. */
  heard(): readonly Heard[] | undefined
  readonly entries: Probe<RawEntries>
  readonly locked: Probe<Locked>
  /** Whether a mutation is known to be of this page. */
  isMine(writer: unknown): boolean
  stop(): void
}

const MOST = 200

/** Reads the locks, and this page's name among those who have them. */
export async function readLocked(scope: string): Promise<Locked> {
  const [locks, client] = await Promise.all([readLocks(scope), clientOfPage()])
  return { locks, client }
}

/**
 * Begins to watch a cart. Of what passes by it takes notes at once; nothing is read before somebody looks.
 *
 * @param changed There may be something new to look at.
 */
export function watchCart(cart: SessionCart, words: () => InspectorWords, changed: () => void): Watch {
  const { scope, wire, channel } = cart.inspect()
  const writers = new Set<unknown>()
  let heard: readonly Heard[] = []
  let count = 0

  function hear(message: unknown): void {
    const row = fieldOf(message, 'row')
    const entry = {
      key: fieldOf(message, 'key'),
      session: fieldOf(row, 'session'),
      mutations: listOf(row, 'mutations'),
    }
    heard = [{ id: ++count, at: now(), ...entry }, ...heard].slice(0, MOST)
    changed()
  }

  const line = channel?.(lineName(scope), hear)
  const network = tapNetwork(wire, changed, () => words().notKept)
  const entries = createProbe(() => readEntries(scope), changed)
  const locked = createProbe(() => readLocked(scope), changed)
  const { $session, $totals, $status, $notices } = cart
  const stops = [$session, $totals, $status, $notices].map(store => store.listen(changed))
  stops.push(
    cart.onCommand(({ mutation }) => writers.add(mutation.writer)),
    entries.stop,
    locked.stop,
    () => line?.close(),
    () => network?.stop(),
  )
  return {
    cart,
    scope,
    network,
    heard: () => (line ? heard : undefined),
    entries,
    locked,
    isMine: writer => writers.has(writer),
    stop() {
      for (const stop of stops) stop()
    },
  }
}
