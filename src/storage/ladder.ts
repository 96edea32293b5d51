/** Where the cart is kept. */
export type Rung = 'indexeddb' | 'localstorage' | 'memory'

/** Time, as the ladder reads it. */
interface Clock {
  now(): number
  after(ms: number, job: () => void): () => void
}

/** From the database down to the spare when it fails, and up again when it is back. */
export interface Ladder {
  isUp(): boolean
  rung(): Rung
  /** The database failed. */
  down(error: unknown): Rung
  /** Tries to get up, unless that failed only just now; one try at a time. */
  up(): Promise<void>
  close(): void
}

const FIRST_REST_MS = 1000
const LONGEST_REST_MS = 30_000

/**
 * @param climb Brings the database up to date and says so at the moment it is; rejects when it still fails.
 * @param lower The rung that holds in the meantime.
 * @param told Hears of every move.
 */
export function createLadder(
  clock: Clock,
  climb: (isThere: () => void) => Promise<void>,
  lower: () => Rung,
  told: (rung: Rung, error?: unknown) => void,
): Ladder {
  let rung: Rung = 'indexeddb'
  let rest = FIRST_REST_MS
  let restsUntil = -Infinity
  let climbing: Promise<void> | undefined
  let cancel: (() => void) | undefined
  let isClosed = false

  function down(error: unknown): Rung {
    rung = lower()
    told(rung, error)
    if (!isClosed && !cancel) {
      cancel = clock.after(rest, () => {
        cancel = undefined
        void (climbing ??= tryUp())
      })
    }
    return rung
  }

  async function tryUp(): Promise<void> {
    try {
      await climb(() => (rung = 'indexeddb'))
      rest = FIRST_REST_MS
      cancel?.()
      cancel = undefined
      told(rung)
    } catch (error) {
      restsUntil = clock.now() + rest
      rest = Math.min(rest * 2, LONGEST_REST_MS)
      down(error)
    } finally {
      climbing = undefined
    }
  }

  function up(): Promise<void> {
    if (clock.now() < restsUntil) return Promise.resolve()
    return (climbing ??= tryUp())
  }

  return {
    isUp: () => rung === 'indexeddb',
    rung: () => rung,
    down,
    up,
    close() {
      isClosed = true
      cancel?.()
    },
  }
}
