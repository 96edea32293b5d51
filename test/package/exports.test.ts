import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createContext, runInContext } from 'node:vm'
import { afterAll, expect, test } from 'vitest'
import { createConsumer } from '../support/consumer.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const consumer = createConsumer()
const { installed, manifest, entries, files } = consumer

afterAll(() => consumer.remove())

test('each entry exports the listed names in plain Node (npm run update-exports rewrites the list)', async () => {
  const printed = consumer.run(`
    for (const entry of ${JSON.stringify(entries)}) {
      for (const name of Object.keys(await import(entry)).sort()) console.log(entry, name)
    }
  `)
  await expect(printed).toMatchFileSnapshot('./exports.txt')
})

test('importing an entry prints nothing, adds no global but the one of nanostores, and keeps no process alive', () => {
  const printed = consumer.run(`
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
  const command = join(installed, manifest.bin['session-cart-conformance']!)
  expect(readFileSync(command, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/)
  const listed = execFileSync(process.execPath, [command, '--list'], { encoding: 'utf8' })
  expect(listed).toContain('numbers/gap  ')
  // Nobody listens on port 1, and fetch does not even try it.
  const { status, stdout } = spawnSync(process.execPath, [command, 'http://127.0.0.1:1/'], { encoding: 'utf8' })
  expect([status, stdout]).toEqual([1, expect.stringContaining('Nobody answers at http://127.0.0.1:1/')])
})

test('the script-tag file runs where there is no process, makes the one global SessionCart and does nothing more', () => {
  const code = consumer.read('dist/session-cart.iife.js')
  expect(code).not.toContain('process.env')
  const page = createContext({})
  const before = runInContext('Object.getOwnPropertyNames(globalThis)', page)
  runInContext(code, page)
  const after: string[] = runInContext('Object.getOwnPropertyNames(globalThis)', page)
  expect(after.filter(name => !before.includes(name)).toSorted()).toEqual(['SessionCart', 'nanostoresGlobal'])
  expect(runInContext('typeof SessionCart.createSessionCart', page)).toBe('function')
})

// Of nanostores' `process.env.NODE_ENV` a bundler takes care, and in the script-tag files the build has.
test('no file for the browser speaks of process', () => {
  const forNode = /^dist\/(server|conformance|session-cart-conformance)\.js$/
  const scripts = files.filter(file => file.endsWith('.js') && !forNode.test(file))
  expect(scripts.length).toBeGreaterThan(12)
  for (const file of scripts) expect(consumer.read(file), file).not.toMatch(/\bprocess\b/)
})

test('no packed file names a path of the machine that built it', () => {
  for (const file of files) {
    const text = consumer.read(file)
    expect(text.includes(root) || text.includes('file://'), file).toBe(false)
  }
})

test('the lock file holds no download addresses', () => {
  expect(readFileSync(join(root, 'package-lock.json'), 'utf8')).not.toContain('"resolved"')
})
