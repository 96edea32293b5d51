const FIRST_MS = 500
const LONGEST_MS = 30_000

// A server that names a longer wait than this is not believed: the shopper may be at the checkout by then.
const LONGEST_ORDER_MS = 300_000

/**
 * How long to wait before the next attempt: full jitter under a bound that doubles from 0.5 s to 30 s, so that carts that
 * failed together do not come back together. A `Retry-After` is obeyed up to five minutes.
 *
 * @param failures Attempts that failed in a row, from 1.
 * @param random A number from 0 up to 1.
 * @param retryAfter Milliseconds the server asked for.
 */
export function backoff(failures: number, random: number, retryAfter = 0): number {
  const bound = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 10))
  return Math.max(random * bound, Math.min(retryAfter, LONGEST_ORDER_MS))
}
