import { isText } from '../session/json.ts'
import { emptyBase, isAcked, type Base } from '../session/ledger.ts'
import { defaultLimits, type Limits } from '../session/limits.ts'
import type { Mutation } from '../session/mutations.ts'
import { parseNotice, type Notice } from '../session/protocol.ts'
import {
  foldAck,
  mutationsBySession,
  parseBase,
  parseRow,
  readActive,
  toEntry,
  type Entry,
  type Row,
} from './entries.ts'

/** A session as the disk has it. */
export interface StoredSession {
  readonly base: Base
  /** What the base does not cover, in log order. */
  readonly pending: readonly Mutation[]
}

/** Keys of entries, by session. */
type Keys = ReadonlyMap<string, readonly IDBValidKey[]>

/** Everything the store holds of this log. */
export interface Stored {
  readonly logId: string
  readonly forgets: readonly string[]
  readonly active:
    { readonly integrationId: string; readonly epoch: string | undefined; readonly k: number } | undefined
  /** The active session and all that still owe the server something. */
  readonly sessions: ReadonlyMap<string, StoredSession>
  /** The rows by their keys, also those a base covers. */
  readonly rows: ReadonlyMap<number, Row>
  readonly bases: Keys
  /** Acknowledgements that no base on the disk has folded yet. */
  readonly acks: Keys
  /** Sessions with a base that parses: the next acknowledgement can build on it. */
  readonly chained: ReadonlySet<string>
  /** What newer entries replaced, what belongs to another log, what sessions left that owe nothing. */
  readonly obsolete: readonly IDBValidKey[]
  readonly notices: readonly { readonly session: string; readonly notice: Notice }[]
  readonly dismissed: ReadonlySet<string>
  /** How many rows do not parse. They stay where they are. */
  readonly setAside: number
}

/** What there is before anything was stored. */
export const NOTHING_STORED: Stored = /* @__PURE__ */ (() => readEntries([], [], defaultLimits('')))()

function bySession(entries: readonly Entry[]): Map<string, Entry[]> {
  const groups = new Map<string, Entry[]>()
  for (const entry of entries) {
    const session = entry.parts[0] as string
    groups.set(session, [...(groups.get(session) ?? []), entry])
  }
  return groups
}

function keysOf(groups: ReadonlyMap<string, readonly Entry[]>): Keys {
  return new Map([...groups].map(([session, entries]) => [session, entries.map(({ key }) => key)]))
}

// The newest base of the epoch in force with the acknowledgements after it, and whether none of them had to be left out.
function readBase(
  bases: readonly Entry[],
  acks: readonly Entry[],
  mutations: readonly Mutation[],
  limits: Limits,
  epoch?: string,
): { base: Base | undefined; isWhole: boolean } {
  let base = bases.map(parseBase).findLast(one => one && (epoch ?? one.epoch) === one.epoch)
  let isWhole = base !== undefined
  for (const ack of acks) {
    const folded = base && foldAck(base, mutations, ack, limits)
    isWhole &&= folded !== undefined
    base = folded ?? base
  }
  return { base, isWhole }
}

function readRows(entries: readonly Entry[], named: ReadonlySet<unknown>, active: string | undefined) {
  const rows = new Map<number, Row>()
  let setAside = 0
  for (const { key, value } of entries) {
    const row = parseRow(value)
    if (!row) setAside++
    // Two tabs of a first visit may each have named the session: the entry that stands decides.
    else rows.set(key as number, active && !named.has(row.session) ? { ...row, session: active } : row)
  }
  return { rows, setAside }
}

function readNotices(entries: readonly Entry[], dismissed: ReadonlySet<string>): Stored['notices'] {
  return entries.flatMap(({ value }) => {
    const notice = parseNotice(value.notice)
    return notice && !dismissed.has(notice.id) ? [{ session: value.session as string, notice }] : []
  })
}

/**
 * Makes sense of what the store holds. Stored bytes are hostile: nothing is believed that was not checked, and what does
 * not parse is passed over.
 *
 * @param keys The keys of all entries, in their order.
 * @param values Their values, read in the same transaction.
 */
export function readEntries(keys: readonly IDBValidKey[], values: readonly unknown[], limits: Limits): Stored {
  const all = keys.map((key, index) => toEntry(key, values[index]))
  const { id, forgets } = all.find(({ kind }) => kind === 'log')?.value ?? {}
  const logId = isText(id) ? id : ''
  const of = (wanted: string): Entry[] => all.filter(({ kind, value }) => kind === wanted && value.log === logId)
  const obsolete = all.filter(({ value }) => isText(value.log) && value.log !== logId).map(({ key }) => key)

  const actives = of('active')
  const active = readActive(actives)
  const named = new Set(actives.map(({ value }) => value.integrationId))
  const own = all.filter(({ kind, value }) => kind === 'number' && (!isText(value.log) || value.log === logId))
  const { rows, setAside } = readRows(own, named, active?.integrationId)

  const mutations = mutationsBySession(rows.values())
  const bases = bySession(of('base'))
  const acks = bySession(of('ack'))
  const sessions = new Map<string, StoredSession>()
  const chained = new Set<string>()
  for (const session of new Set([...mutations.keys(), ...bases.keys()])) {
    const isActive = session === active?.integrationId
    const given = mutations.get(session) ?? []
    const [own, later] = [bases.get(session) ?? [], acks.get(session) ?? []]
    const read = readBase(own, later, given, limits, isActive ? active.epoch : undefined)
    const base = read.base ?? emptyBase(session)
    if (read.isWhole) chained.add(session)
    const pending = given.filter(mutation => !isAcked(base.acked, mutation))
    if (isActive || pending.length) sessions.set(session, { base, pending })
    else obsolete.push(...[...own, ...later].map(({ key }) => key))
  }
  for (const [key, { session }] of rows) if (!sessions.has(session)) obsolete.push(key)

  const dismissed = new Set(of('dismissed').map(({ parts }) => parts[0] as string))
  const notices = readNotices(of('notice'), dismissed)
  for (const { key, value } of of('notice')) if (!sessions.has(value.session as string)) obsolete.push(key)

  return {
    logId,
    forgets: Array.isArray(forgets) ? forgets.filter(isText) : [],
    active,
    sessions,
    rows,
    bases: keysOf(bases),
    acks: keysOf(acks),
    chained,
    obsolete,
    notices,
    dismissed,
    setAside,
  }
}
