import { parse, safeParse } from 'valibot'
import { emptySession, type CartItem, type CustomerSession } from '../../src/session/session.ts'
import type { UpstreamContext, UpstreamResult } from '../../src/session/upstream.ts'
import { talonOne, type TalonOneOptions, type TalonOneUpstream } from '../../src/talon-one/index.ts'
import { bodies, sentHeaders } from './talon-one-schemas.ts'

/** A call that was made, checked against the field tables. */
export interface Call {
  /** Such as `PUT open`, `PUT /reopen`, `POST /returns`, `GET`. */
  readonly deed: string
  readonly url: string
  readonly headers: Record<string, string>
  readonly body: any
}

/** What is answered: a status with a body, a text, an error of the network, or nothing until the time is over. */
export type Answer =
  | { readonly status?: number; readonly body?: unknown; readonly text?: string }
  | Error
  | 'nothing'
  | ((call: Call) => Answer)

/** A bridge on a deployment that answers by a script. */
export interface Script {
  readonly upstream: TalonOneUpstream
  readonly calls: Call[]
  /** What was done since the last look, such as `['GET', 'PUT closed']`. */
  deeds(): string[]
  readonly pauses: number[]
  readonly reports: any[]
  /** Answers the next calls, in order. */
  answer(...answers: Answer[]): void
  /** Calls the bridge as a server does: with what it kept from the call before. */
  ask(session: CustomerSession, context?: Partial<UpstreamContext>): Promise<UpstreamResult>
  context(context?: Partial<UpstreamContext>): UpstreamContext
  now: number
  memory: UpstreamResult['memory']
}

/** The moment at which scripts begin. */
export const START: number = Date.parse('2026-11-23T10:00:00Z')

/** A session with what a test needs of it. */
export function sessionOf(fields: Partial<CustomerSession> = {}): CustomerSession {
  const cartItems: readonly CartItem[] = [
    { sku: 'MUG-01', name: 'Mug', quantity: 2, price: 40 },
    { sku: 'TEA-09', quantity: 1, price: 15.5 },
  ]
  return { ...emptySession('cart-7f3a'), cartItems, ...fields }
}

/** An answer that has no effects and no session. */
export const empty: Answer = { body: { effects: [], createdCoupons: [], createdReferrals: [] } }

/** An answer to a GET: the session stands so. */
export function standing(state: string, fields: object = {}, effects: unknown = []): Answer {
  return { body: { customerSession: { state, ...fields }, effects } }
}

/** The refusal of an illegal move. */
export function cannotMove(to: string, from: string): Answer {
  return { status: 400, body: { message: `Cannot move session to state "${to}" from state "${from}"` } }
}

function deedOf(method: string, url: string, body: any): string {
  const [, , rest = ''] = /customer_sessions\/([^/?]*)(.*)$/.exec(url)!
  const schemas = bodies[`${method} ${rest}`]
  if (!schemas) throw new Error(`no operation: ${method} ${rest}`)
  if (schemas.length === 0 ? body !== undefined : !schemas.some(schema => safeParse(schema, body).success)) {
    parse(schemas[0]!, body)
    throw new Error(`${method} ${rest} has no body`)
  }
  return `${method} ${rest || body?.customerSession.state || ''}`.trim()
}

/** Makes a bridge whose calls are answered by a script. */
export function createScript(options: Partial<TalonOneOptions> = {}): Script {
  const answers: Answer[] = []
  let seen = 0
  let expire = (): void => {}

  // A call that ought not to be made looks to the bridge like a network that is down; the test has to hear of it.
  let fault: unknown

  function check(url: string, init: RequestInit): Call {
    const headers = init.headers as Record<string, string>
    parse(sentHeaders, headers)
    const body = init.body == null ? undefined : JSON.parse(init.body as string)
    const call: Call = { deed: deedOf(init.method!, url, body), url, headers, body }
    const isChange = call.deed !== 'GET' && !call.deed.includes('dry')
    if (isChange !== 'idempotency-key' in headers) throw new Error(`${call.deed}: the key is not where it belongs`)
    if (answers.length === 0) throw new Error(`a call too many: ${call.deed}`)
    return call
  }

  async function fetch(url: string, init: RequestInit): Promise<Response> {
    let call: Call
    try {
      call = check(url, init)
    } catch (error) {
      fault ??= error
      throw error
    }
    script.calls.push(call)
    let answer = answers.shift()!
    while (typeof answer === 'function') answer = answer(call)
    if (answer instanceof Error) throw answer
    if (answer === 'nothing') {
      script.now += timeout
      expire()
      return new Promise(() => {})
    }
    const { status = 200, text = JSON.stringify(answer.body ?? {}) } = answer
    return new Response(text, { status })
  }

  const upstream = talonOne({ baseUrl: 'https://shop.test', apiKey: 'c0ffee', fetch, ...options })
  const timeout = options.timeout ?? 1500
  const script: Script = {
    upstream,
    calls: [],
    deeds: () => script.calls.slice(seen, (seen = script.calls.length)).map(({ deed }) => deed),
    pauses: [],
    reports: [],
    now: START,
    memory: undefined,
    answer: (...more) => void answers.push(...more),
    context: context => ({
      introduced: [],
      currency: 'EUR',
      epoch: 'e1',
      signal: new AbortController().signal,
      memory: script.memory,
      interrupted: undefined,
      request: undefined,
      now: () => script.now,
      async pause(ms) {
        if (ms === timeout) return new Promise<void>(resolve => (expire = resolve))
        script.pauses.push(ms)
        script.now += ms
      },
      chance: () => 0.5,
      report: error => void script.reports.push(error),
      ...context,
    }),
    async ask(session, context) {
      const outcome = await Promise.allSettled([upstream(session, script.context(context))])
      if (fault) throw fault
      if (outcome[0].status === 'rejected') throw outcome[0].reason
      const result = outcome[0].value
      // Through JSON, as it is stored.
      script.memory = result.memory === undefined ? undefined : JSON.parse(JSON.stringify(result.memory))
      if (answers.length > 0) throw new Error(`${answers.length} answers are left`)
      return result
    },
  }
  return script
}
