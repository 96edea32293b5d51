// What a click on + costs the main thread, from the event to the layout, with so many lines on the page, at a quarter of the
// processor's speed. Run: npm run build && node bench/html.mjs
import { cpus, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { BROWSERS, inBrowser } from './browsers.mjs'
import { servePage } from './isolated-page.mjs'

const ROUNDS = 100
const BUDGET_MS = 16
const SLOWER = 4

const [browser] = BROWSERS
if (!browser.isThere()) throw new Error('Chromium is not there: only it can be slowed down.')
const page = await servePage(fileURLToPath(new URL('html-page.mjs', import.meta.url)))
await inBrowser(browser, async context => {
  const tab = await context.newPage()
  await tab.goto(page.url)
  const session = await context.newCDPSession(tab)
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER })
  const rows = {}
  for (const lines of [10, 100, 1000]) {
    const [[name, { median, p95 }]] = Object.entries(
      await tab.evaluate(([count, rounds]) => bench.clicks(count, rounds), [lines, ROUNDS]),
    )
    const verdict = median <= BUDGET_MS ? 'reached' : 'MISSED'
    rows[name] = { 'median ms': median.toFixed(2), 'p95 ms': p95.toFixed(2), budget: `≤ ${BUDGET_MS} ms`, verdict }
  }
  console.log(
    `A click on +, ${ROUNDS} samples each, processor ${SLOWER} × slower; ${cpus()[0].model}, load ${loadavg()[0].toFixed(1)}`,
  )
  console.table(rows)
})
page.close()
