/** One request of the sync protocol. */
export interface TransportRequest {
  readonly method: 'GET' | 'POST'
  /** The session it is about. */
  readonly integrationId: string
  /** JSON text of a POST. */
  readonly body?: string | undefined
  /** The ETag of the last answer, for a GET. */
  readonly etag?: string | undefined
  /** The page is about to be left. */
  readonly keepalive: boolean
  readonly signal: AbortSignal
}

/** What came back. */
export interface TransportResponse {
  readonly status: number
  readonly etag?: string | undefined
  /** Milliseconds the server asks to wait. */
  readonly retryAfter?: number | undefined
  /** Parsed JSON; undefined when there was none. */
  readonly body: unknown
}

/** Carries requests to the server; rejects when there was no answer. Replace it to sync over something else than fetch. */
export type Transport = (request: TransportRequest) => Promise<TransportResponse>

/** How {@link fetchTransport} asks. */
export interface FetchOptions {
  /** @defaultValue the global `fetch` */
  readonly fetch?: typeof fetch | undefined
  /** Asked before every request, so a fresh token goes out after a pause. */
  readonly headers?: (() => HeadersInit | Promise<HeadersInit>) | undefined
  /** @defaultValue `same-origin` */
  readonly credentials?: RequestCredentials | undefined
}

// Source: https://www.rfc-editor.org/rfc/rfc9110#name-retry-after (seconds or a date)
function retryAfterMs(value: string | null): number | undefined {
  if (!value) return
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now()
  return ms > 0 ? ms : undefined
}

/**
 * The transport over `fetch`.
 *
 * @param endpoint Where the sessions are; a slash at its end changes nothing.
 */
export function fetchTransport(endpoint: string, { fetch: send, headers, credentials }: FetchOptions): Transport {
  const root = endpoint.replace(/\/+$/, '')
  return async ({ method, integrationId, body, etag, keepalive, signal }) => {
    const all = new Headers(await headers?.())
    if (body !== undefined) all.set('Content-Type', 'application/json')
    if (etag) all.set('If-None-Match', etag)
    const url = `${root}/${encodeURIComponent(integrationId)}${method === 'POST' ? '/mutations' : ''}`
    const response = await (send ?? fetch)(url, {
      method,
      headers: all,
      body: body ?? null,
      keepalive,
      signal,
      credentials: credentials ?? 'same-origin',
      // The protocol has its own ETag; the browser's cache in between could answer a 304 with an old body.
      cache: 'no-store',
    })
    const text = await response.text()
    let parsed: unknown
    try {
      parsed = JSON.parse(text)
    } catch {
      // A page of a proxy, or half a body: the status alone has to do.
    }
    return {
      status: response.status,
      etag: response.headers.get('ETag') ?? undefined,
      retryAfter: retryAfterMs(response.headers.get('Retry-After')),
      body: parsed,
    }
  }
}
