/** What the page tells about coming and going. */
export interface PageEvents {
  /** The network or the shopper may be back. */
  wake(): void
  /** The page is hidden and may never be seen again. */
  hide(): void
  /** The browser says whether there is a network. It is told, never relied on. */
  online(online: boolean): void
}

/** Listens to the page; returns what stops it. */
export function listenToPage({ wake, hide, online }: PageEvents): () => void {
  const listening = new AbortController()
  const on = (target: EventTarget, type: string, listener: () => void): void =>
    target.addEventListener(type, listener, { signal: listening.signal })
  on(window, 'online', () => {
    online(true)
    wake()
  })
  on(window, 'offline', () => online(false))
  on(window, 'pageshow', wake)
  // `hidden` is the last moment that can be counted on: requests begun in `pagehide` are often lost in Firefox.
  on(document, 'visibilitychange', () => (document.visibilityState === 'hidden' ? hide() : wake()))
  return () => listening.abort()
}
