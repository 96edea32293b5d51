// What an outbox does next, as a function of what it knows and what happened: no timer, no request, no clock and no random
// number is in here, so whatever goes wrong can be brought about, and repeated, event by event.
import { SessionCartError } from '../errors.ts'
import { accept, isAcked } from '../session/ledger.ts'
import type { Mutation } from '../session/mutations.ts'
import { ackedOf, mergeAcked, type Acked, type SyncAnswer } from '../session/protocol.ts'
import { backoff } from './backoff.ts'
import { BATCH_BYTES, BATCH_COUNT, KEEPALIVE_BYTES, bodyOf, takeBatch } from './batch.ts'
import type { MachineOptions, Surroundings, SyncEffect, SyncEvent, SyncState } from './state.ts'
import type { TransportResponse } from './transport.ts'
import { HALTS, readResponse, type Verdict } from './verdict.ts'

const CHANGE_WAIT_MS = 100
const LONGEST_CHANGE_WAIT_MS = 1000
const GET_INTERVAL_MS = 60_000
const MISSING_PATIENCE_MS = 60_000
const WATCH_MS = 2000
// Rounds of mending after which a server that still misses something is asked like one that fails.
const MAX_GAPS = 3

type Draft = { -readonly [Field in keyof SyncState]: SyncState[Field] }

/**
 * What a machine knows after an event, and what it wants done for it. Pure.
 *
 * @param state What it knew before; stays as it is.
 */
