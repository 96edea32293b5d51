import { apply, replay, type Outcome } from './apply.ts'
import { checkOf } from './check.ts'
import type { Json } from './json.ts'
import type { Limits } from './limits.ts'
import type { Mutation } from './mutations.ts'
import { ackedOf, mergeAcked, type Acked, type Notice, type Rejection, type SyncAnswer } from './protocol.ts'
import { emptySession, type CustomerSession } from './session.ts'
import { withTotal } from './totals.ts'

/** The epoch of a session that no server knows. */
export const LOCAL_EPOCH = 'local'

/** The last session the server confirmed, and how far it had read the log. */
export interface Base {
  /** Undefined until the server has answered for the first time. */
  readonly epoch: string | undefined
  /** 0 until the server has answered; without an endpoint the key of the last row folded. */
  readonly version: number
  readonly session: CustomerSession
  readonly acked: Acked
  /** What the server said of prices and discounts still to come. */
  readonly estimated: boolean
  readonly effects: readonly Json[]
  /** The server does not know the session any more. */
  readonly gone: boolean
}

/** The base of a session nobody has confirmed. */
export function emptyBase(integrationId: string): Base {
  return {
    epoch: undefined,
    version: 0,
    session: emptySession(integrationId),
    acked: {},
    estimated: false,
    effects: [],
    gone: false,
  }
}

/** A mutation and what became of it. */
export interface Settled {
  readonly mutation: Mutation
  readonly outcome: Outcome
}

/** What an answer changes. */
export interface Accepted {
  readonly base: Base
  /** What the base does not cover yet, in log order. */
  readonly pending: readonly Mutation[]
  readonly settled: readonly Settled[]
}

/** Whether a mutation is covered by an acknowledgement. */
export function isAcked(acked: Acked, { writer, n }: Mutation): boolean {
  return n <= ackedOf(acked, writer)
}

/**
 * The base after a small answer: the mutations it newly acknowledges and did not reject are replayed, then the fields the
 * server changed are set.
 */
export function fold(
  base: Base,
  mutations: readonly Mutation[],
  answer: Pick<SyncAnswer, 'acked' | 'rejected' | 'changes'>,
  limits: Limits,
): CustomerSession {
  const rejected = new Set(answer.rejected.map(({ writer, n }) => `${writer}.${n}`))
  const accepted = mutations.filter(
    mutation =>
      !isAcked(base.acked, mutation) &&
      isAcked(answer.acked, mutation) &&
      !rejected.has(`${mutation.writer}.${mutation.n}`),
  )
  return withTotal({ ...replay(base.session, accepted, limits), ...answer.changes })
}

function settle(pending: readonly Mutation[], acked: Acked, rejected: readonly Rejection[]): Omit<Accepted, 'base'> {
  const refusals = new Map(rejected.map(({ writer, n, ...refusal }) => [`${writer}.${n}`, refusal]))
  const settled: Settled[] = []
  const rest: Mutation[] = []
  for (const mutation of pending) {
    const refusal = refusals.get(`${mutation.writer}.${mutation.n}`)
    if (!isAcked(acked, mutation)) rest.push(mutation)
    else settled.push({ mutation, outcome: refusal ? { status: 'rejected', ...refusal } : { status: 'accepted' } })
  }
  return { pending: rest, settled }
}

/**
 * Takes an answer in. A newer version replaces the base, an equal one still delivers what it acknowledges, and
 * acknowledgements never go back.
 *
 * @param base The base now; it may have moved on since the request.
 * @param pending What the base does not cover, in log order.
 * @param answer What the server said.
 * @returns `'stale'` for an answer older than the base or of another epoch, which changes nothing; `'diverged'` for a
 * small answer that does not lead to the lines the server has: the whole has to be asked for.
 */
export function accept(
  base: Base,
  pending: readonly Mutation[],
  answer: SyncAnswer,
  limits: Limits,
): Accepted | 'stale' | 'diverged' {
  if (base.epoch !== undefined && answer.epoch !== base.epoch) return 'stale'
  if (answer.version < base.version) return 'stale'
  const acked = mergeAcked(base.acked, answer.acked)
  let session = base.session
  if (answer.session) {
    session = answer.session
  } else if (answer.version > base.version) {
    session = fold(base, pending, answer, limits)
    if (checkOf(session.cartItems) !== answer.check) return 'diverged'
  }
  return {
    base: {
      epoch: answer.epoch,
      version: answer.version,
      session,
      acked,
      estimated: answer.estimated,
      effects: answer.effects,
      gone: false,
    },
    ...settle(pending, acked, answer.rejected),
  }
}

const LONGEST_MUTATION = 1000

/** The part of a notice that says what was rejected: after a reload nobody else knows. */
export function rejectedIn({ name, args }: Pick<Mutation, 'name' | 'args'>): Pick<Notice, 'mutation'> {
  return JSON.stringify(args).length > LONGEST_MUTATION ? {} : { mutation: { name, args } }
}

/** A notice about one mutation; its id is the same wherever it is made. */
export function noticeOf(
  { writer, n, args, at }: Mutation,
  fields: { readonly code: string } & Partial<Omit<Notice, 'id' | 'at'>>,
): Notice {
  const { line } = args as { line?: string }
  return Object.freeze({ id: `${writer}.${n}.${fields.code}`, ...(line && { line }), writer, n, ...fields, at })
}

/**
 * What a server would answer, worked out on the device: the checkpoint of a cart without an endpoint, and the core of the
 * server's own answer.
 *
 * @param session The session before.
 * @param mutations In log order.
 */
export function run(
  session: CustomerSession,
  mutations: readonly Mutation[],
  limits: Limits,
): { session: CustomerSession; rejected: Rejection[]; notices: Notice[] } {
  const rejected: Rejection[] = []
  const notices: Notice[] = []
  for (const mutation of mutations) {
    const applied = apply(session, mutation, limits)
    session = applied.session
    if (applied.outcome.status === 'rejected') {
      const { status, ...refusal } = applied.outcome
      rejected.push({ writer: mutation.writer, n: mutation.n, ...refusal })
      notices.push(noticeOf(mutation, { ...refusal, ...rejectedIn(mutation) }))
    }
    for (const remark of applied.notices) {
      const notice = noticeOf(mutation, remark)
      // One mutation may bring many lines along; each notice needs an id of its own.
      const others = notices.filter(({ id }) => id === notice.id || id.startsWith(`${notice.id}.`)).length
      notices.push(others ? { ...notice, id: `${notice.id}.${others + 1}` } : notice)
    }
  }
  return { session, rejected, notices }
}
