import type { Attributes, Json } from '../session/json.ts'
import type { Notice, Rejection } from '../session/protocol.ts'
import { parseSession } from '../session/received.ts'
import { emptySession, type CustomerSession } from '../session/session.ts'
import type { IntroducedCode } from '../session/upstream.ts'

/** Something that came with one version of a session. */
export interface Stamped<Entry> {
  readonly version: number
  readonly entry: Entry
}

/** Numbers of a writer that a burn used up: `from` to `n`. */
export interface Burned {
  readonly writer: string
  readonly from: number
  readonly n: number
}

/** Names one session among all that ever had its id. */
export interface SessionName {
  readonly integrationId: string
  readonly epoch: string
}

/** Where a writer stands: its last number, and the version that number came with. */
export type WriterMark = readonly [n: number, version: number]

/** A code that a mutation brought in, and the one it took the place of. */
export interface Introduction extends IntroducedCode {
  readonly previous: string
}

/** A code whose request still waits for its answer: until then, in ms since 1970, it may be turned down. */
export interface Waiting extends Introduction {
  readonly until: number
}

/** Where a session stands with an upstream that keeps it too. */
export interface UpstreamState {
  /** What upstream gave to be kept. */
  readonly memory?: Json | undefined
  /** The call under way, by its turn; when it has ended at the latest, in ms since 1970. */
  readonly call?: { readonly token: string; readonly until: number } | undefined
  /** Until when a call was under way of whose end nobody heard, in ms since 1970. */
  readonly interrupted?: number | undefined
  /** From when on upstream wants to be asked again, in ms since 1970. */
  readonly again?: number | undefined
  readonly introduced?: readonly Waiting[] | undefined
}

/** All that the server keeps of a session. One write replaces it whole, so it is never in between. */
export interface SessionDocument {
  readonly format: 1
  readonly epoch: string
  /** ISO 4217 code; empty until a `start` or the first other mutation that took effect. */
  readonly currency: string
  readonly session: CustomerSession
  readonly writers: { readonly [writer: string]: WriterMark }
  readonly rejected: readonly Stamped<Rejection>[]
  readonly burned: readonly Stamped<Burned>[]
  readonly notices: readonly Stamped<Notice>[]
  /** Whether the promotions of this state are still to come. */
  readonly estimated: boolean
  readonly effects: readonly Attributes[]
  /** Codes in force that upstream does not accept and the shopper has heard of. */
  readonly refused: { readonly coupon?: string | undefined; readonly referral?: string | undefined }
  readonly upstream?: UpstreamState | undefined
  /** Versions between which only calls upstream were noted: the session is the same in all of them. */
  readonly same?: { readonly from: number; readonly to: number } | undefined
  /** The session that took the lines over: nobody else can. */
  readonly adoptedBy?: SessionName | undefined
}

/** A session as the store has it. */
export interface Stored {
  readonly version: number
  readonly document: SessionDocument
}

/** The version that the write in preparation will have, and its moment by the server's clock (ISO 8601). */
export interface Stamp {
  readonly version: number
  readonly at: string
}

// Enough for whoever was away; what is older has been answered many times, and a document must not grow without end.
const KEPT = 1000

/** The list with the new entries at its end, stamped; the oldest go when it gets long. */
export function recorded<Entry>(
  list: readonly Stamped<Entry>[],
  entries: readonly Entry[],
  { version }: Stamp,
): readonly Stamped<Entry>[] {
  return entries.length === 0 ? list : [...list, ...entries.map(entry => ({ version, entry }))].slice(-KEPT)
}

/** Notices, each id once. */
export function noticed(document: SessionDocument, notices: readonly Notice[], stamp: Stamp): SessionDocument {
  const known = new Set(document.notices.map(({ entry }) => entry.id))
  const fresh = notices.filter(({ id }) => !known.has(id))
  return fresh.length === 0 ? document : { ...document, notices: recorded(document.notices, fresh, stamp) }
}

/** The document as it is written next, when nobody but upstream had a say in it. */
export function followed({ version, document }: Stored, next: SessionDocument): SessionDocument {
  const from = document.same?.to === version ? document.same.from : version
  return { ...next, same: saysSame(document, next) ? { from, to: version + 1 } : undefined }
}

function saysSame(one: SessionDocument, other: SessionDocument): boolean {
  const isSession = one.session === other.session || JSON.stringify(one.session) === JSON.stringify(other.session)
  return isSession && JSON.stringify(one.effects) === JSON.stringify(other.effects)
}

/** Whether a session still is what it was at a version. */
export function isUnchangedSince({ version, document }: Stored, since: number): boolean {
  const { same } = document
  return version === since || (same?.to === version && same.from <= since && since <= version)
}

/**
 * Texts of which the document of a closed session holds one. An open one with an attribute that reads the same has it too:
 * where they decide on a deletion, too much is kept and never too little.
 */
export const CLOSED_TEXTS: readonly string[] = ['"state":"closed"', '"state":"partially_returned"']

/** What there is of a session before its first write. */
export function newDocument(integrationId: string, epoch: string): SessionDocument {
  return {
    format: 1,
    epoch,
    currency: '',
    session: emptySession(integrationId),
    writers: {},
    rejected: [],
    burned: [],
    notices: [],
    estimated: false,
    effects: [],
    refused: {},
  }
}

/**
 * A document out of a store.
 *
 * @throws Error when the text is not one that was written here.
 */
export function parseDocument(text: string): SessionDocument {
  const stored = JSON.parse(text) as SessionDocument
  const session = parseSession(stored.session)
  if (stored.format !== 1 || !session) throw new Error('A stored session is not one of this release.')
  return { ...stored, session }
}
