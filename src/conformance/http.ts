import { Failure } from './expecting.ts'

/** What came back, read to its end. */
export interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Parsed JSON; undefined when there was none. */
  readonly body: unknown
}

/** Sends requests to the server that is judged. */
export interface Http {
  /**
   * Sends one request.
   *
   * @param path What follows the endpoint.
   * @param signed Whether to send the headers that were given for all requests.
   * @throws Failure when no answer came.
   */
  send(path: string, init?: RequestInit, signed?: boolean): Promise<Reply>
  /** Whether there are headers for all requests. */
  readonly isSigned: boolean
}

/** How {@link createHttp} sends. */
export interface HttpOptions {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
  readonly headers: HeadersInit
  readonly timeout: number
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Makes the client for an endpoint. */
export function createHttp(endpoint: string, { fetch, headers, timeout }: HttpOptions): Http {
  const root = endpoint.replace(/\/+$/, '')
  return {
    isSigned: [...new Headers(headers).keys()].length > 0,
    async send(path, init = {}, signed = true) {
      const all = new Headers(signed ? headers : {})
      for (const [name, value] of new Headers(init.headers)) all.set(name, value)
      try {
        const signal = AbortSignal.timeout(timeout)
        const response = await fetch(`${root}${path}`, { ...init, headers: all, redirect: 'manual', signal })
        const text = await response.text()
        return { status: response.status, headers: response.headers, text, body: parsed(text) }
      } catch (error) {
        const { message, cause } = error as Error
        const reason = cause instanceof Error ? `${message}: ${cause.message}` : message
        throw new Failure(`an answer to ${init.method ?? 'GET'} ${path.slice(0, 80)}`, reason)
      }
    },
  }
}
