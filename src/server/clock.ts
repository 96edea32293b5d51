/** Time as the server reads it: a seam for tests and simulations. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Runs `job` once after `ms` milliseconds; returns what cancels it. */
  after(ms: number, job: () => void): () => void
}

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, job) {
    const timer = setTimeout(job, ms)
    return () => {
      clearTimeout(timer)
    }
  },
}

/** Resolves after `ms` milliseconds. */
export function pause(clock: Clock, ms: number): Promise<void> {
  return new Promise(resolve => {
    clock.after(ms, resolve)
  })
}

/**
 * Runs a task, and rejects and aborts its signal when it takes longer than `ms` milliseconds.
 *
 * @throws Whatever the task throws, or an Error that tells the limit.
 */
export async function within<Result>(
  clock: Clock,
  ms: number,
  task: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController()
  let cancel: (() => void) | undefined
  const late = new Promise<never>((_, reject) => {
    cancel = clock.after(ms, () => {
      const error = new Error(`No answer within ${ms} ms.`)
      reject(error)
      controller.abort(error)
    })
  })
  try {
    return await Promise.race([task(controller.signal), late])
  } finally {
    cancel?.()
  }
}
