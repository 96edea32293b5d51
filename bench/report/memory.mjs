import { lineChart } from './charts.mjs'
import { against, OURS, slope, spread, table, time, winners } from './words.mjs'

const OPERATIONS = [
  ['set', 'every line', 'set a quantity; every line and the total are listened to'],
  ['add', 'every line', 'add a line; the same'],
  ['remove', 'every line', 'remove a line; the same'],
  ['set', 'the total', 'set a quantity; only the total is listened to'],
  ['add', 'the total', 'add a line; the same'],
  ['remove', 'the total', 'remove a line; the same'],
  ['total', 'nobody', 'set a quantity and read the total; nobody listens'],
]

const sizesOf = rows => [...new Set(rows.map(({ lines }) => lines))]
const peersOf = rows => [...new Set(rows.map(({ peer }) => peer))]

/** The times of one operation by peer. */
export function pick(rows, operation, listeners, lines) {
  const chosen = rows.filter(row => row.operation === operation && row.listeners === listeners && row.lines === lines)
  return Object.fromEntries(chosen.map(row => [row.peer, row]))
}

function ratios(rows, lines) {
  const columns = OPERATIONS.map(([operation, listeners]) => pick(rows, operation, listeners, lines))
  const peers = peersOf(rows).map(peer => [
    peer,
    ...columns.map(times => (peer === OURS ? time(times[OURS].median) : against(times[OURS], times[peer]))),
  ])
  return table([`${lines.toLocaleString('en')} lines`, ...OPERATIONS.map((_, index) => `${index + 1}`)], peers)
}

function quartiles(rows, lines) {
  const peers = peersOf(rows)
  const body = OPERATIONS.map(([operation, listeners], index) => {
    const times = pick(rows, operation, listeners, lines)
    return [`${index + 1}`, ...peers.map(peer => spread(times[peer]))]
  })
  return table(['operation', ...peers], body)
}

const curveOf = (rows, peer) => sizesOf(rows).map(lines => [lines, pick(rows, 'set', 'every line', lines)[peer].median])

function curves(rows) {
  const sizes = sizesOf(rows)
  const body = peersOf(rows).map(peer => {
    const points = curveOf(rows, peer)
    return [peer, slope(points).toFixed(2), ...points.map(([, ms]) => time(ms))]
  })
  return table(['set a quantity', 'slope', ...sizes.map(lines => `${lines.toLocaleString('en')} lines`)], body)
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
