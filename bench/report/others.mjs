// Tabs, the wire, size, start, growth of the log, a click and the server.
import { barChart, lineChart } from './charts.mjs'
import { kilobytes, OURS, ratio, reasons, slope, spread, table, time, times as timesOf, winners } from './words.mjs'

export function tabsOf({ runs, without }) {
  const sections = Object.entries(runs).map(([browser, { times, message, failed }]) => {
    const given = Object.fromEntries(Object.entries(times).map(([name, { given }]) => [name, given]))
    const rows = Object.entries(times).map(([name, { given: fromGiven, saved }]) => [
      name,
      ratio(name, fromGiven.median, given[OURS].median),
      spread(fromGiven),
      time(Math.max(saved.median, 0)),
    ])
    return `### ${browser}

${table(['', 'to ours', 'from the call', 'from saved'], rows)}

A message between the tabs by itself takes ${time(message)}. ${winners('From the call', given)}

${reasons(failed)}`
  })
  const text = `## Several tabs

From a change in one tab until another tab shows it. Where a peer is quicker, it tells the other tab before the change is on
the disk, or has it in \`localStorage\` only; ours tells what is saved. From saved it is 0 where the other tab is as quick as the
word that it is saved.

${sections.join('\n\n')}

By themselves these show no change of another tab:

${Object.entries(without)
  .map(([name, reason]) => `- ${name}: ${reason}`)
  .join('\n')}`
  return { text, charts: {} }
}

export function wireOf({ scenarios, lacks }) {
  const sections = scenarios.map(({ name, peers, failed }) => {
    const ours = peers[OURS]
    const rows = Object.entries(peers).map(([peer, { requests, up, down, ms }]) => {
      if (requests === 0) return [peer, 'nothing is sent again', '', '', '']
      return [peer, requests, ratio(peer, up + down, ours.up + ours.down), `${up} / ${down}`, time(ms)]
    })
    return `### ${name[0].toUpperCase()}${name.slice(1)}

${table(['', 'requests', 'bytes to ours', 'bytes up / down', 'until all is answered'], rows)}

${reasons(failed)}`
  })
  const text = `## On the wire

Requests and bytes of their bodies, counted at the server, in Chromium. The server takes 50 ms for an answer in the first
table, 5 ms in the others. Bold where a peer moves fewer bytes: it sends what is, where ours sends what was done, with a
number and a time each, so that two devices' clicks add up and each can be refused alone.

${table(
  ['', 'lacks'],
  Object.entries(lacks).filter(([, lack]) => lack),
)}

${sections.join('\n\n')}`
  return { text, charts: {} }
}

export function sizeOf(entries) {
  const measured = entries.filter(({ failed }) => !failed)
  const ours = measured.find(({ name }) => name === OURS)
  const rows = measured
    .toSorted((one, other) => one.brotli - other.brotli)
    .map(({ name, brotli, minified, sync, lacks }) => {
      return [
        name,
        ratio(name, brotli, ours.brotli),
        kilobytes(brotli),
        kilobytes(minified),
        sync ? 'yes' : 'no',
        lacks,
      ]
    })
  const all = Object.values(ours.parts).reduce((sum, bytes) => sum + bytes, 0)
  const parts = Object.entries(ours.parts)
    .toSorted(([, one], [, other]) => other - one)
    .map(([part, bytes]) => [`\`${part}\``, kilobytes(bytes), `${((bytes / all) * 100).toFixed(0)} %`])
  const smaller = measured.filter(({ sync, brotli }) => sync && brotli < ours.brotli).map(({ name }) => name)
  const text = `## Size

Bundled and minified by esbuild with all dependencies, in brotli, in kB of 1000 bytes. Smaller than ours, though they sync
with a server: ${smaller.length > 0 ? smaller.join('; ') : 'none'}.

${table(['import', 'to ours', 'brotli', 'minified', 'syncs with a server', 'does not do'], rows)}

What ours are made of:

${table(['part', 'minified', 'of it'], parts)}

![Sizes](images/bench-size.svg)

${reasons(Object.fromEntries(entries.filter(({ failed }) => failed).map(({ name, failed }) => [name, failed])))}`
  const bars = measured.map(({ name, brotli }) => ({ name, value: brotli, label: `${kilobytes(brotli)} kB` }))
  return { text, charts: { 'bench-size.svg': barChart('Minified, in brotli, with all dependencies', bars) } }
}

