// Lets `node:http` serve a handler of web requests: `createServer(toListener(handler))`.
// The requests have no signal that fires: a change is carried out even when nobody waits for the answer any more.
import { Readable } from 'node:stream'

const hasBody = method => method !== 'GET' && method !== 'HEAD'

function toRequest(incoming) {
  const { method, headers, rawHeaders } = incoming
  const pairs = []
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (!rawHeaders[i].startsWith(':')) pairs.push([rawHeaders[i], rawHeaders[i + 1]])
  }
  // Joined, not resolved: a path that starts with two slashes must not name a host of its own, Origin is compared with it.
  return new Request(`http://${headers.host ?? 'localhost'}${incoming.url}`, {
    method,
    headers: pairs,
    // The body is handed on as it comes: the handler stops reading where its limit is.
    ...(hasBody(method) && { body: Readable.toWeb(incoming), duplex: 'half' }),
  })
}

/** A listener for `node:http` that answers with what the handler returns. */
export function toListener(handler) {
  async function answer(incoming, outgoing) {
    try {
      const response = await handler(toRequest(incoming))
      const body = Buffer.from(await response.arrayBuffer())
      outgoing.writeHead(response.status, {
        ...Object.fromEntries(response.headers),
        ...(response.status !== 304 && { 'content-length': body.length }),
        // What was not read of a body must not be taken for the next request.
        ...(!incoming.complete && { connection: 'close' }),
      })
      outgoing.end(body)
    } catch {
      // A request no URL can be made of, or a method `Request` does not take; anything else the handler answers itself.
      if (!outgoing.headersSent) outgoing.writeHead(400)
      outgoing.end()
    }
  }
  return (incoming, outgoing) => void answer(incoming, outgoing)
}
