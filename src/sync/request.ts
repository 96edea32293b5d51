import type { Clock } from './clock.ts'
import type { Transport, TransportRequest, TransportResponse } from './transport.ts'

/** A request on its way. */
export interface Asked {
  /** Rejects when there was no answer: the network, the timeout, or `cancel`. */
  readonly response: Promise<TransportResponse>
  cancel(): void
}

/**
 * Sends a request with a time limit. A transport that ignores the signal does not hold anybody up.
 *
 * @param timeout Milliseconds.
 */
export function ask(
  transport: Transport,
  clock: Clock,
  timeout: number,
  request: Omit<TransportRequest, 'signal'>,
): Asked {
  const aborter = new AbortController()
  const { signal } = aborter
  const cancelTimeout = clock.after(timeout, () => aborter.abort())
  const response = new Promise<TransportResponse>((resolve, reject) => {
    signal.addEventListener('abort', () => {
      cancelTimeout()
      reject(signal.reason as Error)
    })
    // A transport that throws at once is one that rejects.
    new Promise<TransportResponse>(answer => answer(transport({ ...request, signal })))
      .then(resolve, reject)
      .finally(cancelTimeout)
  })
  return { response, cancel: () => aborter.abort() }
}
