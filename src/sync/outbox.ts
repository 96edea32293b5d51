import { SessionCartError, type SessionCartErrorCode } from '../errors.ts'
import { isAcked, type Base } from '../session/ledger.ts'
import type { Mutation } from '../session/mutations.ts'
import {
  ackedOf,
  mergeAcked,
  PROTOCOL_VERSION,
  type Acked,
  type SyncAnswer,
  type SyncRequest,
} from '../session/protocol.ts'
import { checkOf } from '../session/check.ts'
import { backoff } from './backoff.ts'
import { takeBatch } from './batch.ts'
import type { Clock } from './clock.ts'
import type { Transport, TransportResponse } from './transport.ts'
import { readResponse, type Verdict } from './verdict.ts'

/** What the outbox needs to know of its session, and whom it tells. */
export interface OutboxHost {
  /** The base and what it does not cover, in log order. */
  read(): { readonly base: Base; readonly pending: readonly Mutation[] }
  /** Takes an answer in. */
  accept(answer: SyncAnswer): 'accepted' | 'stale' | 'diverged'
  /** Puts a burn in place of a mutation the server refuses by itself, and reports the mutation. */
  burn(mutation: Mutation, code: SessionCartErrorCode): void
  /** Uses up a number whose mutation is lost. */
  burnMissing(writer: string, n: number): void
  /** The server does not know the session any more. */
  gone(): void
  /** Phase, error or time changed. */
  changed(): void
  /** Whether somebody looks at the page. */
  isVisible(): boolean
}

/** Where the outbox stands. */
export interface OutboxState {
  readonly phase: 'idle' | 'waiting' | 'syncing' | 'paused' | 'gone' | 'stopped'
  readonly error: SessionCartError | undefined
  /** Milliseconds since 1970 of the last answer. */
  readonly syncedAt: number | undefined
  /** Whether the last attempt got an answer; undefined before the first. */
  readonly reached: boolean | undefined
}

/** Sends one session's mutations: one request at a time, the oldest first, for as long as it takes. */
export interface Outbox {
  state(): OutboxState
  /** A mutation was given; an urgent one goes out at once. */
  push(urgent: boolean): void
  /** Something says a try may be worth it: the wait begins anew. */
  wake(): void
  /** Sends what fits a request that outlives the page. */
  hide(): void
  /** One attempt that begins after this call; resolves to its failure. */
  attempt(): Promise<SessionCartError | undefined>
  /** No timer and no answer has an effect after this. */
  stop(): void
}

/** The fixed parts of an outbox. */
export interface OutboxOptions {
  readonly integrationId: string
  /** This page load; only its own lost numbers are burned at once. */
  readonly writer: string
  /** The app gave the id itself, so the server may know the session before this device does. */
  readonly isNamed: boolean
  readonly transport: Transport
  readonly clock: Clock
  readonly random: () => number
  /** Milliseconds until a request counts as failed. */
  readonly timeout: number
  /** The server was known not to know the session when the page was last here. */
  readonly isGone: boolean
}

const CHANGE_WAIT_MS = 100
const LONGEST_CHANGE_WAIT_MS = 1000
const GET_INTERVAL_MS = 60_000
const MISSING_PATIENCE_MS = 60_000
const BATCH_COUNT = 100
const BATCH_BYTES = 65_536
const KEEPALIVE_BYTES = 32_768

