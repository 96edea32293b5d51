import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { passGates, releaseDate } from '../support/gates.mjs'

test('a release goes through its gates in order, and stops at the first that stays shut', () => {
  const tried: string[] = []
  const gate = (name: string, problem?: string) => ({
    name,
    check: () => {
      tried.push(name)
      if (problem) throw new Error(problem)
      return `${name} is well`
    },
  })
  const printed: string[] = []
  const print = (line: string): void => void printed.push(line)
  expect(passGates([gate('one'), gate('two')], print)).toBe(true)
  expect(printed.at(-1)).toMatch(/^\n✔ one: one is well, [\d.]+ s\n✔ two: two is well, [\d.]+ s$/)
  expect(tried.splice(0)).toEqual(['one', 'two'])
  expect(passGates([gate('one'), gate('two', 'two is broken'), gate('three')], print)).toBe(false)
  expect(tried).toEqual(['one', 'two'])
  expect(printed.at(-1)).toMatch(/\n✖ two: two is broken, [\d.]+ s\n {2}three: not tried$/)
})

test('a version is released when it stands on top of the changelog, with what is new and its date', () => {
  const changelog = '# Changelog\n\n## 1.2.0 (2026-12-01)\n\n- Add tea.\n\n## 1.1.0 (unreleased)\n\n- Add mugs.\n'
  expect(releaseDate(changelog, '1.2.0')).toBe('2026-12-01')
  expect(() => releaseDate(changelog, '1.1.0')).toThrow('the newest entry of CHANGELOG.md is 1.2.0, not 1.1.0')
  expect(() => releaseDate('# Changelog\n', '1.0.0')).toThrow('the newest entry of CHANGELOG.md is none')
  expect(() => releaseDate('## 1.2.0 (unreleased)\n\n## 1.1.0 (2026-01-01)\n\n- Add mugs.\n', '1.2.0')).toThrow(
    'does not say what is new in 1.2.0',
  )
})

test('the changelog has an entry for the version of the package', () => {
  const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')
  const { version } = JSON.parse(read('package.json')) as { version: string }
  expect(releaseDate(read('CHANGELOG.md'), version)).toMatch(/^(unreleased|\d{4}-\d{2}-\d{2})$/)
})
