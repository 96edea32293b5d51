// Pages that may measure: cross-origin isolated, so that `performance.now()` resolves 5 µs in Chromium and 20 µs in Firefox.
import { once } from 'node:events'
import { createServer } from 'node:http'
import { bundle } from './bundle.mjs'

/**
 * Serves a page whose modules are bundled, with everything they export as `bench`.
 *
 * @param answer Answers what is not the page, as a listener of node:http does.
 */
export async function servePage(entryPoint, answer = (request, response) => response.writeHead(404).end()) {
  const script = await bundle(entryPoint, { format: 'iife', globalName: 'bench' })
  const texts = { '/bench.js': script, '/': '<!doctype html><title>Bench</title><script src="/bench.js"></script>' }
  const server = createServer((request, response) => {
    const text = texts[request.url]
    if (!text) return answer(request, response)
    response.writeHead(200, {
      'Content-Type': request.url === '/' ? 'text/html' : 'text/javascript',
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
    })
    response.end(text)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() }
}
