/**
 * Whether a request that changes something comes from the shop's own page: browsers say so in headers that no page can set.
 * A request that has neither is refused too.
 */
export function isFromOwnPage({ headers, url }) {
  const site = headers.get('sec-fetch-site')
  if (site !== null) return site === 'same-origin'
  try {
    // Hosts alone: behind a proxy that ends TLS the request says http where the page says https.
    return new URL(headers.get('origin')).host === new URL(url).host
  } catch {
    return false
  }
}
