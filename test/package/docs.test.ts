import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import { PGlite } from '@electric-sql/pglite'
import { transformSync } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { apply } from '../../src/session/apply.ts'
import { checkOf } from '../../src/session/check.ts'
import { ERROR_CODES } from '../../src/errors.ts'
import { defaultLimits } from '../../src/session/limits.ts'
import { emptySession } from '../../src/session/session.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const readme = readFileSync(join(root, 'README.md'), 'utf8')
const database = new PGlite()

type Names = Record<string, unknown>
let exported: Names = {}

beforeAll(async () => {
  for (const entry of [
    'index',
    'dom',
    'undo',
    'analytics',
    'announcer',
    'exports',
    'link',
    'expiry',
    'money',
    'server',
    'conformance',
  ]) {
    exported = { ...exported, ...((await import(pathToFileURL(join(root, `dist/${entry}.js`)).href)) as Names) }
  }
})

afterAll(() => database.close())

/** What the words of an example stand for when they are not the package's own. */
async function surroundings(): Promise<Names> {
  const { createSessionHandler, memoryStore } = exported as any
  const handler = createSessionHandler({ store: memoryStore(), currencies: ['EUR'] })
  const fetch = (path: string, init?: RequestInit): Promise<Response> =>
    handler(new Request(new URL(path, 'http://shop.test'), init))
  const createSessionCart = (options: object) => (exported as any).createSessionCart({ fetch, ...options })
  const cart = createSessionCart({ currency: 'EUR', storage: 'memory' })
  await cart.ready
  cart.addItem({ sku: 'MUG-01', price: 12.5 })
  await handler.sessions.apply('earlier-cart', [{ name: 'start', args: { currency: 'EUR' } }])
  await handler.sessions.apply('s1', [
    { name: 'start', args: { currency: 'EUR' } },
    { name: 'addItem', args: { item: { sku: 'MUG-01', price: 12.5 }, quantity: 1 } },
  ])
  // The examples speak of version 41.
  for (let version = 2; version <= 41; version++) {
    await handler.sessions.apply('s1', [{ name: 'setAttributes', args: { changes: { version } } }])
  }
  // The database behind the pool is a real one; only the connection to it is not.
  const pg = {
    Pool: class {
      query = (text: string, values: unknown[]) => database.query(text, values)
    },
  }
  const ignore = (): void => {}
  const mutation = { writer: 'w', n: 1, name: 'clearItems', args: {}, at: '2026-11-23T10:00:00Z' }
  const told = { show: ignore, pay: ignore, tell: ignore, showForm: ignore, askAgain: ignore, askToTryAgain: ignore }
  return {
    ...exported,
    createSessionCart,
    fetch,
    ...told,
    apply,
    defaultLimits,
    emptySession,
    cart,
    handler,
    pg,
    mutation,
  }
}

/** Runs code; a line that ends in `// value` has to have that value, where the comment begins with a literal. */
async function run(code: string, hidden: readonly string[] = []): Promise<void> {
  const names = { ...(await surroundings()) }
  for (const name of hidden) delete names[name]
  const checked = code
    .split('\n')
    .filter(line => !line.startsWith('import '))
    .map(line => {
      const [, expression, literal] = /^([^\s/].*?) \/\/ ('[^']*'|[\d.]+)(?=$|:)/.exec(line) ?? []
      return literal && !/^(const|await|return)/.test(expression!) ? `same(${expression}, ${literal})` : line
    })
    .join('\n')
  const same = (value: unknown, literal: unknown): void => {
    if (!isDeepStrictEqual(value, literal))
      throw new Error(`${JSON.stringify(value)} is not ${JSON.stringify(literal)}`)
  }
  const { code: script } = transformSync(`(async () => {${checked}\n})()`, { loader: 'ts', format: 'esm' })
  const all: Names = { ...names, same }
  // oxlint-disable-next-line typescript/no-implied-eval -- running the code of the documents is what this is for
  await new Function(...Object.keys(all), `return ${script}`)(...Object.values(all))
}

const examples = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter(file => file.endsWith('.ts'))
  .flatMap(file => {
    const source = readFileSync(join(root, 'src', file), 'utf8')
    return [...source.matchAll(/^ *\* @example\n((?: *\*(?!\/| @).*\n)*)/gm)].map(([, block], index) => ({
      name: `${file} ${index + 1}`,
      code: block!.replace(/^ *\* ?/gm, ''),
    }))
  })

test.each(examples)('the example of $name runs', async ({ code }) => {
  await run(code)
})

test('there are examples', () => {
  expect(examples.length).toBeGreaterThan(4)
})

test('the code of the README runs, from top to bottom', async () => {
  const blocks = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code!)
  expect(blocks.length).toBeGreaterThan(5)
  await run(blocks.join('\n'), ['cart', 'handler'])
})

test('the README has code by line 25', () => {
  expect(readme.split('\n').findIndex(line => line.startsWith('```ts'))).toBeLessThan(25)
})

test('the table of errors names every code of the types, in their order', () => {
  const rows = [...readme.matchAll(/^\| `([\w-]+)` +\|/gm)].map(([, code]) => code)
  expect(rows).toEqual([...ERROR_CODES])
})

test('the sizes in the README are the limits that are gated', () => {
  const { 'size-limit': limits } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const gated = limits.flatMap(({ limit }: { limit?: string }) => limit ?? [])
  expect(readme.match(/[\d.]+ kB/g)).toEqual(gated)
})

test('the hashes in the protocol are those of the code', () => {
  const protocol = readFileSync(join(root, 'docs/protocol.md'), 'utf8')
  const rows = [...protocol.matchAll(/^\| `(\[.*\])` +\| `([\da-f]{16})` +\|$/gm)]
  expect(rows).toHaveLength(3)
  for (const [, items, hash] of rows) expect(checkOf(JSON.parse(items!))).toBe(hash)
})

test('every mutation has its row in the protocol', () => {
  const protocol = readFileSync(join(root, 'docs/protocol.md'), 'utf8')
  const source = readFileSync(join(root, 'src/session/mutations.ts'), 'utf8')
  const block = /export interface MutationArgs \{([\s\S]*?)\n\}/.exec(source)![1]!
  for (const [, name] of block.matchAll(/^ {2}(\w+): /gm)) expect(protocol).toContain(`\`${name}\``)
})