export function step(
  before: SyncState,
  event: SyncEvent,
  { base, pending, now, random, isVisible }: Surroundings,
  { integrationId, writer, isNamed, limits }: MachineOptions,
): { readonly state: SyncState; readonly effects: readonly SyncEffect[] } {
  const state: Draft = { ...before, askedAt: Math.min(before.askedAt, now) }
  // Whatever is waited for since a time would be waited for as long as the clock was set back.
  const isSetBack = [...before.missingSince.values()].some(since => since > now)
  if (isSetBack) state.missingSince = new Map([...before.missingSince].map(([author]) => [author, now]))
  const effects: SyncEffect[] = []

  function schedule(ms: number, isNews = false): void {
    state.dueAt = state.isStopped || state.halted ? undefined : now + ms
    state.isNewsDue = isNews
  }

  function patience(author: string): number {
    return (state.missingSince.get(author) ?? -Infinity) + MISSING_PATIENCE_MS - now
  }

  // Of each writer as far as no number is missing in between: a request with a gap in it is refused as a whole, and what
  // stands in front of the gap would never get through.
  function sendable(): readonly Mutation[] {
    const next = new Map<string, number>()
    return pending.filter(mutation => {
      const { writer: author, n, name } = mutation
      if (patience(author) > 0 || isAcked(state.known, mutation)) return false
      if (name !== 'burn' && n !== (next.get(author) ?? n)) return false
      next.set(author, n + 1)
      return true
    })
  }

  function isQuiet(): boolean {
    return !state.flight && !state.failures && !state.halted
  }

  function fail(retryAfter?: number, cause?: unknown): SessionCartError {
    schedule(backoff(++state.failures, random, retryAfter), true)
    return (state.error = new SessionCartError('network', 'The server did not answer as it should.', cause))
  }

  function halt(code: keyof typeof HALTS): SessionCartError {
    const [phase, message] = HALTS[code]
    state.halted = phase
    state.dueAt = undefined
    return (state.error = new SessionCartError(code, message))
  }

  function forgive(author: string): void {
    state.missingSince = new Map([...state.missingSince].filter(([other]) => other !== author))
  }

  // The server misses a number in front of what it was sent. What it has is not sent again and stays in the view until an
  // answer covers it. A lost number of our own is burned at once; another page may still be about to send its own, so it
  // gets a minute, in which its later ones wait.
  function mend(acked: Acked): void {
    state.known = mergeAcked(state.known, acked)
    const first = new Map<string, number>()
    for (const mutation of sendable()) if (!first.has(mutation.writer)) first.set(mutation.writer, mutation.n)
    for (const [author, n] of first) {
      if (!Object.hasOwn(acked, author) || n <= ackedOf(state.known, author) + 1) continue
      if (author === writer || state.missingSince.has(author)) {
        forgive(author)
        effects.push({ type: 'burn-missing', writer: author, n: n - 1 })
      } else state.missingSince = new Map([...state.missingSince, [author, now]])
    }
  }

  function halve(): boolean {
    const { length } = state.batch
    if (length > 1) state.maxCount = Math.ceil(length / 2)
    return length > 1
  }

  // The server refuses a part of the batch whatever else it holds: halve until it stands alone, then give it up.
  function isolate(code: 'too-large' | 'malformed'): SessionCartError | undefined {
    if (!halve()) {
      state.maxCount = BATCH_COUNT
      const [refused] = state.batch
      if (!refused || refused.name === 'burn') return fail()
      effects.push({ type: 'burn', mutation: refused, code })
    }
    schedule(0)
    return
  }

  function succeed(): undefined {
    for (const { writer: author } of state.batch) forgive(author)
    state.failures = state.gaps = 0
    state.error = undefined
    state.maxCount = BATCH_COUNT
    const isOwing = sendable().length > 0
    state.guesses = base.estimated && isVisible ? state.guesses + 1 : 0
    if (isOwing && state.wasCut) schedule(0)
    else if (!isOwing && state.guesses) schedule(backoff(state.guesses, random), true)
  }

  function take(answer: SyncAnswer, etag: string | undefined): SessionCartError | undefined {
    const [oldest] = state.batch
    const accepted = accept(base, pending, answer, limits)
    if (accepted === 'stale') return fail()
    const isDiverged = accepted === 'diverged'
    if (!isDiverged) {
      effects.push({ type: 'accept', answer, accepted })
      ;({ base, pending } = accepted)
    }
    // A server that says it twice, or takes nothing of what it was sent, is asked again no sooner than one that fails.
    if (isDiverged ? state.wantsWhole : oldest && !isAcked(base.acked, oldest)) return fail()
    state.wantsWhole = isDiverged
    if (!isDiverged) state.etag = etag ?? state.etag
    succeed()
    if (isDiverged) schedule(0, true)
    return
  }

  function conclude(verdict: Verdict, etag: string | undefined): SessionCartError | undefined {
    const { batch } = state
    switch (verdict.kind) {
      case 'unchanged':
        return batch.length ? fail() : succeed()
      case 'answer':
        return take(verdict.answer, etag)
      case 'gap':
        mend(verdict.acked)
        if (++state.gaps > MAX_GAPS) return fail()
        schedule(0, true)
        return
      case 'session-gone':
        // New, not gone.
        if (state.askedVersion === 0 && !batch.length) return succeed()
        // Another tab has made or found it since this one asked.
        if (base.version !== state.askedVersion) return fail()
        effects.push({ type: 'gone' })
        return halt(verdict.kind)
      case 'unauthorized':
      case 'forbidden':
      case 'unsupported-version':
        return halt(verdict.kind)
      case 'too-large':
      case 'malformed':
        return isolate(verdict.kind)
      case 'precondition':
        return fail()
      case 'failure':
        if (verdict.tooLarge) halve()
        return fail(verdict.retryAfter)
    }
  }

  function finish(error?: SessionCartError): void {
    state.flight = undefined
    // First: whatever the others set off may begin another one.
    effects.unshift({ type: 'done', error })
    if (state.isStopped) return
    // What was given while the request was on its way.
    if (state.dueAt === undefined && isQuiet()) {
      // Whose time is over and who owes nothing any more is not waited for.
      const waits = [...state.missingSince.keys()].map(patience).filter(ms => ms > 0)
      if (sendable().length) schedule(state.isUrgent ? 0 : CHANGE_WAIT_MS)
      else if (waits.length) schedule(Math.min(...waits))
    }
    state.isUrgent = false
  }

  function exchange(keepalive: boolean): void {
    const owed = sendable()
    const batch = takeBatch(owed, { count: state.maxCount, bytes: keepalive ? KEEPALIVE_BYTES : BATCH_BYTES })
    // Nobody but this device can know a session that it named itself and never sent.
    const isUnknown = !pending.length && base.version === 0 && !isNamed
    // Nothing is left when another tab was faster, which the server answered.
    if (isUnknown || state.isStopped || base.gone || (!batch.length && !state.isAsking)) {
      state.failures = 0
      return finish()
    }
    const { wantsWhole } = state
    state.flight = 'sent'
    state.batch = batch
    state.wasCut = owed.length > batch.length
    state.isAsking = false
    state.askedAt = now
    state.askedVersion = base.version
    effects.push({
      type: 'request',
      request: {
        method: batch.length ? 'POST' : 'GET',
        integrationId,
        body: batch.length ? bodyOf(base, batch, wantsWhole) : undefined,
        etag: wantsWhole ? undefined : state.etag,
        keepalive,
      },
    })
  }

  function send(keepalive = false): void {
    state.dueAt = undefined
    if (state.flight) return
    state.changedAt = undefined
    // A page that is being left does not wait for anybody.
    if (keepalive) return exchange(true)
    state.flight = 'queued'
    effects.push({ type: 'queue' })
  }

  function push(isUrgent: boolean): void {
    state.changedAt ??= now
    const latest = state.changedAt + LONGEST_CHANGE_WAIT_MS - now
    // A request on its way looks for more when it is back; a failing server is not asked more often for more clicks.
    if (state.flight) state.isUrgent ||= isUrgent
    else if (isQuiet()) schedule(isUrgent ? 0 : Math.max(0, Math.min(CHANGE_WAIT_MS, latest)))
  }

  function wake(): void {
    if (state.halted === 'gone' || state.halted === 'stopped') return
    state.halted = undefined
    state.failures = 0
    if (state.flight) return
    const isDue = sendable().length > 0 || base.estimated
    schedule(isDue ? 0 : Math.max(0, state.askedAt + GET_INTERVAL_MS - now), true)
  }

  function read(response: TransportResponse): SessionCartError | undefined {
    state.reached = true
    const verdict = readResponse(response, integrationId)
    if (verdict.kind === 'answer' || verdict.kind === 'unchanged') state.syncedAt = now
    return conclude(verdict, response.etag)
  }

  function miss(cause: unknown): SessionCartError {
    state.reached = false
    return fail(0, cause)
  }

  switch (event.type) {
    case 'push':
      push(event.isUrgent)
      break
    case 'watch':
      if (isQuiet() && state.dueAt === undefined) schedule(WATCH_MS + random * WATCH_MS)
      break
    case 'wake':
      wake()
      break
    case 'hide':
      if (isQuiet() && sendable().length) send(true)
      break
    case 'attempt':
      state.halted = undefined
      state.isAsking = true
      send()
      break
    case 'due':
      state.isAsking ||= state.isNewsDue
      send()
      break
    case 'turn':
      if (state.flight === 'queued') exchange(false)
      break
    case 'answered':
      finish(state.isStopped ? undefined : read(event.response))
      break
    case 'failed':
      finish(state.isStopped ? undefined : miss(event.cause))
      break
    case 'stop':
      state.isStopped = true
      state.dueAt = undefined
  }
  return { state, effects }
}