/** Creates the outbox of a session. It does nothing until it is told to. */
export function createOutbox(host: OutboxHost, options: OutboxOptions): Outbox {
  const { integrationId, writer, isNamed, isGone, transport, clock, random, timeout } = options
  const missingSince = new Map<string, number>()
  const held = new Set<string>()
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

  function schedule(ms: number): void {
    cancelTimer?.()
    cancelTimer = isStopped || halted ? undefined : clock.after(ms, () => void send())
  }

  function fail(code: SessionCartErrorCode, message: string, retryAfter?: number, cause?: unknown): SessionCartError {
    error = new SessionCartError(code, message, cause)
    schedule(backoff(++failures, random(), retryAfter))
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
  // gets a minute.
  function mend(acked: Acked): void {
    known = mergeAcked(known, acked)
    const first = new Map<string, number>()
    for (const mutation of sendable()) if (!first.has(mutation.writer)) first.set(mutation.writer, mutation.n)
    for (const [author, n] of first) {
      if (!Object.hasOwn(acked, author) || n <= ackedOf(known, author) + 1) continue
      const since = missingSince.get(author) ?? clock.now()
      const left = author === writer ? 0 : since + MISSING_PATIENCE_MS - clock.now()
      if (left <= 0) {
        missingSince.delete(author)
        host.burnMissing(author, n - 1)
        continue
      }
      missingSince.set(author, since)
      held.add(author)
      clock.after(left, () => {
        held.delete(author)
        schedule(0)
      })
    }
  }

  function sendable(): readonly Mutation[] {
    return host.read().pending.filter(mutation => !held.has(mutation.writer) && !isAcked(known, mutation))
  }

  // The server refuses a part of the batch whatever else it holds: halve until it stands alone, then give it up.
  function isolate(batch: readonly Mutation[], code: 'too-large' | 'malformed'): SessionCartError | undefined {
    if (batch.length > 1) maxCount = Math.ceil(batch.length / 2)
    else {
      maxCount = BATCH_COUNT
      const [refused] = batch
      if (!refused || refused.name === 'burn')
        return fail('network', `The server calls a request ${code} that holds nothing.`)
      host.burn(refused, code)
    }
    schedule(0)
    return
  }

  function succeed(wasCut: boolean): void {
    failures = gaps = 0
    error = undefined
    maxCount = BATCH_COUNT
    const { base } = host.read()
    const isOwing = sendable().length > 0
    guesses = base.estimated && host.isVisible() ? guesses + 1 : 0
    if (isOwing && wasCut) schedule(0)
    else if (!isOwing && guesses) schedule(backoff(guesses, random()))
  }

  function conclude(verdict: Verdict, batch: readonly Mutation[], wasCut: boolean): SessionCartError | undefined {
    switch (verdict.kind) {
      case 'unchanged':
        return void succeed(wasCut)
      case 'answer': {
        const taken = host.accept(verdict.answer)
        if (taken === 'stale') return fail('network', 'The server answered with an older or another session.')
        wantsWhole = taken === 'diverged'
        succeed(wasCut || wantsWhole)
        if (wantsWhole) schedule(0)
        return
      }
      case 'gap':
        mend(verdict.acked)
        if (++gaps > 3) return fail('network', 'The server keeps missing a mutation that it was given.')
        return void schedule(0)
      case 'session-gone':
        if (host.read().base.version === 0 && !batch.length) return void succeed(false)
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
        return fail('network', 'The server answered with a precondition that was never set.')
      case 'failure':
        if (verdict.tooLarge && batch.length > 1) maxCount = Math.ceil(batch.length / 2)
        return fail('network', 'The server did not answer as it should.', verdict.retryAfter)
    }
  }

  function request(base: Base, batch: readonly Mutation[], keepalive: boolean): Promise<TransportResponse> {
    const aborter = new AbortController()
    const body: SyncRequest = {
      v: PROTOCOL_VERSION,
      epoch: base.epoch,
      base: base.version,
      check: wantsWhole ? undefined : checkOf(base.session.cartItems),
      mutations: batch,
    }
    return new Promise((resolve, reject) => {
      const cancelTimeout = clock.after(timeout, () => cancelRequest?.())
      // A transport that ignores the signal must not hold the outbox up.
      cancelRequest = () => {
        cancelTimeout()
        aborter.abort()
        reject(new DOMException(`No answer within ${timeout} ms.`, 'TimeoutError'))
      }
      const { signal } = aborter
      const post = { method: 'POST', integrationId, body: JSON.stringify(body), keepalive, signal } as const
      const get = { method: 'GET', integrationId, etag: wantsWhole ? undefined : etag, keepalive, signal } as const
      transport(batch.length ? post : get)
        .then(resolve, reject)
        .finally(cancelTimeout)
    })
  }

  async function exchange(keepalive: boolean): Promise<SessionCartError | undefined> {
    const { base, pending } = host.read()
    const limit = { count: maxCount, bytes: keepalive ? KEEPALIVE_BYTES : BATCH_BYTES }
    const owed = sendable()
    const batch = takeBatch(owed, limit)
    // Nobody but this device can know a session that it named itself and never sent.
    if (!pending.length && base.version === 0 && !isNamed) return
    askedAt = clock.now()
    let response: TransportResponse
    try {
      response = await request(base, batch, keepalive)
    } catch (cause) {
      if (isStopped) return
      reached = false
      return fail('network', 'The server could not be reached.', 0, cause)
    }
    if (isStopped) return
    reached = true
    const verdict = readResponse(response, integrationId)
    if (verdict.kind === 'answer' || verdict.kind === 'unchanged') {
      syncedAt = clock.now()
      etag = response.etag ?? etag
    }
    return conclude(verdict, batch, owed.length > batch.length)
  }

  function send(keepalive = false): Promise<SessionCartError | undefined> {
    cancelTimer?.()
    cancelTimer = undefined
    changedAt = undefined
    inFlight ??= exchange(keepalive).finally(() => {
      inFlight = undefined
      if (isStopped) return
      // What was given while the request was on its way.
      if (!cancelTimer && isQuiet() && sendable().length) schedule(isUrgent ? 0 : CHANGE_WAIT_MS)
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
      const phase = halted ?? (inFlight ? 'syncing' : host.read().pending.length ? 'waiting' : 'idle')
      return { phase, error, syncedAt, reached }
    },
    push(urgent) {
      changedAt ??= clock.now()
      const latest = changedAt + LONGEST_CHANGE_WAIT_MS - clock.now()
      // A request on its way looks for more when it is back; a failing server is not asked more often for more clicks.
      if (inFlight) isUrgent ||= urgent
      else if (isQuiet()) schedule(urgent ? 0 : Math.max(0, Math.min(CHANGE_WAIT_MS, latest)))
    },
    wake() {
      if (halted === 'gone' || halted === 'stopped') return
      halted = undefined
      failures = 0
      if (inFlight) return
      const isDue = sendable().length > 0 || guesses > 0
      schedule(isDue ? 0 : Math.max(0, askedAt + GET_INTERVAL_MS - clock.now()))
    },
    hide() {
      if (isQuiet() && sendable().length) void send(true)
    },
    async attempt() {
      await inFlight
      if (halted === 'gone' || halted === 'stopped') return error
      halted = undefined
      return send()
    },
    stop() {
      isStopped = true
      cancelTimer?.()
      cancelRequest?.()
    },
  }
}
