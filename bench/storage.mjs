// What it costs to keep a cart in IndexedDB, in Chromium and Firefox, against what IndexedDB costs by itself in the same
// run. Ratios come first: a figure in milliseconds says something of this machine only. Nothing fails here; a budget that
// is missed is said to be missed. Run: npm run build && node bench/storage.mjs [Chromium] [Firefox] [durable] [load] …
import { cpus, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { BROWSERS, inBrowser } from './browsers.mjs'
import { servePage } from './isolated-page.mjs'
import { interleave, summary } from './sampling.mjs'

const ROUNDS = { synced: 300, local: 150, naive: 60, burst: 20, coldLoad: 20, warmLoad: 40, tabs: 60 }
const SIZES = [10, 100, 1000]

const format = ms => ms?.toFixed(3)
const verdict = isReached => (isReached ? 'reached' : 'MISSED')

/** A row of a table: a time as a ratio to another one, and whether that is within a budget. */
function compared(what, time, against, floor, budget) {
  const ratio = time.median / floor.median
  const judged = budget && { budget: `≤ ${budget} ×`, verdict: verdict(ratio <= budget) }
  return { what, against, ratio: ratio.toFixed(2), ...judged, ...plain(what, time) }
}

/** A row of a table: a time without a judgement. */
function plain(what, { median, p95 }) {
  return { what, 'median ms': format(median), 'p95 ms': format(p95) }
}

function print(title, rows) {
  const empty = { against: '', ratio: '', budget: '', verdict: '', 'median ms': '', 'p95 ms': '' }
  console.log(`\n${title}`)
  console.table(Object.fromEntries(rows.map(({ what, ...row }) => [what, { ...empty, ...row }])))
}

async function durable(page) {
  const show = (kind, commands, { times, otherWrites, bytes }) => {
    const rows = commands.flatMap(command => {
      const names = SIZES.map(lines => `${command}, ${lines} lines`)
      const raw = times[`raw add of ${command}`]
      return [
        ...names.map(name => compared(name, times[name], 'raw add', raw, 1.3)),
        compared(`${command}, flat`, times[names.at(-1)], '10 lines', times[names[0]], 1.2),
        plain(`raw add of the row of ${command}`, raw),
      ]
    })
    const title = `A command on a line that is there, until it is saved; ${kind}`
    print(`${title}; rows of ${bytes} bytes of JSON; ${otherWrites} other writes meanwhile`, rows)
  }
  const synced = await page.evaluate(rounds => bench.synced(rounds), ROUNDS.synced)
  show(`a cart whose server is silent, ${ROUNDS.synced} samples each`, ['addItem', 'changeQuantity'], synced)
  const local = await page.evaluate(rounds => bench.local(rounds), ROUNDS.local)
  show(`a cart without an endpoint, ${ROUNDS.local} samples each`, ['addItem'], local)
}

async function naive(page) {
  const { 'raw put': raw, ...times } = await page.evaluate(rounds => bench.naive(rounds), ROUNDS.naive)
  print(`What others write, until it is saved; ${ROUNDS.naive} samples each`, [
    ...Object.entries(times).map(([name, time]) => compared(name, time, 'raw put', raw)),
    plain('raw put of a small value', raw),
  ])
}

async function burst(page) {
  const { times, transactions } = await page.evaluate(rounds => bench.burst(rounds), ROUNDS.burst)
  const isOne = transactions.join() === '1'
  print(`500 commands in one tick, until all are saved; ${ROUNDS.burst} samples`, [
    { what: 'readwrite transactions', ratio: transactions.join(), budget: '1', verdict: verdict(isOne) },
    compared('500 commands', times.cart, 'raw add', times.raw),
    plain('raw add of their row', times.raw),
  ])
}

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

async function warmLoads(context, url) {
  const page = await context.newPage()
  await page.goto(url)
  const times = await page.evaluate(rounds => bench.load(rounds), ROUNDS.warmLoad)
  await page.close()
  return times
}

async function load(page, context, url) {
  const { entries, bytes } = await page.evaluate(() => bench.prepareLoad())
  const show = (how, times) =>
    print(`Load of 1000 lines and 100 rows (${entries} entries, ${bytes} bytes of JSON), ${how}`, [
      compared('to the first full view', times.cart, 'raw read', times.raw, 1.5),
      compared('the same without open', times['cart without open'], 'without open', times['raw without open'], 1.5),
      plain('to the first listener', times['first listener']),
      plain('raw read + JSON.parse', times.raw),
      plain('raw read without open', times['raw without open']),
    ])
  show(`again and again in one page; ${ROUNDS.warmLoad} samples each`, await warmLoads(context, url))
  show(`each in a page of its own; ${ROUNDS.coldLoad} samples each`, await coldLoads(context, url))
}

async function tabs(page, context, url) {
  const other = await context.newPage()
  await other.goto(url)
  await page.evaluate(() => bench.openTab())
  let { quantity } = await page.evaluate(() => bench.changeInTab())
  await other.evaluate(() => bench.openTab())
  await other.evaluate(() => bench.answerClock())
  const { ahead, message } = await page.evaluate(() => bench.compareClocks())
  const times = []
  let misses = 0
  while (times.length < ROUNDS.tabs && misses < 3) {
    const shown = other.evaluate(wanted => bench.shownInTab(wanted), quantity + 1)
    const saved = await page.evaluate(() => bench.changeInTab())
    const at = await shown
    quantity = saved.quantity
    if (at === undefined) misses++
    else times.push(at - ahead - saved.at)
  }
  await other.close()
  const { median, p95 } = misses ? {} : summary(times)
  print(`Another tab shows a change, counted from saved; ${times.length} samples, clocks ${format(ahead)} ms apart`, [
    {
      what: 'saved here, shown there',
      budget: '≤ 5 ms',
      verdict: verdict(median <= 5),
      'median ms': format(median) ?? `not shown within 1 s, ${misses} of ${misses + times.length}`,
      'p95 ms': format(p95) ?? '',
    },
    { what: 'a message by itself', 'median ms': format(message) },
  ])
}

const PARTS = { durable, naive, burst, load, tabs }

async function measure(context, url, parts) {
  for (const part of parts) {
    const page = await context.newPage()
    await page.goto(url)
    if (!(await page.evaluate(() => crossOriginIsolated))) throw new Error('The page is not cross-origin isolated.')
    await PARTS[part](page, context, url)
    await page.close()
  }
}

const averageLoad = () => loadavg()[0].toFixed(2)

const wanted = process.argv.slice(2)
const chosen = (all, nameOf = one => one) => {
  const found = all.filter(one => wanted.includes(nameOf(one)))
  return found.length ? found : all
}
const site = await servePage(fileURLToPath(new URL('storage-page.mjs', import.meta.url)))
for (const browser of chosen(BROWSERS, ({ name }) => name)) {
  const { name } = browser
  if (!browser.isThere()) {
    console.log(`\n${name} was not found: nothing was measured in it.`)
    continue
  }
  await inBrowser(browser, async context => {
    const before = averageLoad()
    console.log(`\n${name} ${context.browser().version()}, ${cpus().length} × ${cpus()[0].model}`)
    await measure(context, site.url, chosen(Object.keys(PARTS)))
    console.log(`Load average of the machine: ${before} before, ${averageLoad()} after`)
  })
}
site.close()
