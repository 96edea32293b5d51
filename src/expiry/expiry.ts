import { SessionCartError, type CustomerSession, type SessionCart } from '../index.ts'

/** When a session counts as abandoned, and what happens then. */
export interface ExpiryOptions {
  /** Milliseconds since the last change. */
  readonly after: number
  /** Called with the session that was left, when the fresh one is there: to offer its lines once more, say. */
  readonly onExpired?: ((session: CustomerSession) => void) | undefined
  /** Replaces the page's clock; milliseconds since 1970. */
  readonly now?: (() => number) | undefined
}

/**
 * Begins a fresh session when the shopper comes back to one that has not changed for long: when the cart is loaded, and when
 * the page is seen again. Only an open session with something in it is left, and only when it owes the server nothing: what
 * waits to be sent is what the shopper still means to do. An ordered or cancelled one is not touched, nor one that the server
 * does not know any more.
 *
 * `updated` of the session is the time of its last change: the server's once it has confirmed it, the device's until then. A
 * clock that is wrong by less than `after` does no harm; a time that lies ahead is no age.
 *
 * @returns Stops it.
 * @throws SessionCartError with code `invalid-option` for an `after` that is no number above 0.
 *
 * @example
 * const stop = expireAbandoned(cart, {
 *   after: 30 * 24 * 3600 * 1000,
 *   onExpired: session => show(session.cartItems),
 * })
 */
export function expireAbandoned(cart: SessionCart, options: ExpiryOptions): () => void {
  const { after, onExpired, now = Date.now } = options
  if (!(after > 0)) {
    throw new SessionCartError('invalid-option', `after is ${String(after)}; it has to be milliseconds above 0.`)
  }
  const listening = new AbortController()
  let isLoaded = false

  function look(): void {
    if (!isLoaded || listening.signal.aborted) return
    const session = cart.$session.get()
    const { phase } = cart.$status.get()
    const isIdle = phase === 'idle' || phase === 'local'
    const isInUse = session.cartItems.length > 0 || session.coupon !== '' || session.referral !== ''
    if (!isIdle || !isInUse || session.state !== 'open' || !(now() - Date.parse(session.updated) > after)) return
    cart.startSession()
    onExpired?.(session)
  }

  if (typeof document !== 'undefined') {
    const { signal } = listening
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && look(), { signal })
    addEventListener('pageshow', look, { signal })
  }
  // What is owed, or under way, when the page is seen again may leave it a moment later.
  const stop = cart.$status.listen(look)
  void cart.ready.then(() => {
    isLoaded = true
    look()
  })
  return () => {
    listening.abort()
    stop()
  }
}
