import type { UpstreamContext } from '../session/upstream.ts'
import { readComplaint, readEvaluation, type Evaluation } from './answer.ts'
import { TalonOneError } from './error.ts'
import type { Access, Settings } from './options.ts'

/** A call to make. */
export interface Operation {
  readonly method: 'GET' | 'PUT' | 'POST'
  /** The session's address below the base URL, and what is to be done with it. */
  readonly path: string
  readonly body?: string | undefined
  /** The `Idempotency-Key` for an attempt, from 0. */
  readonly key?: ((attempt: number) => Promise<string>) | undefined
}

/** What Talon.One answered, where that settles the call. */
export type Reply =
  | { readonly kind: 'done'; readonly evaluation: Evaluation }
  | { readonly kind: 'refused'; readonly error: TalonOneError }

/** Thrown where a call was not made, or had surely no effect. */
export class Unsent extends Error {
  /** Whether it was made, and turned away. */
  readonly isTurnedAway: boolean
  constructor(isTurnedAway = false) {
    super('Nothing was sent to Talon.One.')
    this.isTurnedAway = isTurnedAway
  }
}

/**
 * Thrown where Talon.One itself says that something is broken: nobody knows what the call did, and the same key may bring
 * nothing but that answer again, for a day.
 */
export class Broken extends TalonOneError {}

/** Makes the calls for one change, within one time limit. */
export type Caller = (operation: Operation) => Promise<Reply>

const FIRST_PAUSE_MS = 50

// What the same call would be answered again. Any other status can be that of something on the way.
// Source: https://docs.talon.one/docs/dev/getting-started/errors
const FINAL: ReadonlySet<number> = new Set([400, 404, 405, 413, 422])

const MAX_MESSAGE_LENGTH = 1000

interface Limit {
  readonly signal: AbortSignal
  /** Rejects when the time is over. */
  readonly over: Promise<never>
  readonly end: number
}

function limitOf({ timeout }: Settings, context: UpstreamContext): Limit {
  const controller = new AbortController()
  const { signal } = controller
  const over = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => {
      reject(signal.reason as Error)
    })
  })
  // Whoever still waits hears of it.
  over.catch(() => {})
  const abort = (): void => {
    controller.abort(context.signal.reason)
  }
  if (context.signal.aborted) abort()
  else context.signal.addEventListener('abort', abort, { once: true })
  void context.pause(timeout).then(() => {
    context.signal.removeEventListener('abort', abort)
    controller.abort(new TalonOneError('unavailable', `Talon.One did not answer within ${timeout} ms.`))
  })
  return { signal, over, end: context.now() + timeout }
}

function messageOf(error: unknown): string {
  const { message, cause } = error as Error & { cause?: { code?: unknown } }
  return typeof cause?.code === 'string' ? `${message} (${cause.code})` : message
}

/** A caller for one change of one session. */
export function createCaller(settings: Settings, { key, breaker }: Access, context: UpstreamContext): Caller {
  let limit: Limit

  // Whatever a message is made of, the key goes into no log.
  const hidden = (text: string): string => text.replaceAll(key, '…')

  async function exchange(operation: Operation, attempt: number): Promise<{ status: number; text: string }> {
    const headers: Record<string, string> = { accept: 'application/json', authorization: `ApiKey-v1 ${key}` }
    if (operation.body !== undefined) headers['content-type'] = 'application/json'
    if (operation.key) headers['idempotency-key'] = await operation.key(attempt)
    const { method, path, body } = operation
    const init: RequestInit = { method, headers, redirect: 'manual', signal: limit.signal, body: body ?? null }
    const asked = settings.fetch(settings.baseUrl + path, init).then(async response => {
      return { status: response.status, text: await response.text() }
    })
    try {
      return await Promise.race([asked, limit.over])
    } catch (error) {
      if (limit.signal.aborted) throw limit.signal.reason
      throw new TalonOneError('unavailable', hidden(`Talon.One could not be reached: ${messageOf(error)}`))
    }
  }

  function complaintOf(status: number, text: string): TalonOneError | undefined {
    const complaint = readComplaint(text)
    // A 404 has no documented body.
    if (!complaint || (status !== 404 && !complaint.message && complaint.errors.length === 0)) return
    const errors = complaint.errors.map(({ title, details, pointer }) => ({
      title: title && hidden(title),
      details: details && hidden(details),
      pointer: pointer && hidden(pointer),
    }))
    const said = [complaint.message, ...errors.map(({ details, title }) => details ?? title ?? '')].filter(Boolean)
    const message = hidden(`Talon.One answered ${status}: ${said.join(' ') || 'no message'}`)
    return new TalonOneError('refused', message.slice(0, MAX_MESSAGE_LENGTH), { status, errors })
  }

  // What settles the call, or undefined when it is no answer of Talon.One's.
  function replyOf(status: number, text: string): Reply | undefined {
    if (status >= 200 && status < 300) {
      const evaluation = readEvaluation(text)
      return evaluation && { kind: 'done', evaluation }
    }
    const error = FINAL.has(status) ? complaintOf(status, text) : undefined
    return error && { kind: 'refused', error }
  }

  function tell(code: 'key-refused' | 'busy', status: number, message: string): void {
    context.report(new TalonOneError(code, message, { status }))
  }

  async function attempt(operation: Operation, count: number): Promise<Reply | 'busy'> {
    const permit = breaker.enter(context.now())
    if (!permit) throw new Unsent()
    const failed = (): void => {
      breaker.failed(permit, context.now(), context.chance())
    }
    let answer: { status: number; text: string }
    try {
      answer = await exchange(operation, count)
    } catch (error) {
      // Who waited for its turn had less than the whole time: that it was too short says nothing of Talon.One.
      if (error instanceof TalonOneError) failed()
      throw error
    }
    const { status, text } = answer
    if (status === 401 || status === 403 || status === 429) {
      failed()
      if (status !== 429 && breaker.isNews('key')) tell('key-refused', status, 'Talon.One refuses the API key.')
      if (status === 429 && breaker.isNews('rate')) tell('busy', 429, 'Talon.One has too many requests.')
      throw new Unsent(operation.key !== undefined)
    }
    const reply = status === 409 ? 'busy' : replyOf(status, text)
    if (!reply) {
      failed()
      const code = status < 300 ? 'unreadable' : 'unavailable'
      const isItsOwn = status >= 500 && operation.key !== undefined && readComplaint(text) !== undefined
      const Fault = isItsOwn ? Broken : TalonOneError
      throw new Fault(code, `Talon.One answered ${status} with what is no answer to go by.`, { status })
    }
    breaker.succeeded()
    return reply
  }

  return async operation => {
    limit ??= limitOf(settings, context)
    for (let count = 0; ; count++) {
      if (limit.signal.aborted) throw limit.signal.reason
      if (context.now() >= limit.end) throw new Unsent()
      const reply = await attempt(operation, count)
      if (reply !== 'busy') return reply
      // At least half of the bound: a pause that can be next to nothing would not be one.
      const pause = FIRST_PAUSE_MS * 2 ** count * (0.5 + context.chance() / 2)
      if (context.now() + pause >= limit.end) {
        tell('busy', 409, 'Talon.One has too many requests for this session or its profile.')
        throw new Unsent(operation.key !== undefined)
      }
      await Promise.race([context.pause(pause), limit.over])
    }
  }
}
