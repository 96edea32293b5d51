import { SourceMap, type SourceMapPayload } from 'node:module'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { createConsumer } from '../support/consumer.ts'
import { integrityOf } from '../support/integrity.mjs'

const consumer = createConsumer()
const { files } = consumer
const scripts = files.filter(file => file.endsWith('.js'))

afterAll(() => consumer.remove())

test('the package holds the listed files and no others (npm run update-exports rewrites the list)', async () => {
  // Of the declarations the folders are enough: there is one for each source.
  const listed = files.map(file => file.replace(/^(dist\/types\/.*\/)[^/]+\.d\.ts$/, '$1*.d.ts'))
  await expect(`${[...new Set(listed)].join('\n')}\n`).toMatchFileSnapshot('./contents.txt')
})

test('each script has a map, and each place in it that is mapped is one of a source that the map holds', () => {
  for (const file of scripts) {
    const code = consumer.read(file)
    const map = `${file.slice(file.lastIndexOf('/') + 1)}.map`
    // Of a module that only passes on what others hold nothing is left to map.
    expect(code.trimEnd().endsWith(`//# sourceMappingURL=${map}`), file).toBe(true)
    const payload = JSON.parse(consumer.read(`${file}.map`)) as SourceMapPayload
    expect(payload.sourcesContent?.length, file).toBe(payload.sources.length)
    const linesOf = new Map(
      payload.sources.map((source, index) => [source, payload.sourcesContent[index]!.split('\n')] as const),
    )
    const sourceMap = new SourceMap(payload)
    for (const [line, text] of code.split('\n').entries()) {
      const { originalSource, originalLine, originalColumn } = sourceMap.findEntry(line, text.length) as {
        originalSource?: string
        originalLine?: number
        originalColumn?: number
      }
      if (originalSource === undefined) continue
      const lines = linesOf.get(originalSource)
      expect(lines?.[originalLine!]?.length, `${file}:${line + 1}`).toBeGreaterThanOrEqual(originalColumn!)
    }
  }
})

test('an error points to the source it came from', () => {
  const printed = consumer.run(
    `
    import { createSessionCart } from 'session-cart'
    try {
      createSessionCart({ currency: 'nonsense' })
    } catch ({ stack }) {
      console.log(stack)
    }
  `,
    '--enable-source-maps',
  )
  expect(printed).toMatch(/SessionCartError: .*nonsense/)
  expect(printed).toMatch(/src\/cart\/options\.ts:\d+:\d+/)
})

test('the hashes of the script-tag files are those that a browser finds', () => {
  const integrity = JSON.parse(consumer.read('dist/integrity.json')) as Record<string, string>
  expect(integrity).toEqual(integrityOf(join(consumer.installed, 'dist')))
})
