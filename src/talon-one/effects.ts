import { ZERO, add, decimal, toNumber, type Decimal } from '../session/decimal.ts'
import { copyJson, isText, type Attributes } from '../session/json.ts'
import type { CustomerSession } from '../session/session.ts'
import type { CodeRejection, UpstreamResult } from '../session/upstream.ts'
import { folded } from './mapping.ts'
import { noticesOf } from './notices.ts'
import type { Settings } from './options.ts'
import { propsOf, worded } from './props.ts'

/** What effects come to for a session. */
export interface Weighed {
  readonly result: Required<Pick<UpstreamResult, 'rejected' | 'notices' | 'discounts' | 'effects'>>
  /** What could not be read, for the operator. */
  readonly faults: readonly string[]
}

interface DiscountType {
  readonly sign: 1 | -1
  /** Where the position stands that a name ends in, as in `Mug deal#0`. */
  readonly position?: string
}

// Source: https://docs.talon.one/docs/dev/integration-api/api-effects
const DISCOUNTS: ReadonlyMap<unknown, DiscountType> = new Map<string, DiscountType>([
  ['setDiscount', { sign: 1 }],
  ['setDiscountPerItem', { sign: 1, position: 'position' }],
  ['setDiscountPerAdditionalCost', { sign: 1 }],
  ['setDiscountPerAdditionalCostPerItem', { sign: 1, position: 'position' }],
  ['rollbackDiscount', { sign: -1, position: 'cartItemPosition' }],
])

const KINDS = [
  { kind: 'coupon', accept: 'acceptCoupon', reject: 'rejectCoupon' },
  { kind: 'referral', accept: 'acceptReferral', reject: 'rejectReferral' },
] as const

const typeOf = ({ effectType }: Attributes): string => worded(effectType)?.slice(0, 80) ?? 'an effect'

function labelOf(props: Attributes, { position }: DiscountType): string | undefined {
  const { name } = props
  if (!isText(name)) return
  const index = position === undefined ? undefined : props[position]
  const suffix = `#${Number(index)}`
  return Number.isFinite(index) && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name
}

/** The sum of the discounts by label, exact; what was rolled back is taken off again. */
function discountsOf(effects: readonly Attributes[], faults: string[]): { [name: string]: number } {
  const sums = new Map<string, Decimal>()
  for (const effect of effects) {
    const type = DISCOUNTS.get(effect.effectType)
    if (!type) continue
    const props = propsOf(effect)
    const label = labelOf(props, type)
    if (label === undefined || !Number.isFinite(props.value)) {
      faults.push(`${typeOf(effect)} without a name or a value`)
    } else sums.set(label, add(sums.get(label) ?? ZERO, decimal(props.value as number), type.sign))
  }
  const amounts = [...sums].map(([label, sum]) => [label, toNumber(sum)] as const)
  for (const [label, amount] of amounts) {
    if (!Number.isFinite(amount)) faults.push(`a discount ${label} without limit`)
    else if (amount < 0 && !effects.some(({ effectType }) => effectType === 'rollbackDiscount')) {
      faults.push(`a discount ${label} below nought`)
    }
  }
  // What takes nothing off is no discount, and nothing that is called one makes a cart dearer.
  return Object.fromEntries(amounts.filter(([, amount]) => amount > 0 && Number.isFinite(amount)))
}

function rejectionsOf(effects: readonly Attributes[], session: CustomerSession): CodeRejection[] {
  return KINDS.flatMap(({ kind, accept, reject }) => {
    const code = folded(session[kind])
    const isAbout = (type: string) => (effect: Attributes) => {
      const { value } = propsOf(effect)
      return effect.effectType === type && typeof value === 'string' && folded(value) === code
    }
    const rejection = code === '' ? undefined : effects.find(isAbout(reject))
    // A code can be one of several campaigns; one that takes it is enough.
    if (!rejection || effects.some(isAbout(accept))) return []
    const { rejectionReason, details } = propsOf(rejection)
    return [{ kind, reason: worded(rejectionReason), message: worded(details) }]
  })
}

function positionOf({ position, cartItemPosition }: Attributes): number | undefined {
  const value = position ?? cartItemPosition
  return Number.isSafeInteger(value) ? (value as number) : undefined
}

// A page knows lines by their keys; positions are those of what was sent.
function withLine(effect: Attributes, { cartItems }: CustomerSession, { lineKey }: Settings): Attributes {
  const position = positionOf(propsOf(effect))
  const item = position === undefined ? undefined : cartItems[position]
  return item ? { ...effect, line: lineKey(item) } : effect
}

// An effect stands in a list in an answer; what passes here has to pass wherever that is checked.
const OUTER_DEPTH = 4

function copied(effect: Attributes, faults: string[]): Attributes[] {
  try {
    return [copyJson(effect, OUTER_DEPTH) as Attributes]
  } catch {
    faults.push(`${typeOf(effect)} that is no plain data`)
    return []
  }
}

/**
 * What effects come to for the session that they are about.
 *
 * @param effects All effects that hold, in the order they came.
 */
export async function weigh(
  settings: Settings,
  session: CustomerSession,
  effects: readonly Attributes[],
): Promise<Weighed> {
  const faults: string[] = []
  const readable = effects.flatMap(effect => copied(effect, faults))
  return {
    result: {
      rejected: rejectionsOf(readable, session),
      notices: await noticesOf(settings, readable, faults),
      discounts: discountsOf(readable, faults),
      effects: readable.map(effect => withLine(effect, session, settings)),
    },
    faults,
  }
}
