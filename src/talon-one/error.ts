/**
 * What a {@link TalonOneError} is about:
 *
 * - `refused`: Talon.One does not take what was sent, and would not take it again (400 and its like). The session goes on
 *   without promotions until it changes.
 * - `moved-elsewhere`: the session was closed, cancelled or returned by somebody else.
 * - `session-lost`: Talon.One no longer knows a session that it knew, such as a closed one past its retention. It is not
 *   closed once more, which would redeem its codes again.
 * - `key-refused`: the API key is wrong, expired, or of another environment (401).
 * - `busy`: too many requests for one session or profile (409), or for the account (429).
 * - `unavailable`: no answer in time, or one that says that something is broken (5xx). Whether the call arrived is unknown.
 * - `unreadable`: an answer, or a part of it, is not what Talon.One documents.
 * - `total-differs`: Talon.One's sum of the items is not the exact one.
 * - `not-sent`: nothing was sent, since an option leaves something out: no key for the currency, no salt for identifiers.
 */
export type TalonOneErrorCode =
  | 'refused'
  | 'moved-elsewhere'
  | 'session-lost'
  | 'key-refused'
  | 'busy'
  | 'unavailable'
  | 'unreadable'
  | 'total-differs'
  | 'not-sent'

/** One entry of the `errors` in an answer of Talon.One. */
export interface TalonOneErrorDetail {
  readonly title?: string | undefined
  readonly details?: string | undefined
  /** Where in the request, such as `/attributes/Colour`. */
  readonly pointer?: string | undefined
}

/** What an answer adds to a {@link TalonOneError}. */
export interface TalonOneErrorOptions {
  readonly status?: number | undefined
  readonly errors?: readonly TalonOneErrorDetail[] | undefined
}

/**
 * What the operator has to know about Talon.One; the handler's `onError` gets it. Switch on `code`, never on `message`. The
 * API key is in no part of it.
 *
 * @example
 * const onError = error => {
 *   if (isTalonOneError(error, 'key-refused')) tell('Talon.One refuses the key.')
 * }
 */
export class TalonOneError extends Error {
  override readonly name = 'TalonOneError'
  /** What it is about, as a stable string. */
  readonly code: TalonOneErrorCode
  /** The HTTP status of the answer; undefined without one. */
  readonly status: number | undefined
  /** What Talon.One said in detail. */
  readonly errors: readonly TalonOneErrorDetail[]

  /**
   * @param code What it is about.
   * @param message For people to read.
   * @param options What the answer said.
   */
  constructor(code: TalonOneErrorCode, message: string, options: TalonOneErrorOptions = {}) {
    super(message)
    this.code = code
    this.status = options.status
    this.errors = options.errors ?? []
  }
}

/**
 * Tells whether `error` is a {@link TalonOneError}, also one of another copy of the package.
 *
 * @param error Anything that was caught.
 * @param code When given, the error must carry this code.
 */
export function isTalonOneError(error: unknown, code?: TalonOneErrorCode): error is TalonOneError {
  const candidate = error as TalonOneError | null | undefined
  return candidate?.name === 'TalonOneError' && (code === undefined || candidate.code === code)
}
