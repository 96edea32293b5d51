/** Tells the page of an error in an app's own listener: it is the app's to hear of, and stops nobody else. */
export function report(error: unknown): void {
  if (typeof reportError === 'function') reportError(error)
  else
    queueMicrotask(() => {
      throw error
    })
}
