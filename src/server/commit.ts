import type { Mutation } from '../session/mutations.ts'
import { sourcesIn, type Sources } from './adopt.ts'
import { pause, within } from './clock.ts'
import { newDocument, parseDocument, type SessionDocument, type Stamp, type Stored } from './document.ts'
import type { Settings } from './options.ts'
import type { Access } from './policy.ts'
import { quoteKey, toQuote, type Quote, type QuoteOf } from './pricing.ts'
import { SessionProblem } from './problem.ts'
import { processBatch, type Introduction, type Processed } from './process.ts'
import { inForce, settlePromotions, toUpstreamResult, withoutPromotions } from './promotions.ts'
import { randomId } from './random.ts'
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

// A write that misses means that another one hit, so somebody always gets on; only a crowd comes anywhere near this.
const MAX_ATTEMPTS = 100
const MAX_FAULTS = 3
const LONGEST_PAUSE_MS = 50

// Each round after the first means that a code was turned down and an older one of the same batch came back.
const MAX_UPSTREAM_ROUNDS = 4

/** The session as it was last written. */
export async function load({ store }: Settings, integrationId: string): Promise<Stored | undefined> {
  const stored = await store.read(integrationId)
  return stored && { version: stored.version, document: parseDocument(stored.document) }
}

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

async function promote(
  { upstream, upstreamTimeout, clock, random, report }: Settings,
  document: SessionDocument,
  introduced: readonly Introduction[],
  stamp: Stamp,
): Promise<SessionDocument> {
  if (!upstream) return { ...document, estimated: false }
  let next = { document, introduced, again: true }
  try {
    for (let round = 0; next.again && round < MAX_UPSTREAM_ROUNDS; round++) {
      const { session, currency } = next.document
      const codes = inForce(next.introduced).map(({ kind, code, writer, n }) => ({ kind, code, writer, n }))
      const said = await within(clock, upstreamTimeout, async signal =>
        upstream(session, {
          introduced: codes,
          currency,
          signal,
          epoch: document.epoch,
          memory: undefined,
          interrupted: undefined,
          request: undefined,
          now: clock.now,
          pause: ms => pause(clock, ms),
          chance: () => (random(1)[0] ?? 0) / 256,
          report: error => {
            report(error, session.integrationId)
          },
        }),
      )
      next = settlePromotions(next.document, next.introduced, toUpstreamResult(said), stamp)
    }
  } catch (error) {
    report(error, document.session.integrationId)
    return withoutPromotions(next.document)
  }
  return next.again ? withoutPromotions(next.document) : next.document
}

// The sessions that were adopted, with promotions of their own.
function promoteAll(settings: Settings, adopted: Sources, { at }: Stamp): Promise<StoreWrite[]> {
  const writes = [...adopted].map(async ([id, { version, document }]) => {
    const after = await promote(settings, document, [], { version, at })
    return { id, readVersion: version - 1, document: JSON.stringify(after) }
  })
  return Promise.all(writes)
}

function checkSize(text: string, before: SessionDocument, work: Work, limit: number): void {
  // Burns are let through: they are how a browser gets past a mutation that is too large. So is what makes it smaller.
  if (text.length <= limit || work.mutations.every(({ name }) => name === 'burn')) return
  if (text.length <= JSON.stringify(before).length) return
  throw new SessionProblem('too-large', `The session would be longer than ${limit} characters.`)
}

/**
 * Does a piece of work on a session: reads it, lets the pure core and the shop's hooks decide, and writes the result as one
 * guarded write, together with the sessions it adopts; all over again when another write came first.
 *
 * A write that fails may have been carried out. The next attempt finds its numbers taken then, and nothing is done twice.
 *
 * @throws SessionProblem when the work is not admitted, leaves a gap, is too large, or finds no turn.
 */
export async function commit(settings: Settings, work: Work): Promise<Committed> {
  const { store, clock, random, report } = settings
  const { integrationId } = work
  const quotes: Quotes = new Map()
  let faults = 0
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    const stored = await load(settings, integrationId)
    work.admit(stored)
    const before = stored?.document ?? newDocument(integrationId, `e_${randomId(random)}`)
    const stamp = { version: (stored?.version ?? 0) + 1, at: new Date(clock.now()).toISOString() }
    const sources = await loadSources(settings, work)
    const ground = { before, sources, quotes, stamp }
    const { document, introduced, repriced, adopted } = await takePriced(settings, work, ground)
    const asks = document.session !== before.session || before.estimated
    const [after, others] = await Promise.all([
      asks ? promote(settings, document, introduced, stamp) : document,
      promoteAll(settings, adopted, stamp),
    ])
    if (stored && after === stored.document) return { ...stored, before: stored, repriced }
    const text = JSON.stringify(after)
    checkSize(text, before, work, settings.maxSessionSize)
    try {
      const own = { id: integrationId, readVersion: stamp.version - 1, document: text }
      const written = others.length
        ? store.writeAll([own, ...others])
        : store.write(own.id, own.readVersion, own.document)
      if (await written) {
        return { version: stamp.version, document: after, before: stored, repriced }
      }
    } catch (error) {
      if (++faults === MAX_FAULTS) throw error
      report(error, integrationId)
    }
    const [jitter = 0] = random(1)
    await pause(clock, (Math.min(attempt, 10) / 10) * LONGEST_PAUSE_MS * (jitter / 255))
  }
  throw new SessionProblem(undefined, 'Too many others write to this session at this moment.', {
    status: 503,
    headers: { 'retry-after': '1' },
  })
}
