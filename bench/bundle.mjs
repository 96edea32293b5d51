import { build } from 'esbuild'

/** Bundles a module, a file's or that of `stdin`, with all it imports as an app does, for production. */
export function buildBundle(entryPoint, options) {
  return build({
    entryPoints: entryPoint ? [entryPoint] : [],
    bundle: true,
    target: 'es2022',
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'error',
    write: false,
    ...options,
  })
}

/** The code of such a bundle. */
export async function bundle(entryPoint, options) {
  const { outputFiles } = await buildBundle(entryPoint, options)
  return outputFiles[0].contents
}
