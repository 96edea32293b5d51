import { SessionProblem } from './problem.ts'

function isOwnHost(origin: string, url: string): boolean {
  try {
    // Hosts alone: behind a proxy that ends TLS the request says http where the page says https.
    return new URL(origin).host === new URL(url).host
  } catch {
    return false
  }
}

/**
 * Refuses what another site's page sends. Requests that name no origin pass: they come from the page's own site or from no
 * page at all.
 *
 * @param origins Origins of other hosts that may ask.
 * @returns The CORS headers of the answer.
 * @throws SessionProblem `forbidden`.
 */
export function checkOrigin({ headers, url }: Request, origins: readonly string[]): Readonly<Record<string, string>> {
  const origin = headers.get('origin')
  const vary: Record<string, string> = origins.length > 0 ? { vary: 'Origin' } : {}
  if (origin !== null && origins.includes(origin)) {
    return {
      ...vary,
      'access-control-allow-origin': origin,
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': 'ETag, Retry-After',
    }
  }
  if (headers.get('sec-fetch-site') === 'cross-site' || (origin !== null && !isOwnHost(origin, url))) {
    throw new SessionProblem('forbidden', 'Pages of other sites may not ask here.', { headers: vary })
  }
  return vary
}

/** The answer to the question a browser asks before it lets another site's page send JSON. */
export function toPreflight({ headers }: Request): Response {
  const wanted = headers.get('access-control-request-headers') ?? 'Content-Type, If-None-Match'
  return new Response(null, {
    status: 204,
    headers: {
      allow: 'GET, POST, OPTIONS',
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': wanted,
      'access-control-max-age': '7200',
    },
  })
}
