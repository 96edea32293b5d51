import { checkOf } from '../session/check.ts'
import type { Mutation } from '../session/mutations.ts'
import { PROTOCOL_VERSION, type Notice, type Rejection } from '../session/protocol.ts'
import type { Burned, SessionDocument, Stamped, Stored } from './document.ts'
import { ackedIn } from './numbering.ts'

/** What an answer has to cover. */
export interface Scope {
  /** The version the browser has; what came after it is told. */
  readonly since: number
  /** What the request brought; told of whenever it was taken. */
  readonly mutations: readonly Mutation[]
  /** Whether the browser can work out the lines by itself. */
  readonly small: boolean
}

// A burn may jump over any number of numbers, and nobody has that many mutations waiting.
const MOST_BURNED = 1000

// Of a long jump those count that the request starts at: what waits behind them is what comes next.
function burnedNumbers(burned: readonly Burned[], lowest: ReadonlyMap<string, number>): Rejection[] {
  const asked = burned.filter(({ writer }) => lowest.has(writer))
  const others = burned.filter(({ writer }) => !lowest.has(writer)).reverse()
  const numbers: Rejection[] = []
  for (const { writer, from, n } of [...asked, ...others]) {
    const tail = Math.max(from, n - MOST_BURNED + 1)
    const first = Math.min(tail, Math.max(from, lowest.get(writer) ?? tail))
    const end = Math.min(n, first + MOST_BURNED - 1 - numbers.length)
    for (let number = first; number <= end; number++) numbers.push({ writer, n: number, code: 'burned' })
  }
  return numbers
}

function ackedFor({ document }: Stored, { since, mutations }: Scope): object {
  const recent = Object.entries(document.writers).filter(([, [, version]]) => version > since)
  return Object.fromEntries([
    ...recent.map(([writer, [n]]) => [writer, n] as const),
    ...Object.entries(ackedIn(document, mutations)),
  ])
}

function rejectedFor({ document }: Stored, { since, mutations }: Scope): Rejection[] {
  const lowest = new Map<string, number>()
  for (const { writer, n } of mutations) lowest.set(writer, Math.min(n, lowest.get(writer) ?? n))
  const isCovered = ({ version, entry }: Stamped<{ readonly writer: string; readonly n: number }>): boolean =>
    version > since || entry.n >= (lowest.get(entry.writer) ?? Infinity)
  // Who sends a burn knows what it stands for.
  const own = new Set(mutations.filter(({ name }) => name === 'burn').map(({ writer, n }) => `${writer}.${n}`))
  const burned = document.burned.filter(isCovered).map(({ entry }) => entry)
  return [
    ...document.rejected.filter(isCovered).map(({ entry }) => entry),
    ...burnedNumbers(burned, lowest).filter(({ writer, n }) => !own.has(`${writer}.${n}`)),
  ]
}

function noticesFor({ document }: Stored, { since }: Scope): Notice[] {
  return document.notices.filter(({ version }) => version > since).map(({ entry }) => entry)
}

/**
 * The ETag of a session: its epoch, version and the hash of its lines.
 *
 * @param check The hash, where it is known: it takes a while.
 */
export function etagOf({ version, document }: Stored, check: string = checkOf(document.session.cartItems)): string {
  return `"${document.epoch}.${version}.${check}"`
}

/** What an ETag says; undefined when it is none of ours. A proxy that compresses may have marked it as weak. */
export function parseEtag(value: string | null): (Pick<SessionDocument, 'epoch'> & { version: number }) | undefined {
  const [, epoch, version] = /^(?:W\/)?"([\w-]+)\.(\d{1,15})\.[\da-f]{16}(?:[-;]\w+)?"$/.exec(value?.trim() ?? '') ?? []
  return epoch && version ? { epoch, version: Number(version) } : undefined
}

/** The answer to a request about a session. */
export function toAnswer(stored: Stored, scope: Scope): Response {
  const { version, document } = stored
  const { epoch, currency, session, estimated, effects } = document
  const check = checkOf(session.cartItems)
  const body = {
    v: PROTOCOL_VERSION,
    epoch,
    version,
    currency,
    acked: ackedFor(stored, scope),
    rejected: rejectedFor(stored, scope),
    notices: noticesFor(stored, scope),
    estimated,
    effects,
    session: scope.small ? { ...session, cartItems: undefined } : session,
    check,
  }
  return new Response(JSON.stringify(body), {
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', etag: etagOf(stored, check) },
  })
}

/** The answer when the browser has it all. */
export function toUnchanged(stored: Stored): Response {
  return new Response(null, { status: 304, headers: { 'cache-control': 'no-store', etag: etagOf(stored) } })
}
