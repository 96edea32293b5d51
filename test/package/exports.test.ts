import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createContext, runInContext } from 'node:vm'
import { afterAll, beforeAll, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const consumer = mkdtempSync(join(tmpdir(), 'session-cart-consumer-'))
const installed = join(consumer, 'node_modules/session-cart')

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>
  readonly exports: Readonly<Record<string, unknown>>
  readonly bin: Readonly<Record<string, string>>
}

const readManifest = (folder: string): Manifest => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))

const filesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))

/** Runs a module in plain Node, in the folder of someone who installed the package, and gives back what it prints. */
const runInConsumer = (code: string): string =>
  execFileSync(process.execPath, ['--input-type=module', '--eval', code], { cwd: consumer, encoding: 'utf8' })

beforeAll(() => {
  mkdirSync(installed, { recursive: true })
  execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', consumer], { cwd: root })
  const archive = readdirSync(consumer).find(name => name.endsWith('.tgz'))!
  execFileSync('tar', ['-xzf', join(consumer, archive), '-C', installed, '--strip-components=1'])
  for (const name of Object.keys(readManifest(root).dependencies)) {
    symlinkSync(join(root, 'node_modules', name), join(consumer, 'node_modules', name), 'dir')
  }
})

afterAll(() => rmSync(consumer, { recursive: true, force: true }))

test('each entry exports the listed names in plain Node (npm run update-exports rewrites the list)', async () => {
  const entries = Object.keys(readManifest(installed).exports)
    .filter(entry => entry !== './package.json')
    .map(entry => entry.replace('.', 'session-cart'))
  const printed = runInConsumer(`
    for (const entry of ${JSON.stringify(entries)}) {
      for (const name of Object.keys(await import(entry)).sort()) console.log(entry, name)
    }
  `)
  await expect(printed).toMatchFileSnapshot('./exports.txt')
})

test('importing an entry prints nothing, adds no global but the one of nanostores, and keeps no process alive', () => {
  const printed = runInConsumer(`
    const before = new Set(Object.getOwnPropertyNames(globalThis))
    await import('session-cart')
    await import('session-cart/inspector')
    await import('session-cart/server')
    await import('session-cart/talon-one')
    await import('session-cart/conformance')
    const added = Object.getOwnPropertyNames(globalThis).filter(name => !before.has(name) && name !== 'nanostoresGlobal')
    console.log(JSON.stringify(added))
  `)
  expect(printed).toBe('[]\n')
})

test('the command of the package runs in plain Node', () => {
  const { bin } = readManifest(installed)
  const command = join(installed, bin['session-cart-conformance']!)
  expect(readFileSync(command, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/)
  const listed = execFileSync(process.execPath, [command, '--list'], { encoding: 'utf8' })
  expect(listed).toContain('numbers/gap  ')
  // Nobody listens on port 1, and fetch does not even try it.
  const { status, stdout } = spawnSync(process.execPath, [command, 'http://127.0.0.1:1/'], { encoding: 'utf8' })
  expect([status, stdout]).toEqual([1, expect.stringContaining('Nobody answers at http://127.0.0.1:1/')])
})

test('the script-tag file runs where there is no process, makes the one global SessionCart and does nothing more', () => {
  const code = readFileSync(join(installed, 'dist/session-cart.iife.js'), 'utf8')
  expect(code).not.toContain('process.env')
  const page = createContext({})
  const before = runInContext('Object.getOwnPropertyNames(globalThis)', page)
  runInContext(code, page)
  const after: string[] = runInContext('Object.getOwnPropertyNames(globalThis)', page)
  expect(after.filter(name => !before.includes(name)).toSorted()).toEqual(['SessionCart', 'nanostoresGlobal'])
  expect(runInContext('typeof SessionCart.createSessionCart', page)).toBe('function')
})

test('every module leaves process.env to its dependencies', () => {
  for (const file of filesOf(installed).filter(name => name.endsWith('.js'))) {
    expect(readFileSync(file, 'utf8'), file).not.toContain('process.env')
  }
})

test('no packed file names a path of the machine that built it', () => {
  for (const file of filesOf(installed)) {
    const text = readFileSync(file, 'utf8')
    expect(text.includes(root) || text.includes('file://'), file).toBe(false)
  }
})

test('the package holds its licence, its declarations and source maps, and nothing of the sources or tests', () => {
  const files = filesOf(installed).map(file => file.slice(installed.length + 1))
  for (const expected of ['LICENSE', 'package.json', 'dist/index.js', 'dist/index.js.map', 'dist/types/index.d.ts']) {
    expect(files).toContain(expected)
  }
  expect(files.filter(file => !/^(dist\/|LICENSE$|README\.md$|package\.json$)/.test(file))).toEqual([])
})

test('the lock file holds no download addresses', () => {
  expect(readFileSync(join(root, 'package-lock.json'), 'utf8')).not.toContain('"resolved"')
})
