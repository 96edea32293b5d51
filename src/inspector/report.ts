import { PROTOCOL_VERSION, type Notice } from '../session/protocol.ts'
import { readEntries, type RawEntry } from './entries.ts'
import { createRedaction, type Redaction } from './redact.ts'
import { errorText, fieldOf, jsonOf, listOf, now } from './text.ts'
import { VERSION } from './version.ts'
import { readLocked, type Watch } from './watch.ts'

// Of an entry in the database: no word of the shopper's in them.
const PLAIN = new Set('log k after v epoch version currency acked estimated gone check id forgets'.split(' '))

// The mark of a log is the id of its first session.
const IDS = new Set(['session', 'integrationId', 'mark'])

function mutationOf(mutation: unknown, { data }: Redaction): object {
  const [writer, n, name, at] = ['writer', 'n', 'name', 'at'].map(field => fieldOf(mutation, field))
  return { writer, n, name, at, args: data(fieldOf(mutation, 'args')) }
}

function noticeOf(notice: unknown, { data }: Redaction): object {
  const { id, code, writer, n, at, reason, ...rest } = notice as Notice
  return { id, code, writer, n, at, reason, ...(data(rest) as object) }
}

function sessionOf(session: unknown, { data, id }: Redaction): object {
  const { integrationId, state, created, updated } = session as { [field: string]: string }
  return { ...(data(session) as object), integrationId: id(integrationId ?? ''), state, created, updated }
}

// A base is kept as the text of its session.
function textOf(text: string, redaction: Redaction): unknown {
  try {
    return sessionOf(JSON.parse(text), redaction)
  } catch {
    return redaction.data(text)
  }
}

function entryOf({ key, value }: RawEntry, redaction: Redaction): object {
  const parts: unknown[] = Array.isArray(key) ? key : [key]
  const [kind] = parts
  // ['base', id, epoch, version], ['ack', id, epoch, version], ['active', 0, id]
  const place = kind === 'active' ? 2 : 1
  const isNamed = kind === 'base' || kind === 'ack' || kind === 'active'
  const named = parts.map((part, index) =>
    isNamed && index === place && typeof part === 'string' ? redaction.id(part) : part,
  )

  function fieldFor([name, field]: [string, unknown]): [string, unknown] {
    if (PLAIN.has(name)) return [name, field]
    if (name === 'mutations') return [name, listOf(value, name).map(mutation => mutationOf(mutation, redaction))]
    if (name === 'notice') return [name, noticeOf(field ?? {}, redaction)]
    if (typeof field !== 'string') return [name, redaction.data(field)]
    if (name === 'session' && kind === 'base') return [name, textOf(field, redaction)]
    return [name, IDS.has(name) ? redaction.id(field) : redaction.data(field)]
  }

  const isObject = typeof value === 'object' && value !== null
  return {
    key: Array.isArray(key) ? named : key,
    value: isObject ? Object.fromEntries(Object.entries(value).map(fieldFor)) : redaction.data(value),
  }
}

async function databaseOf(scope: string, redaction: Redaction): Promise<object> {
  try {
    const { name, isThere, count, entries } = await readEntries(scope)
    return { name, isThere, count, entries: entries.map(entry => entryOf(entry, redaction)) }
  } catch (error) {
    return { error: errorText(error) }
  }
}

async function locksOf(scope: string, { id }: Redaction): Promise<object> {
  const { locks, client } = await readLocked(scope)
  return (locks ?? []).map(({ integrationId, client: by, ...lock }) => ({
    ...lock,
    session: id(integrationId),
    isThisPage: by === client,
  }))
}

/**
 * All that the inspector knows, as JSON text for a bug report. No header of a request is in it, and no query of the page's
 * address.
 *
 * @param withData Whether items, attributes, codes and whole ids come along.
 */
export async function reportOf(watch: Watch, withData: boolean): Promise<string> {
  const { cart, scope, network, heard } = watch
  const redaction = createRedaction(withData)
  const { id, data } = redaction
  const [database, locks] = await Promise.all([databaseOf(scope, redaction), locksOf(scope, redaction)])
  const { error, ...status } = cart.$status.get()
  const totals = cart.$totals.get()
  const report = {
    at: now(),
    versions: { inspector: VERSION, protocol: PROTOCOL_VERSION },
    userAgent: navigator.userAgent,
    page: `${location.origin}${location.pathname}`,
    scope,
    status: { ...status, error: error && { code: error.code, message: error.message, cause: causeOf(error) } },
    session: sessionOf(cart.$session.get(), redaction),
    totals: { ...(data(totals) as object), estimated: totals.estimated },
    sessions: cart.inspect().sessions.map(session => {
      const { session: base, effects, ...rest } = session.base()
      const phase = session.outbox()?.state().phase
      return {
        integrationId: id(session.integrationId()),
        phase,
        base: { ...rest, effects: data(effects), session: sessionOf(base, redaction) },
        pending: session.pending().map(mutation => mutationOf(mutation, redaction)),
      }
    }),
    notices: cart.$notices.get().map(notice => noticeOf(notice, redaction)),
    network: network && { mode: network.mode(), delay: network.delay() },
    requests: network?.requests().map(request => ({ ...request, integrationId: id(request.integrationId) })),
    messages: heard()?.map(({ session, mutations, ...message }) => ({
      ...message,
      session: typeof session === 'string' ? id(session) : undefined,
      mutations: mutations.map(mutation => mutationOf(mutation, redaction)),
    })),
    locks,
    database,
  }
  return jsonOf(report, 2)
}

function causeOf({ cause }: Error): string | undefined {
  return cause === undefined ? undefined : errorText(cause)
}
