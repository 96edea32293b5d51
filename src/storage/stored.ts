import { isText } from '../session/json.ts'
import { LOCAL_EPOCH, isAcked, type Base } from '../session/ledger.ts'
import { defaultLimits, type Limits } from '../session/limits.ts'
import type { Mutation } from '../session/mutations.ts'
import { parseNotice, type Acked, type Notice } from '../session/protocol.ts'
import type { CustomerSession } from '../session/session.ts'
import {
  foldAck,
  inLogOrder,
  parseBase,
  parseRow,
  readActive,
  toEntry,
  type Active,
  type Entry,
  type Row,
} from './entries.ts'

/** The keys of entries and their values, as one transaction read them. */
export type Entries = readonly [keys: readonly IDBValidKey[], values: readonly unknown[]]

/** What the disk says of a session beside its rows. */
export interface StoredBase {
  /** The base with the acknowledgements after it folded in. */
  readonly base: Base
  /** Whether the database has all of it: the next acknowledgement can build on it. */
  readonly isWhole: boolean
  /** It was found in the spare alone. */
  readonly isSpared?: boolean
  /** Keys of the bases. */
  readonly keys: readonly IDBValidKey[]
  /** Keys of the acknowledgements that no base on the disk has folded yet. */
  readonly acks: readonly IDBValidKey[]
  /** The text the newest base was parsed from, and the session it said. */
  readonly text?: unknown
  readonly parsed?: CustomerSession | undefined
}

/** Everything the store holds of this log. */
export interface Stored {
  /** Empty when nothing says whose the entries are. */
  readonly logId: string
  /** Whether an entry names the log. */
  readonly isNamed: boolean
  /** Whether what is there belongs to a log that was forgotten and has to go. */
  readonly isForgotten: boolean
  readonly forgets: readonly string[]
  /** What the database names. */
  readonly active: Active | undefined
  /** The sessions that an entry names. */
  readonly named: ReadonlySet<string>
  /** What the spare alone names, the last one highest; of a session the server knows too, or newer than the database. */
  readonly unwritten: readonly Active[]
  /** Rows by their keys, without those that a base on the disk covers. */
  readonly rows: ReadonlyMap<number, Row>
  /** Rows that wait in the spare for a place in the log. */
  readonly waiting: readonly Row[]
  /** By session. */
  readonly bases: ReadonlyMap<string, StoredBase>
  /** What newer entries replaced, what belongs to another log, what sessions left that owe nothing. */
  readonly obsolete: readonly IDBValidKey[]
  /** Also those that were dismissed. */
  readonly notices: readonly Notice[]
  readonly dismissed: ReadonlySet<string>
  /** Notices and marks that only the spare has, as they go into the store. */
  readonly unwrittenNotices: Entries
  /** How many rows do not parse. They stay where they are. */
  readonly setAside: number
}

export const NO_ENTRIES: Entries = [[], []]

/**
 * Whose a row is. Two tabs of a first visit may each have named the session: the entry that stands decides, and what the
 * other one wrote belongs to it.
 */
export function ownerOf({ active, named }: Pick<Stored, 'active' | 'named'>, session: string): string {
  return named.has(session) ? session : (active?.integrationId ?? session)
}

function groupBy<Item, Member>(
  items: Iterable<Item>,
  keyOf: (item: Item) => string,
  membersOf: (item: Item) => readonly Member[],
): Map<string, Member[]> {
  const groups = new Map<string, Member[]>()
  for (const item of items) {
    const group = groups.get(keyOf(item))
    if (group) group.push(...membersOf(item))
    else groups.set(keyOf(item), [...membersOf(item)])
  }
  return groups
}

const sessionOf = ({ parts }: Entry): string => parts[0] as string
const versionOf = ({ parts }: Entry): number => parts[2] as number
const isLocal = ({ parts }: Entry): boolean => parts[1] === LOCAL_EPOCH

// The newest base of the epoch in force with the acknowledgements after it, and how far it goes by itself.
function readBase(
  bases: readonly Entry[],
  acks: readonly Entry[],
  mutations: readonly Mutation[],
  limits: Limits,
  epoch: string | undefined,
  isSpared: (entry: Entry) => boolean,
  before: StoredBase | undefined,
): (StoredBase & { readonly covers: Acked }) | undefined {
  const newestLast = [...bases].sort((one, other) => versionOf(one) - versionOf(other))
  for (const entry of newestLast.reverse()) {
    if (epoch !== undefined && entry.parts[1] !== epoch) continue
    const text = entry.value.session
    let base = parseBase(entry, before?.text === text ? before?.parsed : undefined)
    if (!base) continue
    const { session: parsed, acked: covers } = base
    let isWhole = !isSpared(entry)
    for (const ack of acks) {
      const folded = foldAck(base, mutations, ack, limits)
      isWhole &&= folded !== undefined
      base = folded ?? base
    }
    const keysOf = (entries: readonly Entry[]): IDBValidKey[] => entries.map(({ key }) => key)
    return { base, isWhole, isSpared: isSpared(entry), keys: keysOf(bases), acks: keysOf(acks), text, parsed, covers }
  }
  return
}

function readRows(entries: readonly Entry[], before: ReadonlyMap<number, Row> | undefined) {
  const rows = new Map<number, Row>()
  let setAside = 0
  for (const { key, value } of entries) {
    // A row never changes.
    const row = before?.get(key as number) ?? parseRow(value)
    if (row) rows.set(key as number, row)
    else setAside++
  }
  return { rows, setAside }
}

/**
 * Makes sense of what the database and the spare hold. Stored bytes are hostile: nothing is believed that was not checked,
 * and what does not parse is passed over.
 *
 * @param database In the order of the keys.
 * @param before What was read before from the same store: what did not change is not parsed again.
 */
