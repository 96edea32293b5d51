const FIRST_MS = 500
const LONGEST_MS = 30_000

/** Leave to make a call: the breaker's, to be given back with what became of it. */
export interface Permit {
  readonly opening: number
}

/** Keeps calls from being made to what is known to be down, so that nobody waits for them. */
export interface Breaker {
  /** Leave for a call, or `undefined` while none is to be made. After a pause one call goes ahead to try. */
  enter(now: number): Permit | undefined
  /** There was an answer: whatever it says, upstream is there. */
  succeeded(): void
  /** There was none, or one that says to stay away. Calls that failed together count once. */
  failed(permit: Permit, now: number, chance: number): void
  /** Whether this is the first time since the last success that the word is said. */
  isNews(word: string): boolean
}

/**
 * Makes a breaker: after a failure it pauses calls, with full jitter under a bound that doubles from 0.5 s to 30 s.
 *
 * @param trial How long one call may take that tries whether upstream is back, in ms.
 */
export function createBreaker(trial: number): Breaker {
  let failures = 0
  let opening = 0
  let until = Number.NEGATIVE_INFINITY
  const said = new Set<string>()

  return {
    enter(now) {
      if (now < until) return
      // The others wait for what becomes of this one.
      if (failures > 0) until = now + trial
      return { opening }
    },
    succeeded() {
      failures = 0
      until = Number.NEGATIVE_INFINITY
      said.clear()
    },
    failed(permit, now, chance) {
      if (permit.opening !== opening) return
      opening++
      until = now + chance * Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures, 10))
      failures++
    },
    isNews(word) {
      if (said.has(word)) return false
      said.add(word)
      return true
    },
  }
}
