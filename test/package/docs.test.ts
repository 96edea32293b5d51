import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ERROR_CODES } from '../../src/errors.ts'
import { checkOf } from '../../src/session/check.ts'
import { documents, quotedIn, root, type Fence } from '../support/documents.ts'
import { createWorld, type World } from '../support/example-world.ts'
import { isForPage } from '../support/page-examples.ts'

const [{ text: readme, fences } = documents[0]!] = documents.filter(({ file }) => file === 'README.md')
const database = new PGlite()

afterAll(() => database.close())

const runsInNode = (fence: Fence): boolean =>
  /^(ts|js)$/.test(fence.language) && !isForPage(fence) && quotedIn(fence).length === 0

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
  const world = await createWorld(database)
  await world.run(code)
  await world.close()
})

test('there are examples', () => {
  expect(examples.length).toBeGreaterThan(4)
})

test('the code of the README runs, from top to bottom', async () => {
  const blocks = fences.filter(runsInNode).map(({ code }) => code)
  expect(blocks.length).toBeGreaterThan(5)
  const world = await createWorld(database, ['cart', 'handler'])
  await world.run(blocks.join('\n'))
  await world.close()
})

const inNode = documents.slice(1).flatMap(({ file, fences }) => {
  const blocks = fences.filter(runsInNode)
  return blocks.length > 0 ? { file, blocks } : []
})

// What a block declares, those after it may use, as a reader takes it.
describe.each(inNode)('the code of $file', ({ blocks }) => {
  let world: World
  beforeAll(async () => {
    world = await createWorld(database)
  })
  afterAll(() => world?.close())

  test.each(blocks)('runs at $place', ({ code }) => world.run(code))
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
  const [, compared] = /^\| size, kB +\| ([\d.]+) +\|/m.exec(readme) ?? []
  expect(`${compared} kB`).toBe(gated[0])
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
