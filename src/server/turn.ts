// What a session's document says of calls to an upstream that keeps the session, too. Pure.
import type { UpstreamResult } from '../session/upstream.ts'
import type { Introduction, SessionDocument, Stored, UpstreamState, Waiting } from './document.ts'
import { settlePromotions, withoutPromotions } from './promotions.ts'

/** One request, as far as it waits for upstream. */
export interface Turn {
  /** Tells it from every other one. */
  readonly token: string
  /** When it is answered at the latest, in ms since 1970. */
  readonly deadline: number
  readonly request: Request | undefined
}

// The call of one who died is given up this long after he had to be done with it. Clocks of servers differ, too.
const GRACE_MS = 1000

/** Until when a turn has what it took, if it does not give it back. */
export function endOf({ deadline }: Turn): number {
  return deadline + GRACE_MS
}

/** Whether upstream has to be asked about a document. */
export function isDue({ estimated, upstream }: SessionDocument, now: number): boolean {
  return estimated || (upstream?.again ?? Infinity) <= now
}

/** Whether the call that is noted in a document is this turn's. */
export function isOwn({ upstream }: SessionDocument, { token }: Turn): boolean {
  return upstream?.call?.token === token
}

/** Whether there is something in a document that a turn has to take out before it is answered. */
export function isOpen(document: SessionDocument, turn: Turn): boolean {
  return isOwn(document, turn) || document.upstream?.introduced !== undefined
}

/** Whether another turn makes a call for a session. */
export function isUnderWay(document: SessionDocument, turn: Turn, now: number): boolean {
  return (document.upstream?.call?.until ?? 0) > now && !isOwn(document, turn)
}

/** Codes whose requests are still there to hear that they are turned down. */
export function heard({ upstream }: SessionDocument, now: number): readonly Waiting[] {
  return upstream?.introduced?.filter(({ until }) => until > now) ?? []
}

function withState(document: SessionDocument, changes: UpstreamState): SessionDocument {
  const state = Object.entries({ ...document.upstream, ...changes }).filter(([, value]) => value !== undefined)
  return { ...document, upstream: Object.fromEntries(state) }
}

/** The document with a call of this turn noted as under way. Another one that is noted was left by somebody who died. */
export function calling(document: SessionDocument, turn: Turn): SessionDocument {
  const { call, interrupted = 0 } = document.upstream ?? {}
  const latest = Math.max(interrupted, call && !isOwn(document, turn) ? call.until : 0)
  return withState(document, { interrupted: latest || undefined, call: { token: turn.token, until: endOf(turn) } })
}

/** The document of a change that upstream has yet to hear of: with the call for it, unless another is under way. */
export function awaiting(
  document: SessionDocument,
  introduced: readonly Introduction[],
  turn: Turn,
  now: number,
): SessionDocument {
  const own = introduced.map(entry => ({ ...entry, until: turn.deadline }))
  const all = [...heard(document, now), ...own]
  const next = withState(withoutPromotions(document), { introduced: all.length > 0 ? all : undefined })
  return isUnderWay(document, turn, now) ? next : calling(next, turn)
}

/**
 * The document when the turn waits no more. An answer acknowledges what it finds in the session, whoever brought it in: from then
 * on no code in it is taken back.
 */
export function ended(document: SessionDocument, turn: Turn, changes: UpstreamState = {}): SessionDocument {
  const call = isOwn(document, turn) ? undefined : document.upstream?.call
  return withState(document, { ...changes, introduced: undefined, call })
}

/**
 * The document with what upstream said in a call of this turn.
 *
 * @param stored The session as it is stored now.
 * @param about What upstream was asked about.
 */
export function told(
  { version, document }: Stored,
  about: SessionDocument,
  said: UpstreamResult,
  turn: Turn,
  now: number,
): SessionDocument {
  const { memory, again } = said
  if (said.estimated) return ended({ ...document, estimated: true }, turn, { memory, again })
  // Whoever wants to be asked again still has to do with the call that was interrupted.
  const interrupted = again === undefined ? undefined : document.upstream?.interrupted
  const known = withState(document, { memory, again, interrupted })
  // What was written meanwhile is for the next call.
  if (JSON.stringify(document.session) !== JSON.stringify(about.session)) return known
  const stamp = { version: version + 1, at: new Date(now).toISOString() }
  const next = settlePromotions(known, heard(document, now), said, stamp, true)
  return next.again
    ? withState({ ...next.document, estimated: true }, { introduced: next.introduced })
    : ended(next.document, turn)
}
