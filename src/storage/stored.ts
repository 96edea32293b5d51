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
  /** Which naming of the store that was; also the id of the first session, which no list of forgotten logs keeps. */
  readonly mark: string | undefined
  /** Whether what is there belongs to a log that was forgotten and has to go. */
  readonly isForgotten: boolean
  readonly forgets: readonly string[]
  /** What the database names. */
  readonly active: Active | undefined
  /** The sessions that an entry names. */
  readonly named: ReadonlySet<string>
  /** Which of them each number names, with or without its epoch. */
  readonly names: ReadonlyMap<number, string>
  /** The numbers that the names of other sessions were to have. */
  readonly claims: ReadonlyMap<string, number>
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
  /** Notices and marks that the spare has. */
  readonly unwrittenNotices: readonly [keys: readonly IDBValidKey[], values: readonly object[]]
  /** How many rows and local bases do not parse. They stay where they are. */
  readonly setAside: number
}

export const NO_ENTRIES: Entries = [[], []]

/**
 * Whose a row is. Two tabs may each have named a session with the same number: the entry that stands decides, and what the
 * other one wrote belongs to it. As long as there is none, nobody else has its place.
 */
export function ownerOf(
  { active, named, names, claims }: Pick<Stored, 'active' | 'named' | 'names' | 'claims'>,
  session: string,
): string {
  if (named.has(session)) return session
  const claim = claims.get(session)
  return (claim === undefined ? active?.integrationId : names.get(claim)) ?? session
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

interface Found {
  /** Of this log, in the database. */
  readonly own: readonly Entry[]
  /** In the spare. */
  readonly spared: readonly Entry[]
}

const of = (wanted: string, entries: readonly Entry[]): Entry[] => entries.filter(({ kind }) => kind === wanted)

function readNames({ own, spared }: Found, rows: readonly Row[]) {
  const written = of('active', own)
  const standing = readActive(written)
  const k = standing?.k ?? 0
  const inDatabase = new Set(written.map(({ value }) => value.integrationId as string))
  const sent = of('active', spared).filter(({ value }) => value.isSent === true)
  const atServer = new Set<unknown>([
    ...of('base', spared).flatMap(entry => (isLocal(entry) ? [] : sessionOf(entry))),
    ...sent.map(({ value }) => value.integrationId),
  ])
  const unwritten = of('active', spared)
    .flatMap(entry => readActive([entry]) ?? [])
    .filter(({ integrationId: id, k: own }) => !inDatabase.has(id) && (own > k || atServer.has(id)))
    .sort((one, other) => one.k - other.k)
  const named = new Set([...inDatabase, ...unwritten.map(({ integrationId }) => integrationId)])
  const all = [...unwritten, ...written.flatMap(entry => readActive([entry]) ?? [])]
  const names = new Map(all.map(({ k: number, integrationId: id }) => [Math.floor(number), id]))
  const claims = new Map(
    rows.flatMap(({ session, k: number }) => (number === undefined ? [] : [[session, number] as const])),
  )
  // When the entry is lost that names a session, what it holds does.
  const first =
    rows.map(({ session }) => session).find(Boolean) ??
    of('base', [...spared, ...own])
      .map(sessionOf)
      .find(isText)
  const active = standing ?? (first === undefined ? undefined : { integrationId: first, epoch: undefined, k: 0 })
  const newest = unwritten.at(-1)
  const shown = newest && newest.k > k ? newest : active
  return { active, named, names, claims, unwritten, shown }
}

function readBases(
  { own, spared }: Found,
  mutations: ReadonlyMap<string, readonly Mutation[]>,
  shown: Active | undefined,
  limits: Limits,
  before: Stored | undefined,
) {
  // The version of a local base counts the rows of one store: that of the spare is for when there is no other.
  const hasLocal = new Set(of('base', own).filter(isLocal).map(sessionOf))
  const spare = of('base', spared).filter(entry => !isLocal(entry) || !hasLocal.has(sessionOf(entry)))
  const acks = groupBy(of('ack', own), sessionOf, entry => [entry])
  const isSpared = (entry: Entry): boolean => spare.includes(entry)
  const bases = new Map<string, StoredBase>()
  const covered = new Map<string, Acked>()
  const obsolete: IDBValidKey[] = []
  for (const [session, group] of groupBy([...spare, ...of('base', own)], sessionOf, entry => [entry])) {
    const isActive = session === shown?.integrationId
    const [later, given] = [acks.get(session) ?? [], inLogOrder(mutations.get(session) ?? [])]
    const epoch = isActive ? shown.epoch : undefined
    const found = readBase(group, later, given, limits, epoch, isSpared, before?.bases.get(session))
    const isOwing = given.some(mutation => !isAcked(found?.base.acked ?? {}, mutation))
    const isKept = isActive || isOwing
    if (!isKept) obsolete.push(...[...group, ...later].map(({ key }) => key))
    if (!found) continue
    // Also one that has to go: a tab that has missed it would take what it covers for lost.
    bases.set(session, found)
    // What only an acknowledgement covers is what the next reading folds, as long as there is one.
    covered.set(session, isKept ? found.covers : found.base.acked)
  }
  return { bases, covered, obsolete }
}

function readNotices({ own, spared }: Found, bases: ReadonlyMap<string, StoredBase>) {
  const unwritten = [...of('notice', spared), ...of('dismissed', spared)]
  const dismissed = new Set(of('dismissed', [...spared, ...own]).map(({ parts }) => parts[0] as string))
  const notices: Notice[] = []
  const obsolete: IDBValidKey[] = []
  for (const { key, value } of of('notice', [...spared, ...own])) {
    const notice = parseNotice(value.notice)
    if (!notice) continue
    // While its session lives, an answer may bring it again.
    if (dismissed.has(notice.id) && !bases.has(value.session as string)) obsolete.push(key, ['dismissed', notice.id])
    else if (!notices.some(({ id }) => id === notice.id)) notices.push(notice)
  }
  const unwrittenNotices = [unwritten.map(({ key }) => key), unwritten.map(({ value }) => value)] as const
  return { notices, dismissed, unwrittenNotices, obsolete }
}

// Whose entries these are. When the entry that names the log is lost, the log takes the name that every other one carries.
function readLog(database: readonly Entry[], spared: readonly Entry[]) {
  const [named] = of('log', database)
  const [sparedName] = of('log', spared)
  const forgets = [sparedName, named].flatMap(entry => {
    const list = entry?.value.forgets
    return Array.isArray(list) ? list.filter(isText) : []
  })
  // Asked for while the database could not be reached, or not even been read.
  const isUnseen = of('forgotten', spared).length > 0
  if (isUnseen) forgets.push(...new Set(database.map(({ value }) => value.log).filter(isText)))
  const isForgotten = isUnseen || forgets.includes((named ?? sparedName)?.value.id as string)
  const entries = isForgotten ? [] : database
  const ids = [(isForgotten ? sparedName : (named ?? sparedName))?.value.id, ...entries.map(({ value }) => value.log)]
  const mark = isText(named?.value.mark) ? named.value.mark : undefined
  return { logId: ids.find(isText) ?? '', isNamed: named !== undefined, mark, isForgotten, forgets, entries }
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
  const all = read(spare)
  const { entries, logId, forgets, ...log } = readLog(read(database), all)
  const known = before?.logId === logId ? before : undefined
  // The spare belongs to whichever log is there, but what was forgotten stays forgotten.
  const spared = all.filter(({ value }) => !forgets.includes(value.log as string))
  const found = { own: entries.filter(({ value }) => value.log === logId), spared }

  const isOurs = ({ value }: Entry): boolean => !isText(value.log) || value.log === logId
  const ours = of('number', entries).filter(isOurs)
  const { rows, setAside } = readRows(ours, known?.rows)
  const waiting = of('row', spared).flatMap(({ value }) => parseRow({ ...value, log: logId }) ?? [])
  const { shown, ...names } = readNames(found, [...rows.values(), ...waiting])
  const ownerOfRow = ({ session }: Row): string => ownerOf({ ...names, active: shown }, session)
  const mutations = groupBy([...rows.values(), ...waiting], ownerOfRow, row => row.mutations)
  const { bases, covered, obsolete } = readBases(found, mutations, shown, limits, known)
  for (const [key, row] of rows) {
    const acked = covered.get(ownerOfRow(row)) ?? {}
    if (!row.mutations.every(mutation => isAcked(acked, mutation))) continue
    rows.delete(key)
    obsolete.push(key)
  }
  for (const { key, value } of entries) if (isText(value.log) && value.log !== logId) obsolete.push(key)
  const notices = readNotices(found, bases)
  // A server has another base.
  const lost = of('base', entries).filter(
    entry => isLocal(entry) && isOurs(entry) && !bases.has(sessionOf(entry)) && !parseBase(entry),
  )
  return {
    logId,
    forgets,
    ...log,
    ...names,
    ...notices,
    rows,
    waiting,
    bases,
    setAside: setAside + lost.length,
    obsolete: [...obsolete, ...notices.obsolete],
  }
}

/** What there is before anything was read. */
export const NOTHING_STORED: Stored = /* @__PURE__ */ (() => readEntries(NO_ENTRIES, NO_ENTRIES, defaultLimits('')))()
