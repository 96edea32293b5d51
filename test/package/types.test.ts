// The declarations, as the compilers of those who install the package see them.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import current from 'typescript'
import oldest from 'typescript-5.0'
import { afterAll, expect, test } from 'vitest'
import { publicApi } from '../support/api.ts'
import { createConsumer } from '../support/consumer.ts'

const consumer = createConsumer()
const { folder, installed, manifest } = consumer

afterAll(() => consumer.remove())

test('the public types are the listed ones (npm run update-exports rewrites the list)', async () => {
  const entries = Object.entries(manifest.exports).flatMap(([entry, { types }]) =>
    types ? [[entry.replace('.', 'session-cart'), types] as const] : [],
  )
  await expect(publicApi(installed, Object.fromEntries(entries))).toMatchFileSnapshot('./api.txt')
})

const usage = readFileSync(fileURLToPath(new URL('./usage.ts', import.meta.url)), 'utf8')

/** What a compiler finds wrong in an app that uses the package, and in all declarations it reads for that. */
function errorsIn(file: string, compiler: typeof current, resolution: 'bundler' | 'node16'): string[] {
  const { options, errors } = compiler.convertCompilerOptionsFromJson(
    {
      target: 'es2022',
      lib: ['es2022', 'dom', 'dom.iterable'],
      module: resolution === 'bundler' ? 'esnext' : 'node16',
      moduleResolution: resolution,
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      skipLibCheck: false,
      // The compiler's own.
      skipDefaultLibCheck: true,
      noEmit: true,
      types: [],
    },
    folder,
  )
  const found = compiler.getPreEmitDiagnostics(compiler.createProgram([file], options))
  return [...errors, ...found].map(({ file: at, messageText }) => {
    const text = compiler.flattenDiagnosticMessageText(messageText, '\n')
    return `${at?.fileName.slice(folder.length + 1) ?? ''}: ${text}`
  })
}

const COMPILERS = { [oldest.version]: oldest as unknown as typeof current, [current.version]: current }

test.each(Object.keys(COMPILERS).flatMap(version => [[version, 'bundler'] as const, [version, 'node16'] as const]))(
  'TypeScript %s that resolves like %s finds all that is used as it is declared, and no fault in the declarations',
  (version, resolution) => {
    expect(errorsIn(consumer.write('usage.ts', usage), COMPILERS[version]!, resolution)).toEqual([])
  },
)

test('the oldest compiler is the one the guide names', () => {
  const guide = readFileSync(join(fileURLToPath(new URL('../..', import.meta.url)), 'docs/versions.md'), 'utf8')
  expect(guide).toContain(`TypeScript ${oldest.version.split('.', 2).join('.')}`)
})
