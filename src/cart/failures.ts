import { SessionCartError } from '../errors.ts'

/** The database of the device is out of order. */
export function storageFailed(cause: unknown): SessionCartError {
  return new SessionCartError('storage-failed', 'The database of the device does not keep the cart.', cause)
}

/** The gate before the checkout stays shut. */
export function notSynced(why: string, cause?: unknown): SessionCartError {
  return new SessionCartError('not-synced', `The server has not confirmed the cart: ${why}`, cause)
}

/** The app let the cart go. */
export function disposed(): SessionCartError {
  return new SessionCartError('disposed', 'The cart was disposed: create another one.')
}

/** The shopper wants the device to know nothing. */
export function forgotten(): SessionCartError {
  return new SessionCartError('forgotten', 'The cart was forgotten on this device.')
}
