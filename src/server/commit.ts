import type { Mutation } from '../session/mutations.ts'
import { sourcesIn, type Sources } from './adopt.ts'
import { crowded, MAX_ATTEMPTS, stepAside } from './contention.ts'
import { newDocument, type Introduction, type SessionDocument, type Stamp, type Stored } from './document.ts'
import { load } from './load.ts'
import type { Settings } from './options.ts'
import type { Access } from './policy.ts'
import { quoteKey, toQuote, type Quote, type QuoteOf } from './pricing.ts'
import { SessionProblem } from './problem.ts'
import { processBatch, type Processed } from './process.ts'
import { promote } from './promote.ts'
import { randomId } from './random.ts'
import { isKeeper, settle, turnOf } from './settle.ts'
import { awaiting, type Turn } from './turn.ts'
import type { StoreWrite } from './store.ts'

/** One thing to do to a session. */
export interface Work {
  readonly integrationId: string
  readonly mutations: readonly Mutation[]
  readonly access: Access
  /** The browser's request; left out for the backend's own calls. */
  readonly request?: Request | undefined
  /** Throws a SessionProblem when the session, as it was read, is not the one the caller means. */
  readonly admit: (stored: Stored | undefined) => void
}

/** What became of it. */
export interface Committed extends Stored {
  /** What had been read; undefined when the session is new. */
  readonly before: Stored | undefined
  /** Whether lines differ from what `apply` alone makes of them. */
  readonly repriced: boolean
}

const MAX_FAULTS = 3

// What the sender may not adopt is not even read.
async function loadSources(settings: Settings, { mutations, access }: Work): Promise<Sources> {
  const ids = sourcesIn(mutations).filter(id => access.trusted || access.sources?.has(id))
  const entries = await Promise.all(ids.map(async id => [id, await load(settings, id)] as const))
  return new Map(entries.flatMap(([id, stored]) => (stored ? [[id, stored]] : [])))
}

type Quotes = Map<string, Quote>

/** What the core goes by in one attempt. */
interface Ground {
  readonly before: SessionDocument
  readonly sources: Sources
  readonly quotes: Quotes
  readonly stamp: Stamp
}

function take(settings: Settings, work: Work, { before, sources, quotes, stamp }: Ground): Processed {
  const { policy, currencies, limitsIn, maxWriters, priceItem } = settings
  const { mutations, access } = work
  const quoteOf: QuoteOf | undefined = priceItem && (item => quotes.get(quoteKey(item)))
  return processBatch(before, mutations, { stamp, access, policy, currencies, limitsIn, maxWriters, sources, quoteOf })
}

// A price may change what later mutations find, so the batch is gone through again until no line is without a quote.
// Each time one mutation more is settled: it ends.
async function takePriced(settings: Settings, work: Work, ground: Ground): Promise<Processed> {
  const { priceItem } = settings
  const { request } = work
  const { before, quotes } = ground
  for (;;) {
    const processed = take(settings, work, ground)
    if (!priceItem || !request || processed.wanted.length === 0) return processed
    const { session } = before
    const context = { session, currency: processed.document.currency, request }
    const wanted = new Map(processed.wanted.map(item => [quoteKey(item), item]))
    const entries = [...wanted].map(async ([key, item]) => [key, toQuote(await priceItem(item, context))] as const)
    for (const [key, quote] of await Promise.all(entries)) quotes.set(key, quote)
  }
}

/** One attempt at a piece of work. */
interface Attempt {
  readonly settings: Settings
  readonly turn: Turn
  readonly at: string
  readonly request: Request | undefined
}

// What a document becomes with what upstream says, or has yet to say, of it.
function asked(
  { settings, turn, at, request }: Attempt,
  document: SessionDocument,
  introduced: readonly Introduction[],
  version: number,
): Promise<SessionDocument> | SessionDocument {
  const { upstream, clock } = settings
  if (isKeeper(upstream)) return awaiting(document, introduced, turn, clock.now())
  return promote(settings, upstream, document, { introduced, stamp: { version, at }, request })
}

/** A session that is written, and the turn in which upstream hears of it. */
interface Written {
  readonly stored: Stored
  readonly turn: Turn
}

// The sessions that were adopted, with promotions of their own.
function withoutLines(attempt: Attempt, adopted: Sources): Promise<Written[]> {
  const { settings, request } = attempt
  const each = [...adopted.values()].map(async ({ version, document }): Promise<Written> => {
    const turn = turnOf(settings, request)
    return { stored: { version, document: await asked({ ...attempt, turn }, document, [], version) }, turn }
  })
  return Promise.all(each)
}

