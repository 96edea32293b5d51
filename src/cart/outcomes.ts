import { ERROR_CODES, type SessionCartErrorCode } from '../errors.ts'
import type { Outcome } from '../session/apply.ts'
import { isAcked, noticeOf, rejectedIn, type Base, type Settled } from '../session/ledger.ts'
import type { Mutation } from '../session/mutations.ts'
import type { Notice } from '../session/protocol.ts'

const codes: readonly string[] = ERROR_CODES

/** The notice of a rejection. */
export function refused(mutation: Mutation, refusal: Parameters<typeof noticeOf>[1]): Notice {
  return noticeOf(mutation, { ...refusal, ...rejectedIn(mutation) })
}

/** Notices of numbers that were given up: who gave the commands may be asleep, and will find them covered. */
export function burned(burns: readonly Mutation[]): Notice[] {
  return burns.map(burn => noticeOf(burn, { code: 'burned' }))
}

/** Notices of rejections that the server left at the rejection: the shopper is told all the same. */
export function untold(settled: readonly Settled[], told: readonly Notice[]): Notice[] {
  return settled.flatMap(({ mutation, outcome }) => {
    const isTold = told.some(({ writer, n }) => writer === mutation.writer && n === mutation.n)
    if (outcome.status === 'accepted' || isTold) return []
    const { status, ...refusal } = outcome
    return refused(mutation, refusal)
  })
}

/** How a mutation was rejected, as its notice tells it; undefined when it was not. */
export function refusalOf(
  { writer, n }: Pick<Mutation, 'writer' | 'n'>,
  notices: readonly Notice[],
): Outcome | undefined {
  const notice = notices.find(({ id, code }) => id === `${writer}.${n}.${code}` && codes.includes(code))
  if (!notice) return
  const { reason, message } = notice
  return { status: 'rejected', code: notice.code as SessionCartErrorCode, reason, message }
}

/**
 * Which mutations a cart without an endpoint may fold into its base: those that have their place in the log, so that
 * another tab folds them alike, and of each writer only as far as none is missing in between.
 */
export function foldable(base: Base, placed: readonly Mutation[], pending: readonly Mutation[]): Mutation[] {
  const known = new Set(placed)
  const firstMissing = new Map<string, number>()
  for (const mutation of pending) {
    const { writer, n } = mutation
    if (!known.has(mutation)) firstMissing.set(writer, Math.min(n, firstMissing.get(writer) ?? n))
  }
  return placed.filter(
    mutation => !isAcked(base.acked, mutation) && mutation.n < (firstMissing.get(mutation.writer) ?? Infinity),
  )
}
