import { checkOf } from '../session/check.ts'
import type { Base } from '../session/ledger.ts'
import type { Mutation } from '../session/mutations.ts'
import { PROTOCOL_VERSION, type SyncRequest } from '../session/protocol.ts'

/** Mutations of one request, unless the server finds that too many. */
export const BATCH_COUNT = 100

/** Bytes of one request. */
export const BATCH_BYTES = 65_536

/** Bytes of a request that outlives its page: browsers allow 64 KiB for all of those under way. */
export const KEEPALIVE_BYTES = 32_768

/** How much goes into one request. */
export interface BatchLimit {
  /** Mutations. */
  readonly count: number
  /** Bytes of JSON. */
  readonly bytes: number
}

/**
 * The oldest mutations of a log that fit one request, in log order. The first always fits: whether it is too large is for
 * the server to say.
 */
export function takeBatch(pending: readonly Mutation[], limit: BatchLimit): Mutation[] {
  const batch: Mutation[] = []
  let bytes = 0
  for (const mutation of pending) {
    // A UTF-16 unit takes at most three bytes, and nearly always one: only text beyond ASCII is counted dearer.
    const text = JSON.stringify(mutation)
    bytes += /^[\0-\x7f]*$/.test(text) ? text.length : text.length * 3
    if (batch.length && (batch.length === limit.count || bytes > limit.bytes)) break
    batch.push(mutation)
  }
  return batch
}

/**
 * The body of a request.
 *
 * @param wantsWhole Asks for a whole answer.
 */
export function bodyOf({ epoch, version, session }: Base, mutations: readonly Mutation[], wantsWhole: boolean): string {
  const check = wantsWhole ? undefined : checkOf(session.cartItems)
  const body: SyncRequest = { v: PROTOCOL_VERSION, epoch, base: version, check, mutations }
  return JSON.stringify(body)
}
