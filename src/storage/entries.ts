import { isText } from '../session/json.ts'
import { fold, type Base } from '../session/ledger.ts'
import type { Limits } from '../session/limits.ts'
import { parseMutation, type Mutation } from '../session/mutations.ts'
import { mergeAcked, parseAcked, parseAnswer } from '../session/protocol.ts'
import { parseSession } from '../session/schemas.ts'
import type { CustomerSession } from '../session/session.ts'

/** A row of the log: all mutations of one tick. */
export interface Row {
  readonly log: string
  readonly session: string
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

/** Which session is active, if any entry says so. */
export function readActive(
  entries: readonly Entry[],
): { integrationId: string; epoch: string | undefined; k: number } | undefined {
  const last = entries.filter(({ value }) => isText(value.integrationId) && value.integrationId !== '').at(-1)
  if (!last) return
  const { integrationId, epoch } = last.value as { integrationId: string; epoch?: string }
  return { integrationId, epoch, k: last.parts[0] as number }
}

/** A row of the log, or undefined when it does not parse. */
export function parseRow({ log, session, mutations }: Entry['value']): Row | undefined {
  if (!isText(log) || !isText(session) || !Array.isArray(mutations)) return
  const parsed = mutations.map(parseMutation)
  return parsed.every(mutation => mutation !== undefined) ? { log, session, mutations: parsed } : undefined
}

/** The mutations of each session in log order. A row written twice after an unknown outcome counts once. */
export function mutationsBySession(rows: Iterable<Row>): Map<string, Mutation[]> {
  const lists = new Map<string, Map<string, Mutation>>()
  for (const { session, mutations } of rows) {
    const list = lists.get(session) ?? new Map<string, Mutation>()
    lists.set(session, list)
    for (const mutation of mutations) {
      const id = `${mutation.writer} ${mutation.n}`
      // A burn takes the place of the mutation it gives up.
      if (!list.has(id) || mutation.name === 'burn') list.set(id, mutation)
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

/** A base, or undefined when it does not parse. */
export function parseBase({ parts, value }: Entry): Base | undefined {
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

/**
 * The base with an acknowledgement folded in, which is stored as the small answer it came with and read like one. Should a
 * row be missing that the answer counted on, the hash in the next request tells the server, and it sends the whole.
 */
export function foldAck(
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
