/** A reading. What the store lacked is written when `mended` resolves: who is in the middle of a write waits for neither. */
export interface Refilled {
  readonly mended: Promise<unknown>
}

/** A reading that brought nothing to do. */
export const NOTHING_TO_MEND: Refilled = { mended: /* @__PURE__ */ Promise.resolve() }

/**
 * Runs a job one at a time. Who asks while one is under way gets the next one, which many may share: the one under way may
 * have read before what the caller asks for was written.
 *
 * @param after What the first one waits for.
 */
export function oneAtATime<Result>(after: Promise<void>, job: () => Promise<Result>): () => Promise<Result> {
  let running: Promise<Result> | undefined
  let queued: Promise<Result> | undefined
  return () =>
    (queued ??= (running ?? after).then(() => {
      queued = undefined
      running = job().finally(() => (running = undefined))
      return running
    }))
}
