import { build } from 'esbuild'

/** Bundles a module, a file's or that of `stdin`, with all it imports as an app does, for production. */
export async function bundle(entryPoint, options) {
  const { outputFiles } = await build({
    entryPoints: entryPoint ? [entryPoint] : [],
    bundle: true,
    target: 'es2022',
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'error',
    write: false,
    ...options,
  })
  return outputFiles[0].contents
}