export function readEntries(database: Entries, spare: Entries, limits: Limits, before?: Stored): Stored {
  const read = ([keys, values]: Entries): Entry[] => keys.map((key, index) => toEntry(key, values[index]))
  let entries = read(database)
  const spared = read(spare)
  const logs = [...spared, ...entries].filter(({ kind }) => kind === 'log').map(({ value }) => value)
  const forgets = logs.flatMap(({ forgets: ids }) => (Array.isArray(ids) ? ids.filter(isText) : []))
  const isForgotten = forgets.includes(logs.at(-1)?.id as string)
  if (isForgotten) entries = []
  // Every entry carries the id of its log: when the one that names it is lost, the log takes the name the others know.
  const ids = [(isForgotten ? logs[0] : logs.at(-1))?.id, ...entries.map(({ value }) => value.log)]
  const logId = ids.find(isText) ?? ''

  const own = entries.filter(({ value }) => value.log === logId)
  // The spare belongs to whichever log is there, but what was forgotten stays forgotten.
  const kept = spared.filter(({ value }) => !forgets.includes(value.log as string))
  const all = [...kept, ...own]
  const of = (wanted: string): Entry[] => all.filter(({ kind }) => kind === wanted)
  const obsolete = entries.filter(({ value }) => isText(value.log) && value.log !== logId).map(({ key }) => key)

  const isSameLog = before?.logId === logId
  const numbered = entries.filter(({ kind, value }) => kind === 'number' && (!isText(value.log) || value.log === logId))
  const { rows, setAside } = readRows(numbered, isSameLog ? before.rows : undefined)
  const waiting = of('row').flatMap(({ value }) => parseRow({ ...value, log: logId }) ?? [])

  const bySpare = (entry: Entry): boolean => !own.includes(entry)
  const written = of('active').filter(entry => !bySpare(entry))
  const standing = readActive(written)
  const atServer = of('base').flatMap(entry => (isLocal(entry) ? [] : sessionOf(entry)))
  const inDatabase = new Set(written.map(({ value }) => value.integrationId as string))
  const unwritten = of('active')
    .filter(bySpare)
    .flatMap(entry => readActive([entry]) ?? [])
    .filter(({ integrationId: id, k }) => !inDatabase.has(id) && (k > (standing?.k ?? 0) || atServer.includes(id)))
    .sort((one, other) => one.k - other.k)
  const named = new Set([...inDatabase, ...unwritten.map(({ integrationId }) => integrationId)])
  const first = [...rows.values(), ...waiting][0]
  const active = standing ?? (first && { integrationId: first.session, epoch: undefined, k: 0 })
  const newest = unwritten.at(-1)
  const shown = newest && newest.k > (standing?.k ?? 0) ? newest : active
  const ownerOfRow = ({ session }: Row): string => ownerOf({ active: shown, named }, session)
  const mutations = groupBy([...rows.values(), ...waiting], ownerOfRow, row => row.mutations)

  // The version of a local base counts the rows of one store: that of the spare is for when there is no other.
  const hasLocal = new Set(own.filter(entry => entry.kind === 'base' && isLocal(entry)).map(sessionOf))
  const candidates = of('base').filter(entry => !isLocal(entry) || !bySpare(entry) || !hasLocal.has(sessionOf(entry)))
  const acks = groupBy(of('ack'), sessionOf, entry => [entry])
  const bases = new Map<string, StoredBase>()
  const covered = new Map<string, Acked>()
  for (const [session, group] of groupBy(candidates, sessionOf, entry => [entry])) {
    const isActive = session === shown?.integrationId
    const [later, given] = [acks.get(session) ?? [], inLogOrder(mutations.get(session) ?? [])]
    const known = isSameLog ? before.bases.get(session) : undefined
    const found = readBase(group, later, given, limits, isActive ? shown.epoch : undefined, bySpare, known)
    const isOwing = given.some(mutation => !isAcked(found?.base.acked ?? {}, mutation))
    if (!isActive && !isOwing) obsolete.push(...[...group, ...later].map(({ key }) => key))
    else if (found) bases.set(session, found)
    if (found) covered.set(session, isActive || isOwing ? found.covers : found.base.acked)
  }
  for (const [key, row] of rows) {
    const acked = covered.get(ownerOfRow(row)) ?? {}
    if (!row.mutations.every(mutation => isAcked(acked, mutation))) continue
    rows.delete(key)
    obsolete.push(key)
  }

  const unwrittenNotices = kept.filter(({ kind }) => kind === 'notice' || kind === 'dismissed')
  const dismissed = new Set(of('dismissed').map(({ parts }) => parts[0] as string))
  const notices: Notice[] = []
  for (const { key, value } of of('notice')) {
    const notice = parseNotice(value.notice)
    if (!notice) continue
    // While its session lives, an answer may bring it again.
    if (dismissed.has(notice.id) && !bases.has(value.session as string)) obsolete.push(key, ['dismissed', notice.id])
    else notices.push(notice)
  }

  return {
    logId,
    isNamed: entries.some(({ kind }) => kind === 'log'),
    isForgotten,
    forgets,
    active,
    named,
    unwritten,
    rows,
    waiting,
    bases,
    obsolete,
    notices,
    dismissed,
    unwrittenNotices: [
      unwrittenNotices.map(({ key }) => key),
      unwrittenNotices.map(({ value }) => ({ ...value, log: logId })),
    ],
    setAside,
  }
}

/** What there is before anything was read. */
export const NOTHING_STORED: Stored = /* @__PURE__ */ (() => readEntries(NO_ENTRIES, NO_ENTRIES, defaultLimits('')))()
