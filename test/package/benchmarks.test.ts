import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { filesOf } from '../../bench/report/write.mjs'
import { root } from '../support/documents.ts'

const read = (file: string): string => readFileSync(join(root, file), 'utf8')
const results = JSON.parse(read('bench/results.json'))

const files: Record<string, string> = await filesOf(results)

test.each(Object.keys(files))('%s says what bench/results.json has', file => {
  expect(read(file)).toBe(files[file])
})

test('no chart is left of what is not measured any more', () => {
  const charts = readdirSync(join(root, 'docs/images')).filter(file => file.startsWith('bench-'))
  expect(charts.map(file => `docs/images/${file}`).toSorted()).toEqual(
    Object.keys(files)
      .filter(file => file.endsWith('.svg'))
      .toSorted(),
  )
})

test('the peers were measured at the versions that are pinned', () => {
  const { dependencies } = JSON.parse(read('bench/package.json'))
  expect(results.machine.peers).toEqual(dependencies)
  for (const version of Object.values(dependencies)) expect(version).toMatch(/^(npm:[\w-]+@)?\d/)
})

test('the sizes of the peers in the README are those that were measured', () => {
  const row = /^\| size, kB +\|(.*)\|$/m
    .exec(read('README.md'))![1]!
    .split('|')
    .map(cell => cell.trim())
  const sizes = new Map<string, number>(results.size.map(({ name, brotli }: any) => [name, brotli]))
  const measured = ['use-shopping-cart 4', 'react-use-cart', '@faststore/sdk'].map(name =>
    (sizes.get(name)! / 1000).toFixed(1),
  )
  expect(row.slice(1, 4)).toEqual(measured)
})
