/**
 * Every code a {@link SessionCartError}, a rejection or `$status.error` can carry. The README says what to do about each.
 *
 * Thrown by commands and options: `invalid-option`, `invalid-argument`, `invalid-item`, `invalid-quantity`,
 * `invalid-attributes`, `currency-mismatch`, `limit-exceeded`, `line-not-found`, `illegal-transition`,
 * `session-closed`, `session-gone`, `not-synced`, `disposed`, `forgotten`.
 *
 * Reported by rejected mutations: those above, and `coupon-rejected`, `referral-rejected`, `adopt-rejected`, `forbidden`,
 * `burned`, `malformed`, `too-large`.
 *
 * Shown in `$status.error`: `network`, `unauthorized`, `forbidden`, `unsupported-version`, `storage-failed`,
 * `session-gone`.
 */
export type SessionCartErrorCode = (typeof ERROR_CODES)[number]

/** The codes of {@link SessionCartErrorCode} as data, in the order of the README's table. */
export const ERROR_CODES = [
  'invalid-option',
  'invalid-argument',
  'invalid-item',
  'invalid-quantity',
  'invalid-attributes',
  'currency-mismatch',
  'limit-exceeded',
  'line-not-found',
  'illegal-transition',
  'session-closed',
  'session-gone',
  'not-synced',
  'disposed',
  'forgotten',
  'coupon-rejected',
  'referral-rejected',
  'adopt-rejected',
  'forbidden',
  'burned',
  'malformed',
  'too-large',
  'network',
  'unauthorized',
  'unsupported-version',
  'storage-failed',
] as const

/**
 * The one error class of the package. Switch on `code`, never on `message`.
 *
 * @example
 * try {
 *   cart.addItem({ sku: '' })
 * } catch (error) {
 *   if (isSessionCartError(error, 'invalid-item')) showForm(error.message)
 *   else throw error
 * }
 */
export class SessionCartError extends Error {
  override readonly name = 'SessionCartError'
  /** What went wrong, as a stable string. */
  readonly code: SessionCartErrorCode

  /**
   * @param code What went wrong.
   * @param message The value at fault and the way out.
   * @param cause The error underneath, if there was one.
   */
  constructor(code: SessionCartErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
  }
}

/**
 * Tells whether `error` is a {@link SessionCartError}, also one of another copy of the package or of another frame,
 * where `instanceof` fails.
 *
 * @param error Anything that was caught.
 * @param code When given, the error must carry this code.
 */
export function isSessionCartError(error: unknown, code?: SessionCartErrorCode): error is SessionCartError {
  const candidate = error as SessionCartError | null | undefined
  return candidate?.name === 'SessionCartError' && (code === undefined || candidate.code === code)
}

/**
 * A value as a message can quote it: never a megabyte of it.
 *
 * @internal
 */
export function quote(value: unknown): string {
  if (typeof value === 'object' && value !== null) return 'an object'
  return (typeof value === 'string' ? JSON.stringify(value) : String(value)).slice(0, 80)
}