function toWrite({ version, document }: Stored): StoreWrite {
  return { id: document.session.integrationId, readVersion: version - 1, document: JSON.stringify(document) }
}

function checkSize(text: string, before: SessionDocument | undefined, work: Work, limit: number): void {
  // Burns are let through: they are how a browser gets past a mutation that is too large. So is what makes it smaller.
  if (text.length <= limit || work.mutations.every(({ name }) => name === 'burn')) return
  if (before && text.length <= JSON.stringify(before).length) return
  throw new SessionProblem('too-large', `The session would be longer than ${limit} characters.`)
}

interface Done extends Written {
  readonly before: Stored | undefined
  readonly repriced: boolean
  readonly others: readonly Written[]
}

async function attempt(settings: Settings, work: Work, quotes: Quotes, token: string): Promise<Done> {
  const { clock, random } = settings
  const { integrationId, request } = work
  const before = await load(settings, integrationId)
  work.admit(before)
  const was = before?.document ?? newDocument(integrationId, `e_${randomId(random)}`)
  const stamp = { version: (before?.version ?? 0) + 1, at: new Date(clock.now()).toISOString() }
  const sources = await loadSources(settings, work)
  const ground = { before: was, sources, quotes, stamp }
  const { document, introduced, repriced, adopted } = await takePriced(settings, work, ground)
  const turn = turnOf(settings, request, token)
  const trying = { settings, turn, at: stamp.at, request }
  const asks = document.session !== was.session || (was.estimated && !(isKeeper(settings.upstream) && document === was))
  const [after, others] = await Promise.all([
    asks ? asked(trying, document, introduced, stamp.version) : document,
    withoutLines(trying, adopted),
  ])
  const stored = before && after === was ? before : { version: stamp.version, document: after }
  return { stored, turn, before, repriced, others }
}

// Does the work up to the one guarded write, all over again when another write came first.
async function write(settings: Settings, work: Work): Promise<Done> {
  const { store, random, report } = settings
  const quotes: Quotes = new Map()
  const token = randomId(random)
  let faults = 0
  for (let count = 1; count <= MAX_ATTEMPTS; count++) {
    const done = await attempt(settings, work, quotes, token)
    const { stored, before, others } = done
    if (stored === before) return done
    const own = toWrite(stored)
    checkSize(own.document, before?.document, work, settings.maxSessionSize)
    try {
      const writes = others.map(other => toWrite(other.stored))
      const isWritten = writes.length
        ? store.writeAll([own, ...writes])
        : store.write(own.id, own.readVersion, own.document)
      if (await isWritten) return done
    } catch (error) {
      if (++faults === MAX_FAULTS) throw error
      report(error, work.integrationId)
    }
    await stepAside(settings, count)
  }
  throw crowded()
}

/**
 * Does a piece of work on a session: reads it, lets the pure core and the shop's hooks decide, and writes the result as one
 * guarded write, together with the sessions it adopts; all over again when another write came first. An upstream that keeps
 * the session hears of it then.
 *
 * A write that fails may have been carried out. The next attempt finds its numbers taken then, and nothing is done twice.
 *
 * @throws SessionProblem when the work is not admitted, leaves a gap, is too large, or finds no turn.
 */
export async function commit(settings: Settings, work: Work): Promise<Committed> {
  const { upstream } = settings
  const { stored, turn, before, repriced, others } = await write(settings, work)
  if (!isKeeper(upstream)) return { ...stored, before, repriced }
  const all = [{ stored, turn }, ...others].map(one => settle(settings, upstream, one.turn, one.stored))
  const [settled = stored] = await Promise.all(all)
  // Others may have changed lines meanwhile.
  const isOwn = settled.version <= stored.version + 1
  return { ...settled, before, repriced: repriced || !isOwn }
}

/**
 * What a session would become, when the backend's own code does something to it: nothing is written.
 *
 * @throws SessionProblem when a number is not the next one.
 */
export async function foresee(
  settings: Settings,
  stored: Stored,
  mutations: readonly Mutation[],
): Promise<SessionDocument> {
  const stamp = { version: stored.version + 1, at: new Date(settings.clock.now()).toISOString() }
  const work: Work = {
    integrationId: stored.document.session.integrationId,
    mutations,
    access: { trusted: true },
    admit: () => {},
  }
  const ground = { before: stored.document, sources: await loadSources(settings, work), quotes: new Map(), stamp }
  const { document, introduced } = take(settings, work, ground)
  return promote(settings, settings.upstream, document, { introduced, stamp, request: undefined, preview: true })
}
