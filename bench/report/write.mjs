import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'
import { readmeBlock, withBlock } from './readme.mjs'
import { reportOf } from './report.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const IMAGES = 'docs/images'

const formatted = async text => format(text, { ...(await resolveConfig(`${root}README.md`)), parser: 'markdown' })

/** What stands in each file of the report, by path, when it is made of these results. */
export async function filesOf(results) {
  const { text, charts } = reportOf(results)
  const readme = withBlock(readFileSync(`${root}README.md`, 'utf8'), readmeBlock(results))
  return {
    'docs/benchmarks.md': await formatted(text),
    'README.md': await formatted(readme),
    ...Object.fromEntries(Object.entries(charts).map(([file, svg]) => [`${IMAGES}/${file}`, svg])),
  }
}

/** Writes the report, its charts and the README's table. */
export async function writeReport(results) {
  const files = await filesOf(results)
  for (const file of readdirSync(`${root}${IMAGES}`)) if (file.startsWith('bench-')) rmSync(`${root}${IMAGES}/${file}`)
  for (const [file, text] of Object.entries(files)) writeFileSync(`${root}${file}`, text)
}
