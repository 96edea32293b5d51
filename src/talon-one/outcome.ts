import { ZERO, add, decimal, toNumber } from '../session/decimal.ts'
import type { Json } from '../session/json.ts'
import type { CustomerSession } from '../session/session.ts'
import type { UpstreamResult } from '../session/upstream.ts'
import type { Evaluation } from './answer.ts'
import { weigh } from './effects.ts'
import { TalonOneError } from './error.ts'
import { toV1 } from './mapping.ts'
import type { Memory } from './memory.ts'
import type { Settings } from './options.ts'
import { tellOnce, type Trip } from './trip.ts'

// Talon.One adds up doubles; what that alone can make of a sum is no difference.
const TOLERANCE = 1e-12

/** What an answer says of a session, and what of it the operator has to know. */
export async function resultOf(
  settings: Settings,
  session: CustomerSession,
  { effects, customerSession = {} }: Evaluation,
): Promise<{ result: UpstreamResult; faults: readonly string[] }> {
  const { result, faults } = await weigh(settings, session, effects)
  const { firstSession, applicationId } = toV1(customerSession)
  return { result: { ...result, firstSession, applicationId }, faults }
}

const toJson = (memory: Memory): Json => ({ ...memory })

// As long as a call can still arrive, what was found may change once more.
function settled(trip: Trip): Pick<UpstreamResult, 'memory' | 'again'> {
  const { doubt, isEarly, settings, memory } = trip
  if (doubt === undefined || !isEarly) return { memory: toJson({ ...memory, unsettled: undefined }) }
  return { memory: toJson(memory), again: doubt + settings.lateness }
}

/** The result that an answer gives. */
export async function finish(trip: Trip, evaluation: Evaluation): Promise<UpstreamResult> {
  const { result, faults } = await resultOf(trip.settings, trip.session, evaluation)
  if (faults.length > 0) {
    const listed = [...new Set(faults)].slice(0, 5).join(', ')
    tellOnce(trip, new TalonOneError('unreadable', `${faults.length} effects are passed over: ${listed}.`))
  }
  return { ...result, ...settled(trip) }
}

/** The result where nothing is done. */
export function finishWithout(trip: Trip, discounts: UpstreamResult['discounts'] = {}): UpstreamResult {
  return { discounts, ...settled(trip) }
}

/** The result where nothing is known. */
export function wait(trip: Trip): UpstreamResult {
  const { doubt, settings, context, memory } = trip
  const again = doubt === undefined ? undefined : Math.max(context.now(), doubt + settings.lateness)
  return { estimated: true, memory: toJson(memory), again }
}

/** Tells the operator when Talon.One adds up the items to something else. */
export function checkTotal(trip: Trip, { customerSession }: Evaluation): void {
  const { cartItems } = trip.session
  const theirs = customerSession?.cartItemTotal
  if (typeof theirs !== 'number' || cartItems.some(({ price }) => price === undefined)) return
  const sum = cartItems.reduce((sum, { price = 0, quantity }) => add(sum, decimal(price), quantity), ZERO)
  const ours = toNumber(sum)
  if (Math.abs(theirs - ours) <= TOLERANCE * Math.abs(ours)) return
  tellOnce(trip, new TalonOneError('total-differs', `Talon.One adds the items up to ${theirs}, they come to ${ours}.`))
}
