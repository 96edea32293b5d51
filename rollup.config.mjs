import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { nodeResolve } from '@rollup/plugin-node-resolve'
import replace from '@rollup/plugin-replace'
import terser from '@rollup/plugin-terser'
import esbuild from 'rollup-plugin-esbuild'

const { dependencies } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'))

const isExternal = id =>
  isBuiltin(id) || Object.keys(dependencies).some(name => id === name || id.startsWith(`${name}/`))

const transpile = () => esbuild({ target: 'es2022', legalComments: 'none' })

const failOnWarning = warning => {
  throw new Error(warning.message)
}

const INTEGRITY = 'dist/integrity.json'

// What a page that loads the file from elsewhere names, so that nothing else can be put in its place.
// Source: https://www.w3.org/TR/sri-2/ (Subresource Integrity)
const integrity = () => ({
  name: 'integrity',
  writeBundle(_, bundle) {
    const known = existsSync(INTEGRITY) ? JSON.parse(readFileSync(INTEGRITY, 'utf8')) : {}
    for (const { type, fileName } of Object.values(bundle)) {
      if (type !== 'chunk') continue
      const hash = createHash('sha384').update(readFileSync(`dist/${fileName}`))
      known[fileName] = `sha384-${hash.digest('base64')}`
    }
    writeFileSync(INTEGRITY, `${JSON.stringify(known, null, 2)}\n`)
  },
})

const modules = (input, manualChunks) => ({
  input,
  external: isExternal,
  treeshake: { moduleSideEffects: 'no-external' },
  plugins: [transpile()],
  onwarn: failOnWarning,
  output: {
    dir: 'dist',
    format: 'es',
    sourcemap: true,
    chunkFileNames: 'shared/[name].js',
    manualChunks,
    minifyInternalExports: false,
    hoistTransitiveImports: false,
  },
})

export default [
  modules(
    {
      index: 'src/index.ts',
      dom: 'src/dom/index.ts',
      undo: 'src/undo/index.ts',
      analytics: 'src/analytics/index.ts',
      announcer: 'src/announcer/index.ts',
      exports: 'src/exports/index.ts',
      link: 'src/link/index.ts',
      expiry: 'src/expiry/index.ts',
      money: 'src/money/index.ts',
      server: 'src/server/index.ts',
      'talon-one': 'src/talon-one/index.ts',
    },
    // What nearly all of them share, in one piece: else each entry would cut it once more.
    id => (/\/src\/(session\/|errors\.ts|store\/report\.ts|sync\/clock\.ts)/.test(id) ? 'session' : undefined),
  ),
  // By itself, so that what a page loads is not cut into more pieces.
  modules({ conformance: 'src/conformance/index.ts', 'session-cart-conformance': 'src/conformance/bin.ts' }),
  modules({ inspector: 'src/inspector/index.ts' }),
  {
    input: 'src/inspector/script.ts',
    plugins: [nodeResolve({ browser: true }), transpile(), integrity()],
    treeshake: { moduleSideEffects: 'no-external' },
    onwarn: failOnWarning,
    output: { file: 'dist/session-cart-inspector.js', format: 'es', sourcemap: true, plugins: [terser()] },
  },
  {
    input: 'src/dom/script.ts',
    plugins: [
      nodeResolve({ browser: true }),
      // nanostores asks for it while it runs, and a page has no `process`
      replace({ preventAssignment: true, values: { 'process.env.NODE_ENV': '"production"' } }),
      transpile(),
      integrity(),
    ],
    onwarn: failOnWarning,
    output: {
      file: 'dist/session-cart.iife.js',
      format: 'iife',
      name: 'SessionCart',
      sourcemap: true,
      // Larger before compression, smaller after it. `toplevel` would drop the global, and `pure_getters` a probe of
      // localStorage, whose getter throws where storage is forbidden.
      plugins: [terser({ ecma: 2020, compress: { passes: 3, inline: 1, sequences: false, unsafe_arrows: true } })],
    },
  },
]
