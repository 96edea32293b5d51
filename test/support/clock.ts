import type { Clock } from '../../src/sync/clock.ts'

/** A clock that stands still until it is told to go on. */
export interface FakeClock extends Clock {
  /** Runs every timer that falls due within `ms`, in order, and lets promises settle in between. */
  advance(ms: number): Promise<void>
  /** How many timers wait. */
  waiting(): number
}

// Real jobs under way, which a clock that stands still has to wait for.
const underWay = { count: 0 }

/** Marks a real job, such as the reading of a body, as under way until it has settled. */
export async function track<Value>(job: Promise<Value>): Promise<Value> {
  underWay.count++
  try {
    return await job
  } finally {
    underWay.count--
  }
}

/** Lets everything come to rest that waits for promises and for jobs under way, in Node and in a page alike. */
export async function settle(): Promise<void> {
  for (let quiet = 0; quiet < 3; quiet++) {
    if (underWay.count) quiet = 0
    await new Promise<void>(resolve => {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = () => {
        port1.close()
        resolve()
      }
      port2.postMessage(undefined)
    })
  }
}

/** A clock for tests, starting at a fixed moment. */
export function createFakeClock(start = Date.parse('2026-11-23T10:00:00Z')): FakeClock {
  let now = start
  let timers: { at: number; job: () => void }[] = []
  return {
    now: () => now,
    after(ms, job) {
      const timer = { at: now + Math.max(0, ms), job }
      timers.push(timer)
      return () => {
        timers = timers.filter(other => other !== timer)
      }
    },
    async advance(ms) {
      const end = now + ms
      await settle()
      for (;;) {
        const next = timers.reduce<(typeof timers)[0] | undefined>(
          (first, timer) => (timer.at <= end && (!first || timer.at < first.at) ? timer : first),
          undefined,
        )
        if (!next) break
        now = Math.max(now, next.at)
        timers = timers.filter(timer => timer !== next)
        next.job()
        await settle()
      }
      now = end
    },
    waiting: () => timers.length,
  }
}
