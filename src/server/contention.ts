// What to do when another write came first.
import { pause } from './clock.ts'
import type { Settings } from './options.ts'
import { SessionProblem } from './problem.ts'

// A write that misses means that another one hit, so somebody always gets on; only a crowd comes anywhere near this.
export const MAX_ATTEMPTS = 100
const LONGEST_PAUSE_MS = 50

/** Waits a random while, longer with every attempt. */
export async function stepAside({ clock, random }: Settings, count: number): Promise<void> {
  const [jitter = 0] = random(1)
  await pause(clock, (Math.min(count, 10) / 10) * LONGEST_PAUSE_MS * (jitter / 255))
}

/** The problem of who never got on. */
export function crowded(): SessionProblem {
  return new SessionProblem(undefined, 'Too many others write to this session at this moment.', {
    status: 503,
    headers: { 'retry-after': '1' },
  })
}
