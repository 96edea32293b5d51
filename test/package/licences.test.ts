import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { readManifest } from '../support/consumer.ts'
import { licencesOf, refusedLicences } from '../support/licences.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))

// Who installs the package gets them too.
const dependencies = Object.keys(readManifest(root).dependencies ?? {})

test.each(dependencies)('%s may be passed on: it has a permissive licence, its text and no dependency', name => {
  const folder = join(root, 'node_modules', name)
  const { license, dependencies: more = {} } = readManifest(folder)
  expect(license).toMatch(/^(MIT|ISC|BSD-[23]-Clause|Apache-2\.0)$/)
  expect(readdirSync(folder).some(file => /^licen[cs]e/i.test(file))).toBe(true)
  expect(more).toEqual({})
})

test('what is installed to build and test the package is free to use', () => {
  const all = licencesOf(root)
  expect(Object.keys(all).length).toBeGreaterThan(100)
  expect(refusedLicences(all)).toEqual([])
})

test('a licence that nobody has looked at is told, and so is none at all', () => {
  expect(
    refusedLicences({ free: 'MIT', either: '(GPL-3.0 OR MIT)', both: 'MIT AND CC-BY-4.0', sold: 'BUSL-1.1', none: '' }),
  ).toEqual(['none: none', 'sold: BUSL-1.1'])
})

test('the package has its own licence', () => {
  expect(readManifest(root).license).toBe('MIT')
  expect(existsSync(join(root, 'LICENSE'))).toBe(true)
})
