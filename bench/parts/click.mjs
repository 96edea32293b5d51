import { BROWSERS, inBrowser } from '../browsers.mjs'
import { servePage } from '../isolated-page.mjs'
import { pathOf } from '../runtimes.mjs'

const ROUNDS = 60
const SIZES = [10, 100, 1000]
const SLOWER = 4

/** What a click on + costs the main thread of a slow Chromium, from the event to the layout, with so many lines shown. */
export async function click() {
  const site = await servePage(pathOf('click'))
  const times = {}
  await inBrowser(BROWSERS[0], async context => {
    const page = await context.newPage()
    await page.goto(site.url)
    const session = await context.newCDPSession(page)
    await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER })
    for (const lines of SIZES) {
      Object.assign(times, await page.evaluate(([count, rounds]) => bench.clicks(count, rounds), [lines, ROUNDS]))
    }
  })
  site.close()
  return { times, slower: SLOWER }
}
