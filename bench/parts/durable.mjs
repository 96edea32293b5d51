import { RUNTIMES } from '../runtimes.mjs'

const SIZES = [10, 100, 1000]
const ROUNDS = { one: 40, burst: 12, load: 8 }

/** One change, a burst and a load, of carts that are kept on the device. */
export async function durable() {
  const results = { runs: {}, lacks: {} }
  for (const { name, call } of RUNTIMES.filter(({ name }) => name !== 'Node')) {
    const [lacks, changes, ...loads] = await call('durable', [
      ['lacks'],
      ['changes', ROUNDS.one, ROUNDS.burst],
      ...SIZES.map(lines => ['loads', lines, ROUNDS.load]),
    ])
    const failed = Object.assign({}, changes.failed, ...loads.map(({ failed }) => failed))
    const load = Object.fromEntries(SIZES.map((lines, index) => [lines, loads[index].times]))
    results.lacks = lacks
    results.runs[name] = { one: changes.one, burst: changes.burst, load, failed }
  }
  return results
}
