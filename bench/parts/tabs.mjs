import { BROWSERS, inBrowser } from '../browsers.mjs'
import { servePage } from '../isolated-page.mjs'
import { pathOf } from '../runtimes.mjs'
import { summary } from '../sampling.mjs'

const ROUNDS = 30
const PATIENCE_MS = 5000
const MISSES = 2

/** Changes of one peer in one tab, until the other shows each. */
async function follow(name, here, there, ahead) {
  const fromGiven = []
  const fromSaved = []
  let misses = 0
  await here.evaluate(peer => bench.open(peer), name)
  await there.evaluate(peer => bench.open(peer), name)
  let units = await here.evaluate(() => bench.shownUnits())
  while (fromGiven.length < ROUNDS && misses < MISSES) {
    units++
    const shown = there.evaluate(([wanted, patience]) => bench.shown(wanted, patience), [units, PATIENCE_MS])
    const { given, saved } = await here.evaluate(() => bench.add())
    const at = await shown
    if (at === undefined) {
      misses++
      continue
    }
    fromGiven.push(at - ahead - given)
    fromSaved.push(at - ahead - saved)
  }
  if (misses) throw new Error(`Not shown within ${PATIENCE_MS / 1000} s.`)
  return { given: summary(fromGiven), saved: summary(fromSaved) }
}

/** Until another tab shows a change. */
export async function tabs() {
  const site = await servePage(pathOf('tabs'))
  const results = { runs: {}, without: {} }
  for (const browser of BROWSERS.filter(({ isThere }) => isThere())) {
    await inBrowser(browser, async context => {
      const openPage = async () => {
        const page = await context.newPage()
        await page.goto(site.url)
        return page
      }
      const result = { times: {}, failed: {} }
      for (const name of await (await openPage()).evaluate(() => bench.names)) {
        const [here, there] = [await openPage(), await openPage()]
        await there.evaluate(() => bench.answerClock())
        const { ahead, message } = await here.evaluate(() => bench.compareClocks())
        result.message = message
        try {
          result.times[name] = await follow(name, here, there, ahead)
        } catch (error) {
          result.failed[name] = error.message
        }
        await Promise.all([here.close(), there.close()])
      }
      results.without = await (await openPage()).evaluate(() => bench.without)
      results.runs[browser.name] = result
    })
  }
  site.close()
  return results
}
