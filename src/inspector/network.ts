import type { Wire } from '../cart/insight.ts'
import { PROBLEM_TYPE } from '../session/protocol.ts'
import type { Transport, TransportRequest, TransportResponse } from '../sync/transport.ts'
import { errorText, fieldOf, jsonOf, listOf, mutationText, now } from './text.ts'

/**
 * What becomes of requests: they leave as ever; wait a while first; wait until this is over, or the cart gives them up; or
 * fail at once, as without a network.
 */
export type NetworkMode = 'open' | 'slow' | 'hold' | 'offline'

/** A request, and what came of it. */
export interface RequestRecord {
  readonly id: number
  /** ISO 8601. */
  readonly at: string
  readonly method: string
  readonly integrationId: string
  readonly mutations: readonly string[]
  /** Of the body, in UTF-8. */
  readonly bytes: number
  readonly keepalive: boolean
  readonly state: 'held' | 'sent' | 'answered' | 'failed'
  readonly status?: number | undefined
  /** Milliseconds since the cart asked, also those in which the inspector held it. */
  readonly duration?: number | undefined
  /** `whole`, `small`, `unchanged`, or the name of a problem of the protocol. */
  readonly answer?: string | undefined
  /** Codes, each with the mutation it is about. */
  readonly rejected?: readonly string[] | undefined
  readonly etag?: string | undefined
  readonly error?: string | undefined
}

/** Stands between a cart and its server. */
export interface Network {
  /** The last 200, the newest first. */
  requests(): readonly RequestRecord[]
  mode(): NetworkMode
  /** Milliseconds that `slow` waits. */
  delay(): number
  /** Lets go of what is held; whatever the new mode is begins with it. */
  set(mode: NetworkMode, delay?: number): void
  /** Lets go of what is held and steps aside. */
  stop(): void
}

const MOST = 200
const DELAY_MS = 2000

function mutationsOf(body: string | undefined): readonly string[] {
  return body === undefined ? [] : listOf(JSON.parse(body), 'mutations').map(mutationText)
}

function answerOf({ status, body }: TransportResponse): string | undefined {
  const session = fieldOf(body, 'session')
  if (status === 304) return 'unchanged'
  if (session) return fieldOf(session, 'cartItems') ? 'whole' : 'small'
  const type = fieldOf(body, 'type')
  return typeof type === 'string' && type.startsWith(PROBLEM_TYPE) ? type.slice(PROBLEM_TYPE.length) : undefined
}

function rejectedOf(body: unknown): readonly string[] {
  return listOf(body, 'rejected').map(rejection => {
    const [writer, n, code, reason] = ['writer', 'n', 'code', 'reason'].map(name => fieldOf(rejection, name))
    return [`${jsonOf(writer).replaceAll('"', '')}.${jsonOf(n)}`, code, reason].filter(Boolean).join(' ')
  })
}

/**
 * Puts itself into a wire; undefined when nothing goes through it.
 *
 * @param changed A request left, waited or came back.
 * @param offline What a request fails with while the network is off.
 */
export function tapNetwork(wire: Wire, changed: () => void, offline: () => string): Network | undefined {
  const { send: before } = wire
  if (!before) return
  const waiting = new Set<() => void>()
  let records: readonly RequestRecord[] = []
  let mode: NetworkMode = 'open'
  let delay = DELAY_MS
  let isStopped = false
  let count = 0

  function note(id: number, fields: Partial<RequestRecord>): void {
    records = records.map(record => (record.id === id ? { ...record, ...fields } : record))
    changed()
  }

  // Until somebody lets go, the time is over, or the cart does not wait any longer.
  function wait({ signal }: TransportRequest, ms?: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = ms === undefined ? undefined : setTimeout(go, ms)
      function end(): void {
        clearTimeout(timer)
        waiting.delete(go)
        signal.removeEventListener('abort', giveUp)
      }
      function go(): void {
        end()
        resolve()
      }
      function giveUp(): void {
        end()
        reject(signal.reason as Error)
      }
      waiting.add(go)
      signal.addEventListener('abort', giveUp)
      if (signal.aborted) giveUp()
    })
  }

  async function pass(id: number, request: TransportRequest): Promise<void> {
    if (mode === 'slow' || mode === 'hold') note(id, { state: 'held' })
    if (mode === 'slow') await wait(request, delay)
    while (mode === 'hold') await wait(request)
    if (mode === 'offline') throw new Error(offline())
    note(id, { state: 'sent' })
  }

  const send: Transport = async request => {
    if (isStopped) return before(request)
    const { method, integrationId, body, keepalive } = request
    const id = ++count
    const begun = performance.now()
    const duration = (): number => Math.round(performance.now() - begun)
    const mutations = mutationsOf(body)
    const bytes = new TextEncoder().encode(body).length
    const record: RequestRecord = { id, at: now(), method, integrationId, mutations, bytes, keepalive, state: 'sent' }
    records = [record, ...records].slice(0, MOST)
    changed()
    try {
      await pass(id, request)
      const response = await before(request)
      const { status, etag } = response
      const answer = answerOf(response)
      note(id, { state: 'answered', duration: duration(), status, answer, rejected: rejectedOf(response.body), etag })
      return response
    } catch (error) {
      note(id, { state: 'failed', duration: duration(), error: errorText(error) })
      throw error
    }
  }

  function letGo(): void {
    for (const go of waiting) go()
  }

  wire.send = send
  return {
    requests: () => records,
    mode: () => mode,
    delay: () => delay,
    set(next, ms = delay) {
      mode = next
      delay = ms
      letGo()
      changed()
    },
    stop() {
      isStopped = true
      mode = 'open'
      // Another tool may stand on this one; then it stays in the row and hands on.
      if (wire.send === send) wire.send = before
      letGo()
    },
  }
}
