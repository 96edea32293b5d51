import { isText } from '../session/json.ts'
import { fold, type Base } from '../session/ledger.ts'
import type { Limits } from '../session/limits.ts'
import { parseMutation, type Mutation } from '../session/mutations.ts'
import { ackedOf, mergeAcked, parseAcked, parseAnswer } from '../session/protocol.ts'
import { parseSession } from '../session/received.ts'
import type { CustomerSession } from '../session/session.ts'

/** A row of the log: all mutations of one tick. */
export interface Row {
  readonly log: string
  readonly session: string
  /** The number that the session's name was to have, for when another session has it. */
  readonly k?: number | undefined
  readonly mutations: readonly Mutation[]
}

/** An entry of the store, its key taken apart. */
export interface Entry {
  readonly key: IDBValidKey
  readonly kind: unknown
  /** The parts of the key after its kind: for most kinds integration id, epoch, version. */
  readonly parts: readonly unknown[]
  readonly value: { readonly [field: string]: unknown }
}

/** Takes the key of an entry apart. */
export function toEntry(key: IDBValidKey, value: unknown): Entry {
  const [kind, ...parts] = Array.isArray(key) ? (key as unknown[]) : [typeof key]
  return { key, kind, parts, value: (value ?? {}) as Entry['value'] }
}

/** Which session is active. */
export interface Active {
  readonly integrationId: string
  /** Undefined until the server has answered for the first time. */
  readonly epoch: string | undefined
  /** Whole for the entry that names a session, one half more for the one that adds its epoch; 0 when none does. */
  readonly k: number
}

/** The entry that names the active session: the last one of the highest k, whatever order they come in. */
export function readActive(entries: readonly Entry[]): Active | undefined {
  let active: Active | undefined
  for (const { parts, value } of entries) {
    const { integrationId, epoch } = value
    const k = parts[0] as number
    if (!isText(integrationId) || integrationId === '' || !(k > 0 && k >= (active?.k ?? 0))) continue
    active = { integrationId, epoch: isText(epoch) ? epoch : undefined, k }
  }
  return active
}

/** A row of the log, or undefined when it does not parse. */
export function parseRow({ log, session, k, mutations }: Entry['value']): Row | undefined {
  if (!isText(log) || !isText(session) || !Array.isArray(mutations)) return
  const parsed = mutations.map(parseMutation)
  if (!parsed.every(mutation => mutation !== undefined)) return
  return { log, session, k: typeof k === 'number' ? k : undefined, mutations: parsed }
}

/**
 * One session's mutations in log order. A row written twice after an unknown outcome counts once, and a burn takes the
 * place of the mutation it gives up. One writer's stand by their numbers: a row that failed may have been written after a
 * later one.
 */
export function inLogOrder(mutations: Iterable<Mutation>): Mutation[] {
  const list = new Map<string, Mutation>()
  const last = new Map<string, number>()
  let isSorted = true
  for (const mutation of mutations) {
    const { writer, n, name } = mutation
    const id = `${writer} ${n}`
    if (!list.has(id)) {
      isSorted &&= n > (last.get(writer) ?? 0)
      last.set(writer, n)
      list.set(id, mutation)
    } else if (name === 'burn') list.set(id, mutation)
  }
  const found = [...list.values()]
  if (isSorted) return found
  const byWriter = new Map<string, Mutation[]>()
  for (const mutation of found) {
    const own = byWriter.get(mutation.writer)
    if (own) own.push(mutation)
    else byWriter.set(mutation.writer, [mutation])
  }
  for (const own of byWriter.values()) own.sort((one, other) => other.n - one.n)
  return found.map(({ writer }) => byWriter.get(writer)?.pop() as Mutation)
}

function parseJson(text: unknown): unknown {
  try {
    return JSON.parse(text as string)
  } catch {
    return
  }
}

/**
 * A base, or undefined when it does not parse.
 *
 * @param known The session, when its text was parsed before.
 */
export function parseBase({ parts, value }: Entry, known?: CustomerSession): Base | undefined {
  const [integrationId, epoch, version] = parts
  const session = known ?? parseSession(parseJson(value.session))
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

/**
 * The base with an acknowledgement folded in, which is stored as the small answer it came with and read like one. Undefined
 * when it builds on what is not there: the base or the acknowledgement before it was given to the store first and is not in
 * it, so the mutations that those cover would be missing.
 */
export function foldAck(
  base: Base,
  mutations: readonly Mutation[],
  { parts, value }: Entry,
  limits: Limits,
): Base | undefined {
  const [integrationId, epoch, version] = parts
  const answer = parseAnswer({ ...value, v: 1, epoch, version, session: value.changes ?? {} }, integrationId as string)
  const isNext = answer && answer.version > base.version && (value.after as number) <= base.version
  if (!isNext || epoch !== base.epoch) return
  // A row may not have been written yet, or never be: then its number is missing.
  for (const [writer, n] of Object.entries(answer.acked)) {
    const from = ackedOf(base.acked, writer)
    const own = mutations.filter(one => one.writer === writer && one.n > from && one.n <= n)
    if (own.length < n - from) return
  }
  const session = fold(base, mutations, answer, limits)
  const { estimated, effects } = answer
  return { ...base, version: answer.version, session, acked: mergeAcked(base.acked, answer.acked), estimated, effects }
}
