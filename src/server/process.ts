import { apply, type Outcome, type Remark } from '../session/apply.ts'
import { rejectedIn } from '../session/ledger.ts'
import type { Limits } from '../session/limits.ts'
import type { Mutation, MutationArgs } from '../session/mutations.ts'
import type { Notice, Rejection } from '../session/protocol.ts'
import type { CartItem, CustomerSession } from '../session/session.ts'
import { adoptingOf, emptied, type Sources } from './adopt.ts'
import { noticed, recorded, type Introduction, type SessionDocument, type Stamp, type Stored } from './document.ts'
import { takeNumbers } from './numbering.ts'
import { forbids, isMutationName, type Access, type Policy } from './policy.ts'
import { priceLines, type PriceRemark, type QuoteOf } from './pricing.ts'

/** What {@link processBatch} goes by. */
export interface Rules {
  readonly stamp: Stamp
  readonly access: Access
  readonly policy: Policy
  /** Allowed currencies, the first one for sessions that nobody started; `undefined` allows all. */
  readonly currencies: readonly string[] | undefined
  readonly limitsIn: (currency: string) => Limits
  readonly maxWriters: number
  /** The sessions that the batch wants to adopt, as they were read; without those that are not there. */
  readonly sources: Sources
  /** Left out, the prices of the mutations hold. */
  readonly quoteOf?: QuoteOf | undefined
}

/** What a batch made of a document. */
export interface Processed {
  /** The same object when every mutation had been taken before. */
  readonly document: SessionDocument
  /** In the order of the mutations; the last one of a kind is in force. */
  readonly introduced: readonly Introduction[]
  /** Whether lines differ from what `apply` alone makes of them. */
  readonly repriced: boolean
  /** Lines to ask the shop about before this result may be used. */
  readonly wanted: readonly CartItem[]
  /** The sessions that were adopted, as they have to be written together with this one. */
  readonly adopted: Sources
}

type Refused = Extract<Outcome, { status: 'rejected' }>

interface Draft {
  readonly epoch: string
  session: CustomerSession
  currency: string
  introduced: readonly Introduction[]
  repriced: boolean
  readonly rejected: Rejection[]
  readonly notices: Notice[]
  readonly wanted: CartItem[]
  readonly adopted: Map<string, Stored>
}

const LONGEST_MESSAGE = 300

function refused(code: Refused['code'], message: string): Refused {
  return { status: 'rejected', code, message }
}

/** A rejection and the notice of it. */
export function reject(mutation: Pick<Mutation, 'writer' | 'n'>, outcome: Refused, stamp: Stamp): [Rejection, Notice] {
  const { writer, n } = mutation
  // Cut in the middle of a surrogate pair, half of it would be no text.
  const message = outcome.message?.slice(0, LONGEST_MESSAGE).replace(/[\uD800-\uDBFF]$/, '')
  const rejection = { writer, n, code: outcome.code, reason: outcome.reason, message }
  return [rejection, { id: `${writer}.${n}.${outcome.code}`, ...rejection, at: stamp.at }]
}

function lineOf({ args }: Mutation): string | undefined {
  const { line } = args as { readonly line?: unknown }
  return typeof line === 'string' ? line : undefined
}

function record(
  draft: Draft,
  { writer, n }: Mutation,
  remarks: readonly (Remark | PriceRemark)[],
  { at }: Stamp,
): void {
  for (const remark of remarks) {
    const id = `${writer}.${n}.${remark.code}`
    // One mutation may bring many lines along; each notice needs an id of its own.
    const others = draft.notices.filter(notice => notice.id === id || notice.id.startsWith(`${id}.`)).length
    draft.notices.push({ id: others === 0 ? id : `${id}.${others + 1}`, ...remark, writer, n, at })
  }
}

// A session has one currency. The first `start` says which, even one that is rejected for something else; what comes
// before any start goes by the shop's first.
function currencyFor({ currency }: Draft, { name, args }: Mutation, { currencies }: Rules): string {
  if (currency) return currency
  return name === 'start' ? (args as MutationArgs['start']).currency : (currencies?.[0] ?? '')
}

function refusalOf(draft: Draft, mutation: Mutation, rules: Rules, currency: string): Refused | undefined {
  const { name } = mutation
  const { currencies, access, policy } = rules
  if (!isMutationName(name)) return refused('malformed', `This server knows no mutation called ${name}.`)
  if (name === 'start' && !/^[A-Z]{3}$/.test(currency)) {
    return refused('invalid-argument', 'start: a currency has to be three capital letters.')
  }
  if (name === 'start' && !draft.currency && currencies?.includes(currency) === false) {
    return refused('currency-mismatch', `${currency} is not among ${currencies.join(', ')}.`)
  }
  if (name === 'start') draft.currency = currency
  const reason = forbids({ ...mutation, name }, draft.session, access, policy)
  return reason === undefined ? undefined : refused('forbidden', reason)
}

