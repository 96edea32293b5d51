/** Time and chance of a world: nothing in it happens but by a job that was put here. */
export interface Scheduler {
  /** Milliseconds since 1970. */
  now(): number
  /** From 0 up to 1. */
  random(): number
  /** A whole number from 0, below `limit`. */
  below(limit: number): number
  /** Whether something happens that does with this probability. */
  strikes(probability: number): boolean
  /** Runs a job so many milliseconds from now; returns what cancels it. */
  after(ms: number, job: () => void): () => void
  /** Lets so many milliseconds pass. */
  advance(ms: number): Promise<void>
}

interface Timer {
  readonly at: number
  readonly order: number
  readonly job: () => void
}

const isBefore = (one: Timer, other: Timer): boolean =>
  one.at < other.at || (one.at === other.at && one.order < other.order)

export function createScheduler(random: () => number): Scheduler {
  let now = Date.parse('2026-11-23T10:00:00Z')
  let count = 0
  const timers = new Set<Timer>()

  // Promises settle before the next turn of the event loop, bodies of requests and answers in the one after it.
  async function settle(): Promise<void> {
    for (let turn = 0; turn < 2; turn++) await new Promise(resolve => setImmediate(resolve))
  }

  return {
    now: () => now,
    random,
    below: limit => Math.floor(random() * limit),
    strikes: probability => random() < probability,
    after(ms, job) {
      const timer = { at: now + Math.max(0, ms), order: count++, job }
      timers.add(timer)
      return () => void timers.delete(timer)
    },
    async advance(ms) {
      const end = now + ms
      await settle()
      for (;;) {
        let next: Timer | undefined
        for (const timer of timers) if (timer.at <= end && (!next || isBefore(timer, next))) next = timer
        if (!next) break
        timers.delete(next)
        now = next.at
        next.job()
        await settle()
      }
      now = end
    },
  }
}
