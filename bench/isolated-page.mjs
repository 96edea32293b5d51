// Pages that may measure: cross-origin isolated, so that `performance.now()` resolves 5 µs in Chromium and 20 µs in Firefox.
import { once } from 'node:events'
import { createServer } from 'node:http'
import { build } from 'esbuild'

/** Serves a page whose modules are bundled, with everything they export as `bench`. */
export async function servePage(entryPoint) {
  const { outputFiles } = await build({
    entryPoints: [entryPoint],
    bundle: true,
    format: 'iife',
    globalName: 'bench',
    target: 'es2022',
    define: { 'process.env.NODE_ENV': '"production"' },
    write: false,
  })
  const [{ contents }] = outputFiles
  const server = createServer(({ url }, response) => {
    const isScript = url === '/bench.js'
    response.writeHead(200, {
      'Content-Type': isScript ? 'text/javascript' : 'text/html',
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
    })
    response.end(isScript ? contents : '<!doctype html><title>Bench</title><script src="/bench.js"></script>')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() }
}
