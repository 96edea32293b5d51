import { pause } from './clock.ts'
import type { Settings } from './options.ts'

/** A name that was free a moment ago is asked for again about this often, in ms. */
const LOOK_AGAIN_MS = 40

/** Waits a while of random length, so that those who wait do not come in step. */
export async function lookAgain({ clock, random }: Settings): Promise<void> {
  await pause(clock, LOOK_AGAIN_MS * (0.5 + (random(1)[0] ?? 0) / 256))
}

interface Lease {
  readonly token: string
  /** Milliseconds since 1970. It ends by itself: whoever has it may have died. */
  readonly until: number
}

const FREE: Lease = { token: '', until: 0 }

// No session has such an id: control characters are not allowed there.
const rowOf = (name: string): string => `\u0002${name}`

/** Takes a name, or does not when somebody has it until the deadline. */
async function take(settings: Settings, name: string, lease: Lease, deadline: number): Promise<boolean> {
  const { store, clock } = settings
  for (;;) {
    const stored = await store.read(rowOf(name))
    const held = stored ? (JSON.parse(stored.document) as Lease) : FREE
    const isFree = held.until <= clock.now() || held.token === lease.token
    if (isFree && (await store.write(rowOf(name), stored?.version ?? 0, JSON.stringify(lease)))) return true
    if (clock.now() >= deadline) return false
    await lookAgain(settings)
  }
}

async function release({ store }: Settings, name: string, token: string): Promise<void> {
  const stored = await store.read(rowOf(name))
  if (!stored || (JSON.parse(stored.document) as Lease).token !== token) return
  await store.write(rowOf(name), stored.version, JSON.stringify(FREE))
}

/**
 * Runs a job that nobody else runs at this time for one of these names, on any server of the store.
 *
 * @param names Names, in any order.
 * @param lease Who wants them, and until when at most.
 * @param deadline When to give up waiting, in ms since 1970.
 * @returns What the job returns, or `undefined` when it did not get its turn.
 */
export async function exclusively<Result>(
  settings: Settings,
  names: readonly string[],
  lease: Lease,
  deadline: number,
  job: () => Promise<Result>,
): Promise<Result | undefined> {
  const taken: string[] = []
  try {
    // In one order, so that no two wait for each other.
    for (const name of [...new Set(names)].sort()) {
      if (!(await take(settings, name, lease, deadline))) return undefined
      taken.push(name)
    }
    return await job()
  } finally {
    for (const name of taken) await release(settings, name, lease.token)
  }
}
