import { RUNTIMES } from '../runtimes.mjs'

const SIZES = [1, 10, 100, 1000, 10_000]
const ROUNDS = 24
// Where a peer copies ten thousand lines for each change, a sample takes long.
const ROUNDS_OF_LARGEST = 6

/** Changes in memory, of carts that nothing is kept of. */
export async function memory() {
  const results = { times: {}, lacks: {} }
  for (const { name, call } of RUNTIMES) {
    const calls = SIZES.map(lines => ['measure', lines, lines === SIZES.at(-1) ? ROUNDS_OF_LARGEST : ROUNDS])
    const [lacks, ...times] = await call('memory', [['lacks'], ...calls])
    results.times[name] = Object.fromEntries(SIZES.map((lines, index) => [lines, times[index]]))
    results.lacks = lacks
  }
  return results
}