function introduce(
  list: readonly Introduction[],
  { writer, n, name, args }: Mutation,
  before: CustomerSession,
): readonly Introduction[] {
  const [, verb, noun] = /^(apply|remove)(Coupon|Referral)$/.exec(name) ?? []
  if (!verb || !noun) return list
  const kind = noun === 'Coupon' ? 'coupon' : 'referral'
  if (verb === 'remove') return list.filter(entry => entry.kind !== kind)
  const { code } = args as MutationArgs['applyCoupon']
  return [...list, { kind, code, previous: before[kind], writer, n }]
}

function price(
  draft: Draft,
  mutation: Mutation,
  after: CustomerSession,
  remarks: readonly Remark[],
  rules: Rules,
): void {
  const { quoteOf, access, stamp } = rules
  if (!quoteOf || access.trusted) {
    draft.session = after
    record(draft, mutation, remarks, stamp)
    return
  }
  const priced = priceLines(draft.session, after, quoteOf, rules.limitsIn(draft.currency))
  const corrected = new Set(priced.remarks.map(({ code, line }) => `${code} ${line}`))
  draft.session = priced.session
  draft.repriced ||= priced.changed
  draft.wanted.push(...priced.wanted)
  record(
    draft,
    mutation,
    [...remarks.filter(({ code, line }) => !corrected.has(`${code} ${line}`)), ...priced.remarks],
    stamp,
  )
}

// An earlier mutation of the batch may have adopted it.
function sourceOf(draft: Draft, { name, args }: Mutation, { sources }: Rules): Stored | undefined {
  if (name !== 'adopt') return
  const { integrationId } = (args as MutationArgs['adopt']).from
  return draft.adopted.get(integrationId) ?? sources.get(integrationId)
}

function step(draft: Draft, mutation: Mutation, rules: Rules): void {
  const { stamp, access, limitsIn } = rules
  const currency = currencyFor(draft, mutation, rules)
  const refusal = refusalOf(draft, mutation, rules, currency)
  const source = sourceOf(draft, mutation, rules)
  const limits = limitsIn(currency)
  const applied = refusal
    ? undefined
    : apply(draft.session, { ...mutation, at: stamp.at }, limits, adoptingOf(source, mutation))
  const outcome = refusal ?? applied?.outcome
  if (outcome?.status === 'rejected') {
    const [rejection, notice] = reject(mutation, outcome, stamp)
    draft.rejected.push(rejection)
    // The backend's own code has the rejection in its hand; the shopper did nothing.
    if (!access.trusted) draft.notices.push({ ...notice, line: lineOf(mutation), ...rejectedIn(mutation) })
  } else if (applied && mutation.name !== 'burn') {
    draft.currency = currency
    draft.introduced = introduce(draft.introduced, mutation, draft.session)
    price(draft, mutation, applied.session, applied.notices, rules)
    if (source) {
      const { epoch, session } = draft
      const adoptedBy = { integrationId: session.integrationId, epoch }
      draft.adopted.set(source.document.session.integrationId, emptied(source, adoptedBy, stamp.at, limits))
      draft.repriced = true
    }
  }
}

/**
 * What a batch of mutations makes of a session: the core of the server. Every mutation takes effect once or is rejected,
 * and its number is taken either way.
 *
 * Pure: it reads no clock and no store. A simulator can call it as it is.
 *
 * @param document The session as it was read.
 * @param mutations Parsed mutations, in the order they were sent.
 * @param rules Who asks, what is allowed, and the stamp of the write.
 * @throws SessionProblem `gap` or `forbidden`; nothing has happened then.
 */
export function processBatch(document: SessionDocument, mutations: readonly Mutation[], rules: Rules): Processed {
  const { fresh, writers, burned } = takeNumbers(document, mutations, rules.stamp.version, rules.maxWriters)
  const { epoch, session, currency } = document
  const draft: Draft = {
    epoch,
    session,
    currency,
    introduced: [],
    repriced: false,
    rejected: [],
    notices: [],
    wanted: [],
    adopted: new Map(),
  }
  for (const mutation of fresh) step(draft, mutation, rules)
  const { introduced, repriced, wanted, adopted } = draft
  if (fresh.length === 0) return { document, introduced, repriced, wanted, adopted }
  const next: SessionDocument = {
    ...document,
    session: draft.session,
    currency: draft.currency,
    writers,
    rejected: recorded(document.rejected, draft.rejected, rules.stamp),
    burned: recorded(document.burned, burned, rules.stamp),
  }
  return { document: noticed(next, draft.notices, rules.stamp), introduced, repriced, wanted, adopted }
}
