import { SessionCartError, type SessionCartErrorCode } from '../errors.ts'
import { isAcked } from '../session/ledger.ts'
import type { Mutation } from '../session/mutations.ts'
import { ackedOf, mergeAcked, type Acked } from '../session/protocol.ts'
import type { Outbox, OutboxHost, OutboxOptions } from './outbox-types.ts'
import { backoff } from './backoff.ts'
import { bodyOf, takeBatch } from './batch.ts'
import { ask } from './request.ts'
import type { TransportResponse } from './transport.ts'
import { readResponse, type Verdict } from './verdict.ts'

const CHANGE_WAIT_MS = 100
const LONGEST_CHANGE_WAIT_MS = 1000
const GET_INTERVAL_MS = 60_000
const MISSING_PATIENCE_MS = 60_000
const BATCH_COUNT = 100
const BATCH_BYTES = 65_536
const KEEPALIVE_BYTES = 32_768
const WATCH_MS = 2000

/** Creates the outbox of a session. It does nothing until it is told to. */
export function createOutbox(host: OutboxHost, options: OutboxOptions): Outbox {
  const { integrationId, writer, isNamed, isGone, transport, clock, random, timeout } = options
  const missingSince = new Map<string, number>()
  let inFlight: Promise<SessionCartError | undefined> | undefined
  let halted: 'paused' | 'gone' | 'stopped' | undefined = isGone ? 'gone' : undefined
  let error: SessionCartError | undefined
  let syncedAt: number | undefined
  let reached: boolean | undefined
  let cancelTimer: (() => void) | undefined
  let cancelRequest: (() => void) | undefined
  let changedAt: number | undefined
  let askedAt = -Infinity
  let failures = 0
  let guesses = 0
  let gaps = 0
  let known: Acked = {}
  let maxCount = BATCH_COUNT
  let etag: string | undefined
  let wantsWhole = false
  let isStopped = false
  let isUrgent = false
  // An answer is wanted even when nothing is owed.
  let isAsking = false

  function schedule(ms: number, wantsNews = false): void {
    cancelTimer?.()
    cancelTimer =
      isStopped || halted
        ? undefined
        : clock.after(ms, () => {
            isAsking ||= wantsNews
            void send()
          })
  }

  function fail(retryAfter?: number, cause?: unknown): SessionCartError {
    error = new SessionCartError('network', 'The server did not answer as it should.', cause)
    schedule(backoff(++failures, random(), retryAfter), true)
    return error
  }

  function halt(phase: 'paused' | 'gone' | 'stopped', code: SessionCartErrorCode, message: string): SessionCartError {
    halted = phase
    error = new SessionCartError(code, message)
    cancelTimer?.()
    return error
  }

  // The server misses a number in front of what it was sent. What it has is not sent again and stays in the view until an
  // answer covers it. A lost number of our own is burned at once; another page may still be about to send its own, so it
  // gets a minute, in which its later ones wait.
  function mend(acked: Acked): void {
    known = mergeAcked(known, acked)
    const first = new Map<string, number>()
    for (const mutation of sendable()) if (!first.has(mutation.writer)) first.set(mutation.writer, mutation.n)
    for (const [author, n] of first) {
      if (!Object.hasOwn(acked, author) || n <= ackedOf(known, author) + 1) continue
      if (author === writer || missingSince.has(author)) {
        missingSince.delete(author)
        host.burnMissing(author, n - 1)
      } else missingSince.set(author, clock.now())
    }
  }

  function patience(author: string): number {
    return (missingSince.get(author) ?? -Infinity) + MISSING_PATIENCE_MS - clock.now()
  }

  function sendable(): readonly Mutation[] {
    return host.read().pending.filter(mutation => patience(mutation.writer) <= 0 && !isAcked(known, mutation))
  }

  // The server refuses a part of the batch whatever else it holds: halve until it stands alone, then give it up.
  function isolate(batch: readonly Mutation[], code: 'too-large' | 'malformed'): SessionCartError | undefined {
    if (batch.length > 1) maxCount = Math.ceil(batch.length / 2)
    else {
      maxCount = BATCH_COUNT
      const [refused] = batch
      if (!refused || refused.name === 'burn') return fail()
      host.burn(refused, code)
    }
    schedule(0)
    return
  }

  function succeed(batch: readonly Mutation[], wasCut: boolean): void {
    for (const { writer: author } of batch) missingSince.delete(author)
    failures = gaps = 0
    error = undefined
    maxCount = BATCH_COUNT
    const { base } = host.read()
    const isOwing = sendable().length > 0
    guesses = base.estimated && host.isVisible() ? guesses + 1 : 0
    if (isOwing && wasCut) schedule(0)
    else if (!isOwing && guesses) schedule(backoff(guesses, random()), true)
  }

  function conclude(
    verdict: Verdict,
    batch: readonly Mutation[],
    wasCut: boolean,
    given: string | undefined,
  ): SessionCartError | undefined {
    switch (verdict.kind) {
      case 'unchanged':
        if (batch.length) return fail()
        succeed(batch, wasCut)
        return
      case 'answer': {
        const taken = host.accept(verdict.answer)
        // A server that says it twice, or takes nothing of what it was sent, is asked again no sooner than one that fails.
        const isStuck = taken === 'diverged' ? wantsWhole : batch[0] && !isAcked(host.read().base.acked, batch[0])
        if (taken === 'stale' || isStuck) return fail()
        wantsWhole = taken === 'diverged'
        if (!wantsWhole) etag = given ?? etag
        succeed(batch, wasCut)
        if (wantsWhole) schedule(0, true)
        return
      }
      case 'gap':
        mend(verdict.acked)
        if (++gaps > 3) return fail()
        schedule(0, true)
        return
      case 'session-gone':
        if (host.read().base.version === 0 && !batch.length) {
          succeed(batch, false)
          return
        }
        host.gone()
        return halt('gone', 'session-gone', 'The server does not know this session any more: call startSession().')
      case 'unauthorized':
      case 'forbidden':
        return halt(
          'paused',
          verdict.kind,
          'The server asks for a sign-in: nothing is lost, sending goes on after the next wake-up.',
        )
      case 'too-large':
      case 'malformed':
        return isolate(batch, verdict.kind)
      case 'unsupported-version':
        return halt('stopped', verdict.kind, 'The server does not speak this version of the protocol: reload the page.')
      case 'precondition':
        return fail()
      case 'failure':
        if (verdict.tooLarge && batch.length > 1) maxCount = Math.ceil(batch.length / 2)
        return fail(verdict.retryAfter)
    }
  }

  async function exchange(keepalive: boolean): Promise<SessionCartError | undefined> {
    const { base, pending } = host.read()
    const limit = { count: maxCount, bytes: keepalive ? KEEPALIVE_BYTES : BATCH_BYTES }
    const owed = sendable()
    const batch = takeBatch(owed, limit)
    // Nobody but this device can know a session that it named itself and never sent.
    if (!pending.length && base.version === 0 && !isNamed) return
    // Another tab was faster.
    if (isStopped || base.gone || (!batch.length && !isAsking)) return
    isAsking = false
    askedAt = clock.now()
    const asked = ask(transport, clock, timeout, {
      method: batch.length ? 'POST' : 'GET',
      integrationId,
      body: batch.length ? bodyOf(base, batch, wantsWhole) : undefined,
      etag: wantsWhole ? undefined : etag,
      keepalive,
    })
    cancelRequest = asked.cancel
    let response: TransportResponse
    try {
      response = await asked.response
    } catch (cause) {
      if (isStopped) return
      reached = false
      return fail(0, cause)
    }
    if (isStopped) return
    reached = true
    try {
      const verdict = readResponse(response, integrationId)
      if (verdict.kind === 'answer' || verdict.kind === 'unchanged') syncedAt = clock.now()
      return conclude(verdict, batch, owed.length > batch.length, response.etag)
    } catch (cause) {
      return fail(0, cause)
    }
  }

  function send(keepalive = false): Promise<SessionCartError | undefined> {
    cancelTimer?.()
    cancelTimer = undefined
    if (inFlight) return inFlight
    changedAt = undefined
    // A page that is being left does not wait for anybody.
    const asked = keepalive ? exchange(true) : host.exclusively(() => exchange(false))
    inFlight = asked.finally(() => {
      inFlight = undefined
      if (isStopped) return
      // What was given while the request was on its way.
      if (!cancelTimer && isQuiet()) {
        if (sendable().length) schedule(isUrgent ? 0 : CHANGE_WAIT_MS)
        else if (missingSince.size) schedule(Math.max(...[...missingSince.keys()].map(patience)))
      }
      isUrgent = false
      host.changed()
    })
    host.changed()
    return inFlight
  }

  function isQuiet(): boolean {
    return !inFlight && !failures && !halted
  }

  return {
    state() {
      const { base, pending } = host.read()
      const phase = pending.length ? 'waiting' : 'idle'
      return { phase: base.gone ? 'gone' : (halted ?? (inFlight ? 'syncing' : phase)), error, syncedAt, reached }
    },
    push(urgent) {
      changedAt ??= clock.now()
      const latest = changedAt + LONGEST_CHANGE_WAIT_MS - clock.now()
      // A request on its way looks for more when it is back; a failing server is not asked more often for more clicks.
      if (inFlight) isUrgent ||= urgent
      else if (isQuiet()) schedule(urgent ? 0 : Math.max(0, Math.min(CHANGE_WAIT_MS, latest)))
    },
    watch() {
      if (isQuiet() && !cancelTimer) schedule(WATCH_MS + random() * WATCH_MS)
    },
    wake() {
      if (halted === 'gone' || halted === 'stopped') return
      halted = undefined
      failures = 0
      if (inFlight) return
      const isDue = sendable().length > 0 || host.read().base.estimated
      schedule(isDue ? 0 : Math.max(0, askedAt + GET_INTERVAL_MS - clock.now()), true)
    },
    hide() {
      if (isQuiet() && sendable().length) void send(true)
    },
    async attempt() {
      await inFlight
      if (isStopped || halted === 'gone' || halted === 'stopped') return error
      halted = undefined
      isAsking = true
      return send()
    },
    stop() {
      isStopped = true
      cancelTimer?.()
      cancelRequest?.()
    },
  }
}
