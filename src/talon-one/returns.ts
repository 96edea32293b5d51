import type { Attributes } from '../session/json.ts'
import type { CartItem, CustomerSession } from '../session/session.ts'
import { TalonOneError } from './error.ts'
import { toV1 } from './mapping.ts'

/** Units of a line that come back. */
export interface ReturnedItem {
  /** The index of the line in the session. */
  readonly position: number
  readonly quantity: number
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

function returnedOf({ returnedQuantity, remainingQuantity, quantity }: CartItem): number | undefined {
  if (isCount(returnedQuantity)) return returnedQuantity
  return isCount(remainingQuantity) && isCount(quantity) ? quantity - remainingQuantity : undefined
}

/**
 * What has still to be returned upstream: what is stored, less what upstream says that it has.
 *
 * @param received The session as upstream has just told it.
 * @throws TalonOneError with code `unreadable` when it does not tell what came back: a guess could return it twice.
 */
export function missingReturns(session: CustomerSession, received: Attributes): ReturnedItem[] {
  const { cartItems, state } = toV1(received)
  const known = new Map(
    cartItems?.map((item, index) => [isCount(item.position) ? item.position : index, returnedOf(item)]),
  )
  const isTold = state !== 'partially_returned' || [...known.values()].some(count => count !== undefined)
  if (!cartItems || !isTold) throw new TalonOneError('unreadable', 'Talon.One does not tell what has been returned.')
  return session.cartItems.flatMap(({ returnedQuantity = 0 }, position) => {
    const quantity = returnedQuantity - (known.get(position) ?? 0)
    return quantity > 0 ? [{ position, quantity }] : []
  })
}
