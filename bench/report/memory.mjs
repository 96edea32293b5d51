import { lineChart } from './charts.mjs'
import { against, slope, spread, table, time, winners } from './words.mjs'

const OPERATIONS = [
  ['set', 'every line', 'set a quantity; every line and the total are listened to'],
  ['add', 'every line', 'add a line; the same'],
  ['remove', 'every line', 'remove a line; the same'],
  ['set', 'the total', 'set a quantity; only the total is listened to'],
  ['add', 'the total', 'add a line; the same'],
  ['remove', 'the total', 'remove a line; the same'],
  ['total', 'nobody', 'set a quantity and read the total; nobody listens'],
]

const headOf = (operation, listeners) => `${operation}, ${listeners}`
const sizesOf = runs => Object.keys(runs).map(Number)
const peersOf = runs => Object.keys(runs[1000]['set, every line'])
const count = lines => lines.toLocaleString('en')

/** The times of one operation by peer. */
export const pick = (runs, operation, listeners, lines) => runs[lines][headOf(operation, listeners)]

function ratios(runs, lines) {
  const columns = OPERATIONS.map(([operation, listeners]) => pick(runs, operation, listeners, lines))
  const rows = peersOf(runs).map(peer => [peer, ...columns.map(times => against(peer, times))])
  return table([`${count(lines)} lines`, ...OPERATIONS.map((_, index) => `${index + 1}`)], rows)
}

function quartiles(runs, lines) {
  const rows = peersOf(runs).map(peer => [
    peer,
    ...OPERATIONS.map(([operation, listeners]) => spread(pick(runs, operation, listeners, lines)[peer])),
  ])
  return table(['', ...OPERATIONS.map((_, index) => `${index + 1}`)], rows)
}

const curveOf = (runs, peer) => sizesOf(runs).map(lines => [lines, pick(runs, 'set', 'every line', lines)[peer].median])

function curves(runs) {
  const rows = peersOf(runs).map(peer => {
    const points = curveOf(runs, peer)
    return [peer, slope(points).toFixed(2), ...points.map(([, ms]) => time(ms))]
  })
  return table(['set a quantity', 'slope', ...sizesOf(runs).map(lines => `${count(lines)} lines`)], rows)
}

/** The part of the report on carts in memory, with its charts. */
export function memoryOf({ times, lacks }) {
  const places = Object.entries(times)
  const lacking = table(
    ['', 'does not do'],
    Object.entries(lacks)
      .filter(([, text]) => text)
      .map(([name, text]) => [name, text]),
  )
  const sections = places.map(([place, rows]) => {
    const sizes = sizesOf(rows).filter(lines => lines > 1)
    const said = OPERATIONS.map(([operation, listeners], index) =>
      winners(`${index + 1}`, pick(rows, operation, listeners, 1000)),
    )
    return `### ${place}

${sizes.map(lines => ratios(rows, lines)).join('\n\n')}

At 1000 lines: ${said.join(' ')}

Medians and quartiles at 1000 lines:

${quartiles(rows, 1000)}

How the cost grows with the lines, every one of them listened to; a slope of 0 is flat, one of 1 grows like the cart:

${curves(rows)}

![How the cost of a change grows with the lines, ${place}](images/bench-lines-${place.toLowerCase()}.svg)`
  })
  const charts = places.map(([place, rows]) => [
    `bench-lines-${place.toLowerCase()}.svg`,
    lineChart(
      `Set a quantity, a listener for each line (${place})`,
      'lines in the cart',
      peersOf(rows).map(name => ({ name, points: curveOf(rows, name) })),
      time,
    ),
  ])
  const text = `## In memory

Until everybody who listens has heard of one change; storage is off everywhere. Each cell is how many times our time a peer
takes, and its median. All carts do the same changes in the same run, and afterwards all have to show the same total. The
lines of a page over a store that only says that something changed are found by one walk that compares objects.

${OPERATIONS.map(([, , text], index) => `${index + 1}. ${text}`).join('\n')}

${lacking}

${sections.join('\n\n')}`
  return { text, charts: Object.fromEntries(charts) }
}
