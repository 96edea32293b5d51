// Talon.One behind the server of a world, with all its faults.
import { createHash } from 'node:crypto'
import type { Command, Upstream } from '../../src/server/index.ts'
import type { CustomerSession } from '../../src/session/session.ts'
import { talonOne } from '../../src/talon-one/index.ts'
import { createTalonOne } from '../support/talon-one/index.mjs'
import type { Campaign } from '../support/talon-one/types.ts'
import type { Faults } from './faults.ts'
import type { Scheduler } from './scheduler.ts'

/** Talon.One, and the servers' ways to it. */
export interface SimulatedUpstream {
  /** One for each process of the server. */
  readonly copies: readonly Upstream[]
  /** What it holds of a session that differs from what is stored. */
  judge(id: string, stored: string | undefined): readonly unknown[]
}

const PROCESSES = 2

// The same hashes, but in the world's own time: the platform's come from another thread, whenever that has made them.
crypto.subtle.digest = (_, data) => {
  const { buffer, byteOffset, byteLength } = createHash('sha256')
    .update(new Uint8Array(data as ArrayBuffer))
    .digest()
  return Promise.resolve(buffer.slice(byteOffset, byteOffset + byteLength))
}

const LATENESS_MS = 20_000

const coupon = (code: string) => ({ code })
const CAMPAIGNS: readonly Campaign[] = [
  {
    id: 1,
    name: 'Good ones',
    coupons: [coupon('GOOD-1'), coupon('GOOD-2')],
    rules: [
      {
        name: 'One off',
        when: { code: 'coupon' as const },
        effects: [{ type: 'setDiscount', name: 'One off', value: 1 }],
      },
    ],
  },
  {
    id: 2,
    name: 'Two of a kind',
    rules: [
      {
        name: 'A tenth off each',
        when: { sku: 'A', units: 2 },
        effects: [{ type: 'setDiscountPerItem', name: 'Pair', percent: 10 }],
      },
    ],
  },
]

/** What the shop's own code does next to a session that stands as it does. */
export function backendCommands({ state, cartItems }: CustomerSession, chance: number): readonly Command[] {
  const pick = (chance * 1e3) % 1
  const left = cartItems.filter(({ quantity, returnedQuantity = 0 }) => quantity > returnedQuantity)
  const line = left[Math.floor(pick * left.length)]
  if (state === 'open' && chance < 0.9) return [{ name: 'closeSession', args: {} }]
  if (state === 'closed' && chance < 0.3) return [{ name: 'reopenSession', args: {} }]
  if (state === 'cancelled' || chance > 0.9 || !line) return [{ name: 'cancelSession', args: {} }]
  return [{ name: 'returnItems', args: { items: [{ line: line.sku, quantity: 1 }] } }]
}

export function createUpstream(scheduler: Scheduler, faults: Faults): SimulatedUpstream {
  const fake = createTalonOne({
    clock: scheduler,
    random: scheduler.random,
    faults,
    apiKeys: [{ key: 'k', applicationId: 7, currency: 'EUR' }],
    campaigns: CAMPAIGNS,
    attributes: { CustomerSession: { A: 'number', B: 'number', C: 'number' }, CartItem: {} },
    latency: () => 5 + scheduler.below(60),
    lateness: LATENESS_MS,
  })
  const copy = (): Upstream =>
    talonOne({
      baseUrl: 'https://talon.test',
      apiKey: 'k',
      lateness: LATENESS_MS,
      fetch(url, init) {
        const { signal } = init
        const aborted = new Promise<never>((_, reject) => {
          signal?.addEventListener('abort', () => {
            reject(new DOMException('Aborted.', 'AbortError'))
          })
        })
        aborted.catch(() => {})
        return Promise.race([fake.handle(new Request(url, { ...init, signal: null })), aborted])
      },
    })

  return {
    copies: Array.from({ length: PROCESSES }, copy),
    judge(id, text) {
      const held = fake.session(id)
      const stored = text === undefined ? undefined : (JSON.parse(text) as CustomerSession)
      if (!stored) return held ? [['nobody has stored', id, held]] : []
      const isBlank = stored.cartItems.length === 0 && !stored.coupon && !stored.referral
      if (!held) return isBlank || stored.state === 'cancelled' ? [] : [['upstream has not heard of', stored]]
      const { coupon: code, referral } = stored
      // What a session holds when it is cancelled Talon.One does not look at.
      if (stored.state === 'cancelled') return held.state === 'cancelled' ? [] : [[stored.state, held.state]]
      const expected = {
        state: stored.state,
        profileId: stored.profileId || `guest-${id}`,
        couponCodes: code ? [code] : [],
        referralCode: referral,
        attributes: stored.attributes,
        cartItems: stored.cartItems.map(({ sku, quantity, price, returnedQuantity = 0 }) => {
          return { sku, quantity, price, returnedQuantity }
        }),
      }
      const seen = {
        state: held.state,
        profileId: held.profileId,
        couponCodes: held.couponCodes,
        referralCode: held.referralCode,
        attributes: held.attributes,
        cartItems: held.cartItems.map((item: CustomerSession['cartItems'][number]) => {
          const { sku, quantity, price, returnedQuantity = 0 } = item
          return { sku, quantity, price, returnedQuantity }
        }),
      }
      const isRedeemed = /^(closed|partially_returned)$/.test(stored.state) && code.startsWith('GOOD')
      const redeemed = isRedeemed ? 1 : 0
      const counter = code ? (fake.coupon(code)?.usageCounter ?? 0) : 0
      return [
        ...(JSON.stringify(sorted(expected)) === JSON.stringify(sorted(seen)) ? [] : [[expected, seen]]),
        ...(counter === redeemed ? [] : [['redeemed', code, counter, redeemed]]),
      ]
    },
  }
}

function sorted(value: { readonly attributes: object }): object {
  const entries = Object.entries(value.attributes).sort(([one], [other]) => (one < other ? -1 : 1))
  return { ...value, attributes: Object.fromEntries(entries) }
}
