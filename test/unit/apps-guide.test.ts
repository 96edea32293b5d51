import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const read = (path: string): string => readFileSync(root + path, 'utf8')

/** A line of code without what formatters differ in: where it is indented. */
const linesOf = (code: string): string[] => code.split('\n').map(line => line.trim())

const blocks = [...read('docs/apps.md').matchAll(/```\w+\n([\s\S]*?)```/g)].map(([, code]) => code!)

test.each(blocks)('what the guide for apps shows stands in the examples, which are run: %s', code => {
  const files = [...code.matchAll(/examples\/[\w./-]+/g)].map(([path]) => path)
  const source = new Set(files.flatMap(path => linesOf(read(path))))
  const shown = linesOf(code).filter(line => line !== '' && !/^(\/\/|<!--) (examples\/|…)/.test(line))
  expect(shown.length).toBeGreaterThan(0)
  expect(shown.filter(line => !source.has(line))).toEqual([])
})

test('the guide has code', () => {
  expect(blocks.length).toBeGreaterThan(8)
})
