import { any, array, boolean, check, nullish, number, object, parse, picklist, pipe, strictObject } from 'valibot'
import { copyJson, isText } from '../session/json.ts'
import { attributes, text, whole } from '../session/schemas.ts'
import { rejectedIn } from '../session/ledger.ts'
import type { CustomerSession } from '../session/session.ts'
import type { CodeRejection, UpstreamResult } from '../session/upstream.ts'
import { noticed, recorded, type Introduction, type SessionDocument, type Stamp } from './document.ts'
import { reject } from './process.ts'

/** The result of {@link settlePromotions}. */
export interface Settled<Entry extends Introduction> {
  readonly document: SessionDocument
  readonly introduced: readonly Entry[]
  /** Whether upstream has to be asked about the state that came of it. */
  readonly again: boolean
}

const KINDS = ['coupon', 'referral'] as const

const rejection = strictObject({ kind: picklist(KINDS), reason: nullish(text), message: nullish(text) })

const notice = pipe(
  attributes,
  check(({ id = '', code }) => isText(id) && isText(code) && code !== '', 'a notice with a code'),
)

const result = object({
  rejected: nullish(array(rejection)),
  notices: nullish(array(notice)),
  discounts: nullish(
    pipe(
      attributes,
      check(map => Object.values(map).every(Number.isFinite), 'a map of names to finite numbers'),
    ),
  ),
  effects: nullish(array(attributes)),
  firstSession: nullish(boolean()),
  applicationId: nullish(whole),
  estimated: nullish(boolean()),
  again: nullish(number()),
  memory: nullish(any()),
})

/**
 * Checks what upstream returned and copies it.
 *
 * @throws ValiError or TypeError when it is not an {@link UpstreamResult}.
 */
export function toUpstreamResult(value: unknown): UpstreamResult {
  if (Array.isArray(value)) throw new TypeError('upstream has to return an object, not a list.')
  return copyJson(parse(result, value)) as UpstreamResult
}

/** Those of the codes brought in that the session still has. */
export function inForce<Entry extends Introduction>(introduced: readonly Entry[], session: CustomerSession): Entry[] {
  return KINDS.flatMap(kind => {
    const last = introduced.findLast(entry => entry.kind === kind)
    return last?.code === session[kind] ? last : []
  })
}

/** The document when upstream could not be asked; the next request asks again. */
export function withoutPromotions(document: SessionDocument): SessionDocument {
  const isKnown = document.estimated && document.effects.length === 0
  return isKnown ? document : { ...document, estimated: true, effects: [] }
}

// The mutation that brought the code in is rejected after all, and the code before it holds again.
function takeBack(
  document: SessionDocument,
  entry: Introduction,
  rejection: CodeRejection,
  stamp: Stamp,
): SessionDocument {
  const isCoupon = entry.kind === 'coupon'
  const code = isCoupon ? 'coupon-rejected' : 'referral-rejected'
  const { reason, message } = rejection
  const [rejected, notice] = reject(entry, { status: 'rejected', code, reason, message }, stamp)
  const next = {
    ...document,
    session: Object.freeze({ ...document.session, [entry.kind]: entry.previous }),
    rejected: recorded(document.rejected, [rejected], stamp),
  }
  const given = { name: isCoupon ? 'applyCoupon' : 'applyReferral', args: { code: document.session[entry.kind] } }
  return noticed(next, [{ ...notice, ...rejectedIn(given) }], stamp)
}

// A code that was good once stays where it is; the shopper hears of it once.
function noteRefusals(document: SessionDocument, rejected: readonly CodeRejection[], stamp: Stamp): SessionDocument {
  const { session } = document
  const refusals = rejected.filter(({ kind }) => session[kind] !== '')
  const refused = Object.fromEntries(refusals.map(({ kind }) => [kind, session[kind]]))
  const notices = refusals
    .filter(({ kind }) => document.refused[kind] !== session[kind])
    .map(({ kind, reason, message }) => {
      const code = `${kind}-not-applied`
      return {
        id: `${document.epoch}.${stamp.version}.${code}`,
        code,
        from: session[kind],
        reason,
        message,
        at: stamp.at,
      }
    })
  return noticed({ ...document, refused }, notices, stamp)
}

function withResult(document: SessionDocument, said: UpstreamResult, stamp: Stamp): SessionDocument {
  const session = Object.freeze({
    ...document.session,
    discounts: said.discounts ?? Object.freeze({}),
    firstSession: said.firstSession ?? document.session.firstSession,
    applicationId: said.applicationId ?? document.session.applicationId,
  })
  const notices = (said.notices ?? []).map((entry, index) => {
    return { ...entry, id: entry.id ?? `${document.epoch}.${stamp.version}.${index}.${entry.code}`, at: stamp.at }
  })
  return noticed({ ...document, session, effects: said.effects ?? [], estimated: false }, notices, stamp)
}

/**
 * Makes what upstream said a part of the session. Pure.
 *
 * @param document The document that upstream was asked about.
 * @param introduced What was brought in, see {@link Introduction}.
 * @param said What upstream said, checked.
 * @param isKept Whether upstream keeps the session: what it does not accept has to go there, too.
 */
export function settlePromotions<Entry extends Introduction>(
  document: SessionDocument,
  introduced: readonly Entry[],
  said: UpstreamResult,
  stamp: Stamp,
  isKept = false,
): Settled<Entry> {
  const rejected = said.rejected ?? []
  let next = document
  let again = false
  for (const entry of inForce(introduced, document.session)) {
    const rejection = rejected.find(({ kind }) => kind === entry.kind)
    if (!rejection) continue
    next = takeBack(next, entry, rejection, stamp)
    introduced = introduced.filter(other => other !== entry)
    again ||= entry.previous !== entry.code && (isKept || entry.previous !== '')
    // The same code given once more: told by the rejection, and a notice on top would say it twice.
    if (entry.previous === entry.code) next = { ...next, refused: { ...next.refused, [entry.kind]: entry.code } }
  }
  if (again) return { document: next, introduced, again }
  const later = rejected.filter(({ kind }) => next.session[kind] === document.session[kind])
  return { document: withResult(noteRefusals(next, later, stamp), said, stamp), introduced, again }
}
