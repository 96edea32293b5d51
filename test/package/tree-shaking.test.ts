// What an app does not import, it does not get: each name of each entry, bundled by itself.
import { join } from 'node:path'
import { rollup } from 'rollup'
import { afterAll, expect, test } from 'vitest'
import { createConsumer } from '../support/consumer.ts'

const consumer = createConsumer()
const { entries, installed } = consumer

afterAll(() => consumer.remove())

const fileOf = (entry: string): string =>
  join(installed, consumer.manifest.exports[entry.replace('session-cart', '.')]!.default)

/** The code of an app that is nothing but a line; packages that are not this one stay outside. */
async function bundled(line: string): Promise<string> {
  const bundle = await rollup({
    input: 'app',
    // Of an app that is empty in the end, as some of these are.
    logLevel: 'silent',
    plugins: [
      {
        name: 'app',
        resolveId(id) {
          if (id === 'app') return id
          if (entries.includes(id)) return fileOf(id)
          return id.startsWith('.') ? null : { id, external: true }
        },
        load: id => (id === 'app' ? line : null),
      },
    ],
    treeshake: { moduleSideEffects: consumer.manifest.sideEffects },
  })
  const { output } = await bundle.generate({ format: 'es' })
  await bundle.close()
  return output[0].code.replace(/^import .*$/gm, '').trim()
}

const namesOf: Readonly<Record<string, readonly string[]>> = JSON.parse(
  consumer.run(`
    const names = {}
    for (const entry of ${JSON.stringify(entries)}) names[entry] = Object.keys(await import(entry)).sort()
    console.log(JSON.stringify(names))
  `),
)

/** Whether the code makes the function, class or constant of that name. */
const makes = (code: string, name: string): boolean => new RegExp(`\\b(function|class|const) ${name}\\b`).test(code)

test.each(entries)('to load %s and use nothing of it leaves nothing in the bundle', async entry => {
  expect(await bundled(`import '${entry}'`)).toBe('')
})

test('each name brings along the listed names and no others (npm run update-exports rewrites the list)', async () => {
  const all = new Set(Object.values(namesOf).flat())
  const lines: string[] = []
  for (const entry of entries) {
    for (const name of namesOf[entry]!) {
      const code = await bundled(`export { ${name} } from '${entry}'`)
      expect(makes(code, name), `${entry} ${name}`).toBe(true)
      const others = [...all].filter(other => other !== name && makes(code, other)).sort()
      lines.push(`${entry} ${name}: ${others.join(', ') || 'nothing'}`)
    }
  }
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('./tree-shaking.txt')
})
