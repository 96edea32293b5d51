import { readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { expect, test } from 'vitest'
import type { ImportGraph } from '../support/import-rules.ts'
import { violations } from '../support/import-rules.ts'

const src = fileURLToPath(new URL('../../src/', import.meta.url))

function importsOf(file: string, text: string): string[] {
  return ts
    .preProcessFile(text)
    .importedFiles.map(({ fileName }) =>
      fileName.startsWith('.') ? posix.join(posix.dirname(file), fileName) : fileName,
    )
}

function readGraph(): ImportGraph {
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
    .map(file => file.replaceAll('\\', '/'))
    .filter(file => file.endsWith('.ts'))
  return Object.fromEntries(files.map(file => [file, importsOf(file, readFileSync(src + file, 'utf8'))]))
}

test('the sources import one way', () => {
  const graph = readGraph()
  expect(Object.keys(graph)).toContain('errors.ts')
  expect(violations(graph)).toEqual([])
})

test('every kind of import is seen', () => {
  const text = `
    import { a } from './a.ts'
    import type { B } from '../store/b.ts'
    import './c.ts'
    export { d } from './d.ts'
    export type * from './e.ts'
    const f = await import('nanostores')
    type G = import('node:fs').Stats
  `
  expect(importsOf('sync/x.ts', text).toSorted()).toEqual([
    'nanostores',
    'node:fs',
    'store/b.ts',
    'sync/a.ts',
    'sync/c.ts',
    'sync/d.ts',
    'sync/e.ts',
  ])
})

test('a graph that keeps the direction passes', () => {
  expect(
    violations({
      'errors.ts': [],
      'session/apply.ts': ['session/money.ts', 'errors.ts', 'valibot'],
      'store/view.ts': ['session/apply.ts', 'nanostores'],
      'storage/log.ts': ['session/apply.ts', 'errors.ts', 'idb-keyval', 'valibot'],
      'sync/transport.ts': ['session/apply.ts', 'valibot'],
      'tabs/channel.ts': ['session/apply.ts'],
      'cart.ts': ['store/view.ts', 'storage/log.ts', 'sync/transport.ts', 'tabs/channel.ts', 'session/apply.ts'],
      'index.ts': ['cart.ts', 'errors.ts', 'session/apply.ts'],
      'dom/bind.ts': ['cart.ts', 'index.ts', 'dom/format.ts'],
      'server/store/memory.ts': ['server/handler.ts', 'session/apply.ts', 'node:crypto'],
      'conformance/run.ts': ['conformance/checks/index.ts', 'session/check.ts', 'errors.ts'],
      'talon-one/index.ts': ['session/apply.ts', 'errors.ts'],
    }),
  ).toEqual([])
})

test.for([
  ['session/apply.ts', 'store/view.ts'],
  ['session/apply.ts', 'nanostores'],
  ['session/apply.ts', 'idb-keyval'],
  ['session/apply.ts', 'node:crypto'],
  ['store/view.ts', 'storage/log.ts'],
  ['store/view.ts', 'cart.ts'],
  ['store/view.ts', 'valibot'],
  ['storage/log.ts', 'sync/transport.ts'],
  ['storage/log.ts', 'nanostores'],
  ['sync/transport.ts', 'tabs/channel.ts'],
  ['sync/transport.ts', 'idb-keyval/dist/index.js'],
  ['tabs/channel.ts', 'store/view.ts'],
  ['cart.ts', 'index.ts'],
  ['cart.ts', 'dom/bind.ts'],
  ['index.ts', 'server/handler.ts'],
  ['dom/bind.ts', 'storage/log.ts'],
  ['server/handler.ts', 'cart.ts'],
  ['server/handler.ts', 'talon-one/index.ts'],
  ['server/handler.ts', 'nanostores'],
  ['conformance/run.ts', 'server/handler.ts'],
  ['conformance/run.ts', 'node:util'],
  ['talon-one/index.ts', 'server/handler.ts'],
  ['errors.ts', 'session/apply.ts'],
  ['cart.ts', '@scope/package/deep.js'],
] as const)('%s may not import %s', ([file, target]) => {
  expect(violations({ [file]: ['errors.ts', target] })).toEqual([`${file} may not import ${target}`])
})

test('a place without a rule is reported', () => {
  expect(violations({ 'helpers/misc.ts': [] })).toHaveLength(1)
})
