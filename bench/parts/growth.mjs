import { RUNTIMES } from '../runtimes.mjs'

const ROWS = [10, 100, 1000, 10_000]
const ROUNDS = 20

/** Whose log grows how far: the peers would need longer than the run has for the last step. */
const CONTENDERS = {
  'session-cart': ROWS,
  Replicache: ROWS.slice(0, 3),
  'TanStack DB with offline-transactions': ROWS.slice(0, 3),
}

/** What one more change costs while the log grows, in Chromium. */
export async function growth() {
  const chromium = RUNTIMES.find(({ name }) => name === 'Chromium')
  const results = {}
  for (const [name, rows] of Object.entries(CONTENDERS)) {
    const [times] = await chromium.call('growth', [['log', name, rows, ROUNDS]])
    results[name] = times
  }
  return results
}
