/** Keeps tabs from doing the same work at once. It saves work and makes nothing correct. */
export interface Locks {
  /**
   * Runs a job while no other tab runs one of the same name; after a while it runs anyway.
   *
   * @param job Is told whether another tab may have done its work in the meantime.
   */
  run<Result>(name: string, job: (hadToWait: boolean) => Promise<Result>): Promise<Result>
  /** Lets go of every lock although the jobs go on: the page is about to be frozen. */
  release(): void
}

interface Clock {
  after(ms: number, job: () => void): () => void
}

const PATIENCE_MS = 5000
const LONGEST_DELAY_MS = 300

/**
 * The locks of the page: Web Locks, held for one job, never stolen (a stolen lock's job goes on all the same). Where there
 * are none, as over plain http, a random delay keeps most tabs apart.
 */
export function createPageLocks(clock: Clock, random: () => number): Locks {
  let letGo = new AbortController()

  function released(): Promise<void> {
    const { signal } = letGo
    return new Promise(resolve => signal.addEventListener('abort', () => resolve()))
  }

  return {
    async run<Result>(name: string, job: (hadToWait: boolean) => Promise<Result>): Promise<Result> {
      let running: Promise<Result> | undefined
      const hold = (hadToWait: boolean): Promise<unknown> => {
        running = job(hadToWait)
        return Promise.race([running.catch(() => {}), released()])
      }
      const { locks } = navigator as { locks?: LockManager }
      if (!locks) await new Promise<void>(resolve => void clock.after(random() * LONGEST_DELAY_MS, resolve))
      else {
        const patience = new AbortController()
        const cancel = clock.after(PATIENCE_MS, () => patience.abort())
        const start = (hadToWait: boolean) => (lock: Lock | null) => {
          if (!lock) return
          cancel()
          return hold(hadToWait)
        }
        // The job outlives a lock that was let go, and who is not given one goes without.
        const asked = locks.request(name, { ifAvailable: true }, start(false)).then(async () => {
          if (!running) await locks.request(name, { signal: patience.signal }, start(true))
        })
        await asked.catch(() => {})
        cancel()
      }
      return running ?? job(true)
    },
    release() {
      letGo.abort()
      letGo = new AbortController()
    },
  }
}
