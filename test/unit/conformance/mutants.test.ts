import { expect, test } from 'vitest'
import { conformanceRules, runConformance, type Report } from '../../../src/conformance/index.ts'
import { MUTANTS, openServer, SIGNED, type Serve } from '../../support/mutants.ts'

// They fill a cart of a thousand lines, which takes longer than all others together.
const LONG = ['lines/small-size', 'limits/lines']

const judge = (serve: Serve, meant?: string): Promise<Report> =>
  runConformance('http://shop.test/api/sessions', {
    headers: SIGNED,
    fetch: (url, init) => serve(new Request(url, init)),
    ...(meant && { only: conformanceRules.map(({ id }) => id).filter(id => id === meant || !LONG.includes(id)) }),
  })

const failedIn = ({ results }: Report): string[] =>
  results.filter(({ status }) => status === 'failed').map(({ id }) => id)

test('the server that is broken in many ways breaks no rule by itself', async () => {
  expect(failedIn(await judge(openServer()))).toEqual([])
})

test('each broken server is caught by the check that is meant for it, and each check catches one', async () => {
  const caught = new Map<string, string[]>()
  for (const { name, check, open } of MUTANTS) caught.set(name, failedIn(await judge(open(), check)))
  const rows = MUTANTS.map(({ name, check }) => {
    const others = caught.get(name)!.filter(id => id !== check)
    return {
      mutant: name,
      'meant for': check,
      'also caught by': others.slice(0, 4).join(' '),
      checks: others.length + 1,
    }
  })
  console.table(rows)
  expect(MUTANTS.filter(({ name, check }) => !caught.get(name)!.includes(check)).map(({ name }) => name)).toEqual([])
  const busy = new Set([...caught.values()].flat())
  expect(conformanceRules.map(({ id }) => id).filter(id => !busy.has(id))).toEqual([])
}, 300_000)