export function startOf({ times, bytes, failed, slower, lines }) {
  const rows = Object.entries(times)
    .toSorted(([, one], [, other]) => one.median - other.median)
    .map(([name, taken]) => [
      name,
      ratio(name, taken.median, times[OURS].median),
      spread(taken),
      kilobytes(bytes[name]),
    ])
  const text = `## Start

From the start of the script, compiling included, until the ${lines} lines that the last page left are shown, on a first visit to a page of
its own in Chromium with its processor ${slower} times slower.

${table(['', 'to ours', 'median and quartiles', 'script, kB minified'], rows)}

${winners('Start', times)}

![Start](images/bench-start.svg)

${reasons({ ...failed, 'react-use-cart': 'it is a component of React, whose start would be most of it' })}`
  const bars = Object.entries(times).map(([name, { median }]) => ({ name, value: median, label: time(median) }))
  const title = `Script start to the stored cart, processor ${slower} × slower`
  return { text, charts: { 'bench-start.svg': barChart(title, bars) } }
}

export function growthOf(growth) {
  const measures = {
    shown: 'until the call returned',
    saved: 'until it was saved',
    load: 'until another page has the cart',
  }
  const all = [...new Set(Object.values(growth).flatMap(byRows => Object.keys(byRows)))]
  const pointsOf = (byRows, measure) =>
    Object.entries(byRows).map(([rows, times]) => [Number(rows), times[measure].median])
  const sections = Object.entries(measures).map(([measure, title]) => {
    const rows = Object.entries(growth).map(([name, byRows]) => {
      const points = pointsOf(byRows, measure)
      return [
        name,
        slope(points).toFixed(2),
        ...all.map(count => (byRows[count] ? spread(byRows[count][measure]) : '–')),
      ]
    })
    return table([title, 'slope', ...all.map(count => `${Number(count).toLocaleString('en')} waiting`)], rows)
  })
  const text = `## Growth of the log

One more change, while so many wait for a server that does not answer; in Chromium. A slope of 0 is flat. Filling a peer's log
with 10,000 changes takes longer than this run may. What the lines of the cart cost is in the part on memory.

${sections.join('\n\n')}

![Growth of the log](images/bench-log.svg)`
  const series = Object.entries(growth).map(([name, byRows]) => ({ name, points: pointsOf(byRows, 'saved') }))
  return {
    text,
    charts: { 'bench-log.svg': lineChart('One more change until it is saved', 'changes that wait', series, time) },
  }
}

export function clickOf({ times, slower }) {
  const rows = Object.entries(times).map(([name, taken]) => [name, spread(taken), time(taken.p95)])
  const text = `## A click on a page

A click on + in a list bound with \`data-cart-*\`, from the event to the layout, in Chromium with its processor ${slower} times slower.

${table(['on the page', 'median and quartiles', '95 of 100'], rows)}`
  return { text, charts: {} }
}

export function serverOf(server) {
  const sections = Object.entries(server).map(([database, { characters, lines, bursts, memory }]) => {
    const rows = bursts.flatMap(({ concurrency, requests, handlers }) =>
      Object.entries(handlers).map(([name, { burst, request }]) => [
        `${name}, ${concurrency} at once`,
        timesOf(burst.median / handlers.bare.burst.median),
        Math.round(requests / (burst.median / 1000)),
        spread(request),
      ]),
    )
    const remembered = memory
      ? `Memory after a collection, from ${memory[2].requests} to ${memory.at(-1).requests} requests: heap ${timesOf(memory.at(-1).heapUsed / memory[2].heapUsed)}, resident ${timesOf(memory.at(-1).rss / memory[2].rss)}.`
      : ''
    return `### ${database}

One change in a cart of ${lines} lines, documents of ${characters} characters.

${table(['', 'time to bare', 'requests a second', 'one request'], rows)}

${remembered}`
  })
  const text = `## The server

Over HTTP on one machine, against a bare handler of \`node:http\` that parses the body and upserts one row as large;
\`adapted\` is the same behind the adapter that ours is behind.

${sections.join('\n\n')}`
  return { text, charts: {} }
}
