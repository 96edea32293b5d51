import { join } from 'node:path'
import { nodeResolve } from '@rollup/plugin-node-resolve'
import replace from '@rollup/plugin-replace'
import * as esbuild from 'esbuild'
import { rollup } from 'rollup'
import * as vite from 'vite'
import webpack from 'webpack'

/** Bundles a module for pages, in production, as a file of that name in a folder. Fails at a warning. */
export type Bundle = (input: string, folder: string, name: string) => Promise<void>

const told = (warnings: readonly unknown[]): void => {
  if (warnings.length > 0) throw new Error(warnings.map(String).join('\n'))
}

/** The bundlers, each as its documentation says. */
export const BUNDLERS: Readonly<Record<string, Bundle>> = {
  async rollup(input, folder, name) {
    const bundle = await rollup({
      input,
      plugins: [
        nodeResolve({ browser: true }),
        replace({ preventAssignment: true, values: { 'process.env.NODE_ENV': '"production"' } }),
      ],
      onwarn: warning => told([warning.message]),
    })
    await bundle.write({ file: join(folder, name), format: 'iife' })
    await bundle.close()
  },
  async esbuild(input, folder, name) {
    const { warnings } = await esbuild.build({
      entryPoints: [input],
      bundle: true,
      minify: true,
      outfile: join(folder, name),
      logLevel: 'silent',
    })
    told(warnings)
  },
  async vite(input, folder, name) {
    await vite.build({
      root: folder,
      configFile: false,
      logLevel: 'silent',
      build: {
        outDir: '.',
        emptyOutDir: false,
        modulePreload: false,
        rolldownOptions: {
          input,
          output: { format: 'iife', entryFileNames: name },
          onwarn: warning => told([warning.message]),
        },
      },
    })
  },
  async webpack(input, folder, name) {
    const compiler = webpack({ mode: 'production', entry: input, output: { path: folder, filename: name } })
    const stats = await new Promise<webpack.Stats | undefined>((resolve, reject) => {
      compiler.run((error, result) => (error ? reject(error) : resolve(result)))
    })
    await new Promise(resolve => compiler.close(resolve))
    const { errors = [], warnings = [] } = stats?.toJson({ errors: true, warnings: true }) ?? {}
    told([...errors, ...warnings].map(({ message }) => message))
  },
}
