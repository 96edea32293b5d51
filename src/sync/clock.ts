/** Time as the cart reads it. A simulator brings its own. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Runs `job` once after `ms` milliseconds; returns what cancels it. */
  after(ms: number, job: () => void): () => void
}

/** The clock of the page. */
export const pageClock: Clock = {
  now: () => Date.now(),
  after(ms, job) {
    const timer = setTimeout(job, ms)
    return () => clearTimeout(timer)
  },
}
