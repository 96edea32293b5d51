import { createFakeClock, type FakeClock } from './clock.ts'
import { createRandom } from './random.ts'
import { createTalonOne } from './talon-one/index.mjs'
import type { ApiKey, Campaign, TalonOne, TalonOneOptions } from './talon-one/types.ts'

/** An answer, read to its end. */
export interface Answer {
  readonly status: number
  readonly body: any
  readonly headers: Headers
}

/** What a request may say besides its body. */
export interface Manner {
  readonly query?: string
  readonly key?: string
  readonly headers?: Record<string, string>
  readonly signal?: AbortSignal
}

/** A Talon.One with a client, and a clock that stands still. */
export interface TalonOneWorld {
  readonly talonOne: TalonOne
  readonly clock: FakeClock
  send(method: string, path: string, body?: unknown, manner?: Manner): Promise<Answer>
  /** Updates a session; all content that is asked for is the session. */
  put(id: string, session: object, manner?: Manner): Promise<Answer>
  get(id: string): Promise<Answer>
  returns(id: string, items: readonly object[], manner?: Manner): Promise<Answer>
  reopen(id: string, manner?: Manner): Promise<Answer>
  /** What was done, without the time. */
  deeds(): string[]
}

export const KEYS: ApiKey[] = [
  { key: 'ab12', applicationId: 7, currency: 'EUR' },
  { key: 'cd34', applicationId: 8, currency: 'JPY' },
]

/** Campaigns in which a tenth is off for a code. */
export const tenthOff = (coupon: object = {}): Campaign[] => [
  {
    id: 1,
    name: 'Tenth',
    coupons: [{ code: 'TEN', ...coupon }],
    rules: [
      { name: 'Tenth', when: { code: 'coupon' }, effects: [{ type: 'setDiscount', name: 'Tenth', percent: 10 }] },
    ],
  },
]

async function read(response: Response): Promise<Answer> {
  const { status, headers } = response
  const text = await response.text()
  return { status, headers, body: headers.get('content-type') === 'application/json' ? JSON.parse(text) : text }
}

/** The effects of an answer, each as its type and props. */
export const effectsOf = ({ body }: Answer): unknown[] =>
  body.effects.map(({ effectType, props }: any) => [effectType, props])

/** Creates the two. */
export function createTalonOneWorld(options: Partial<TalonOneOptions> = {}): TalonOneWorld {
  const clock = createFakeClock()
  const talonOne = createTalonOne({
    clock,
    random: createRandom(1),
    apiKeys: KEYS,
    campaigns: [],
    attributes: { CustomerSession: { City: 'string', Age: 'number' }, CartItem: { Color: 'string' } },
    ...options,
  })
  const send: TalonOneWorld['send'] = async (method, path, body, { key = 'ab12', headers, signal } = {}) =>
    read(
      await talonOne.handle(
        new Request(`https://shop.talon.example${path}`, {
          method,
          headers: { authorization: `ApiKey-v1 ${key}`, 'content-type': 'application/json', ...headers },
          ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
          ...(signal && { signal }),
        }),
      ),
    )
  const pathOf = (id: string, action = '', { query = '' }: Manner = {}): string =>
    `/v2/customer_sessions/${encodeURIComponent(id)}${action}${query}`
  const responseContent = ['customerSession']
  return {
    talonOne,
    clock,
    send,
    put: (id, customerSession, manner) =>
      send('PUT', pathOf(id, '', manner), { customerSession, responseContent }, manner),
    get: id => send('GET', pathOf(id)),
    returns: (id, returnedCartItems, manner) =>
      send('POST', pathOf(id, '/returns', manner), { return: { returnedCartItems }, responseContent }, manner),
    reopen: (id, manner) => send('PUT', pathOf(id, '/reopen', manner), undefined, manner),
    deeds: () =>
      talonOne.journal.map(({ session, did, code, points, units }) =>
        [session, did, code, points, units?.map(({ position, quantity }) => `${quantity} of ${position}`)]
          .flat()
          .filter(one => one !== undefined)
          .join(' '),
      ),
  }
}
