import { BROWSERS, inBrowser } from '../browsers.mjs'
import { servePage } from '../isolated-page.mjs'
import { pathOf } from '../runtimes.mjs'
import { interleave } from '../sampling.mjs'

const ROUNDS = { synced: 150, local: 60, burst: 20, coldLoad: 12, warmLoad: 30 }

/** Each load in a page of its own, as a shopper has it: none of its code has run before. */
function coldLoads(context, url) {
  const once = contender => async () => {
    const page = await context.newPage()
    await page.goto(url)
    const sample = await page.evaluate(name => bench.loadOnce(name), contender)
    await page.close()
    return sample
  }
  return interleave([once('cart'), once('raw')], ROUNDS.coldLoad, 2)
}

async function measureIn(context, url) {
  const inPage = async job => {
    const page = await context.newPage()
    await page.goto(url)
    if (!(await page.evaluate(() => crossOriginIsolated))) throw new Error('The page is not cross-origin isolated.')
    const result = await job(page)
    await page.close()
    return result
  }
  const synced = await inPage(page => page.evaluate(rounds => bench.synced(rounds), ROUNDS.synced))
  const local = await inPage(page => page.evaluate(rounds => bench.local(rounds), ROUNDS.local))
  const burst = await inPage(page => page.evaluate(rounds => bench.burst(rounds), ROUNDS.burst))
  const stored = await inPage(page => page.evaluate(() => bench.prepareLoad()))
  const warm = await inPage(page => page.evaluate(rounds => bench.load(rounds), ROUNDS.warmLoad))
  const cold = await coldLoads(context, url)
  return { synced, local, burst, load: { ...stored, warm, cold } }
}

/** What it costs to keep our cart, against raw IndexedDB with the same bytes. */
export async function storage() {
  const site = await servePage(pathOf('storage'))
  const results = {}
  for (const browser of BROWSERS.filter(({ isThere }) => isThere())) {
    await inBrowser(browser, async context => {
      results[browser.name] = await measureIn(context, site.url)
    })
  }
  site.close()
  return results
}
