/** What the page tells about coming and going. */
export interface PageEvents {
  /** The network or the shopper may be back. */
  wake(): void
  /** The page is hidden and may never be seen again. */
  hide(): void
  /** The page is put aside and may come back as it is. */
  freeze(): void
  /** The browser says whether there is a network. It is told, never relied on. */
  online(online: boolean): void
}

/** Listens to the page; returns what stops it. */
export function listenToPage({ wake, hide, freeze, online }: PageEvents): () => void {
  const listening = new AbortController()
  const on = (target: EventTarget, type: string, listener: (event: Event) => void): void =>
    target.addEventListener(type, listener, { signal: listening.signal })
  on(window, 'online', () => {
    online(true)
    wake()
  })
  on(window, 'offline', () => online(false))
  on(window, 'pageshow', wake)
  on(window, 'pagehide', event => {
    if ((event as PageTransitionEvent).persisted) freeze()
  })
  // Chromium alone tells when a page goes on that was frozen where it stood.
  on(document, 'resume', wake)
  // `hidden` is the last moment that can be counted on: requests begun in `pagehide` are often lost in Firefox.
  on(document, 'visibilitychange', () => (document.visibilityState === 'hidden' ? hide() : wake()))
  return () => listening.abort()
}
