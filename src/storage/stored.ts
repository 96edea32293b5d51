import { isText } from '../session/json.ts'
import { emptyBase, fold, isAcked, type Base } from '../session/ledger.ts'
import type { Limits } from '../session/limits.ts'
import { parseMutation, type Mutation } from '../session/mutations.ts'
import { mergeAcked, parseAcked, parseAnswer, parseNotice, type Notice } from '../session/protocol.ts'
import { parseSession } from '../session/schemas.ts'
import type { CustomerSession } from '../session/session.ts'

/** A row of the log: all mutations of one tick. */
export interface Row {
  readonly log: string
  readonly session: string
  readonly mutations: readonly Mutation[]
}

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
  /** What newer entries replaced, what belongs to another log, what sessions left that owe nothing. */
  readonly obsolete: readonly IDBValidKey[]
  readonly notices: readonly { readonly session: string; readonly notice: Notice }[]
  readonly dismissed: ReadonlySet<string>
  /** How many rows do not parse. They stay where they are. */
  readonly setAside: number
}

interface Entry {
  readonly key: IDBValidKey
  readonly kind: unknown
  /** The parts of the key after its kind: for most kinds integration id, epoch, version. */
  readonly parts: readonly unknown[]
  readonly value: { readonly [field: string]: unknown }
}

function toEntry(key: IDBValidKey, value: unknown): Entry {
  const [kind, ...parts] = Array.isArray(key) ? (key as unknown[]) : [typeof key]
  return { key, kind, parts, value: (value ?? {}) as Entry['value'] }
}

function readActive(entries: readonly Entry[]): Stored['active'] {
  const last = entries.filter(({ value }) => isText(value.integrationId) && value.integrationId !== '').at(-1)
  if (!last) return
  const { integrationId, epoch } = last.value as { integrationId: string; epoch?: string }
  return { integrationId, epoch, k: last.parts[0] as number }
}

function parseRow({ log, session, mutations }: Entry['value']): Row | undefined {
  if (!isText(session) || !Array.isArray(mutations)) return
  const parsed = mutations.map(parseMutation)
  return parsed.every(mutation => mutation !== undefined)
    ? { log: log as string, session, mutations: parsed }
    : undefined
}

// A row written twice after an unknown outcome counts once.
function mutationsBySession(rows: Iterable<Row>): Map<string, Mutation[]> {
  const lists = new Map<string, Map<string, Mutation>>()
  for (const { session, mutations } of rows) {
    const list = lists.get(session) ?? new Map<string, Mutation>()
    lists.set(session, list)
    for (const mutation of mutations) {
      const id = `${mutation.writer} ${mutation.n}`
      if (!list.has(id)) list.set(id, mutation)
    }
  }
  return new Map([...lists].map(([session, list]) => [session, [...list.values()]]))
}

function parseJson(text: unknown): unknown {
  try {
    return JSON.parse(text as string)
  } catch {
    return
  }
}

function parseBase({ parts, value }: Entry): Base | undefined {
  const [integrationId, epoch, version] = parts
  const session = parseSession(parseJson(value.session))
  const acked = parseAcked(value.acked)
  if (session?.integrationId !== integrationId || !acked) return
  if (!isText(epoch) || !Number.isSafeInteger(version)) return
  return {
    epoch: epoch || undefined,
    version: version as number,
    session: session as CustomerSession,
    acked,
    estimated: value.estimated === true,
    effects: Array.isArray(value.effects) ? value.effects : [],
    gone: value.gone === true,
  }
}

// An acknowledgement is stored as the small answer it came with, and read like one.
function foldAck(
  base: Base,
  mutations: readonly Mutation[],
  { parts, value }: Entry,
  limits: Limits,
): Base | undefined {
  const [integrationId, epoch, version] = parts
  const answer = parseAnswer({ ...value, v: 1, epoch, version, session: value.changes ?? {} }, integrationId as string)
  if (!answer || epoch !== base.epoch || (version as number) <= base.version) return
  const session = fold(base, mutations, answer, limits)
  const { estimated, effects } = answer
  return { ...base, version: answer.version, session, acked: mergeAcked(base.acked, answer.acked), estimated, effects }
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
  const obsolete = all.filter(({ kind, value }) => kind !== 'log' && value.log !== logId).map(({ key }) => key)

  const actives = of('active')
  const active = readActive(actives)
  const named = new Set(actives.map(({ value }) => value.integrationId))

  const parsed = of('number').map(({ key, value }) => [key as number, parseRow(value)] as const)
  const rows = new Map<number, Row>()
  for (const [key, row] of parsed) {
    // Two tabs of a first visit may each have named the session: the entry that stands decides.
    if (row) rows.set(key, active && !named.has(row.session) ? { ...row, session: active.integrationId } : row)
  }
  const mutations = mutationsBySession(rows.values())

  const newest = new Map<string, Base>()
  const bases = new Map<string, IDBValidKey[]>()
  for (const entry of of('base')) {
    const integrationId = entry.parts[0] as string
    const base = parseBase(entry)
    const isActive = integrationId === active?.integrationId
    bases.set(integrationId, [...(bases.get(integrationId) ?? []), entry.key])
    if (!base || (isActive && active.epoch !== undefined && active.epoch !== base.epoch)) continue
    if (base.version >= (newest.get(integrationId)?.version ?? 0)) newest.set(integrationId, base)
  }

  const acks = new Map<string, IDBValidKey[]>()
  for (const entry of of('ack')) {
    const integrationId = entry.parts[0] as string
    const base = newest.get(integrationId)
    const folded = base && foldAck(base, mutations.get(integrationId) ?? [], entry, limits)
    if (folded) newest.set(integrationId, folded)
    acks.set(integrationId, [...(acks.get(integrationId) ?? []), entry.key])
  }

  const sessions = new Map<string, StoredSession>()
  for (const integrationId of new Set([...mutations.keys(), ...bases.keys()])) {
    const base = newest.get(integrationId) ?? emptyBase(integrationId)
    const pending = (mutations.get(integrationId) ?? []).filter(mutation => !isAcked(base.acked, mutation))
    if (pending.length || integrationId === active?.integrationId) sessions.set(integrationId, { base, pending })
    else obsolete.push(...(bases.get(integrationId) ?? []), ...(acks.get(integrationId) ?? []))
  }
  for (const [key, row] of rows) if (!sessions.has(row.session)) obsolete.push(key)

  const dismissed = new Set(of('dismissed').map(({ parts }) => parts[0] as string))
  const notices: { session: string; notice: Notice }[] = []
  for (const { key, value } of of('notice')) {
    const notice = parseNotice(value.notice)
    if (!sessions.has(value.session as string)) obsolete.push(key)
    else if (notice && !dismissed.has(notice.id)) notices.push({ session: value.session as string, notice })
  }

  return {
    logId,
    forgets: Array.isArray(forgets) ? forgets.filter(isText) : [],
    active,
    sessions,
    rows,
    bases,
    acks,
    obsolete,
    notices,
    dismissed,
    setAside: parsed.filter(([, row]) => !row).length,
  }
}
