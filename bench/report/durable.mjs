import { barChart } from './charts.mjs'
import { against, reasons, spread, table, time, winners } from './words.mjs'

/** The part of the report on carts that are kept on the device. */
export function durableOf({ runs, lacks }) {
  const charts = {}
  const sections = Object.entries(runs).map(([browser, { one, burst, load, failed }]) => {
    const sizes = Object.keys(load)
    const columns = [one, burst, ...sizes.map(lines => load[lines])]
    const rows = Object.keys(one).map(peer => [peer, ...columns.map(times => against(peer, times))])
    const medians = Object.keys(one).map(peer => [
      peer,
      ...columns.map(times => (times[peer] ? spread(times[peer]) : '–')),
    ])
    const headers = ['', 'one addition', '500 in one tick', ...sizes.map(lines => `load ${lines} lines`)]
    const file = `bench-burst-${browser.toLowerCase()}.svg`
    charts[file] = barChart(
      `500 additions in one tick, until all are saved (${browser})`,
      Object.entries(burst).map(([name, { median }]) => ({ name, value: median, label: time(median) })),
    )
    return `### ${browser}

${table(headers, rows)}

${columns.map((times, index) => winners(headers[index + 1], times)).join(' ')}

![500 additions in one tick, ${browser}](images/${file})

Medians and quartiles:

${table(headers, medians)}

${reasons(failed)}`
  })
  const lacking = Object.entries(lacks).filter(([, text]) => text)
  const text = `## On the device

Until a change is on the disk: by the peer's own word where it gives one, else when the IndexedDB transaction that holds the
change is complete, watched from outside. A load is from the call until the stored lines are there, in a page whose code is
warm. After the run every cart is opened again and has to hold every unit that was added. Each cell is how many times our
time a peer takes, and its median.

${table(['', 'does not do'], lacking)}

What is written to \`localStorage\` is there at once, and gone when the browser is killed within some seconds.

${sections.join('\n\n')}`
  return { text, charts }
}
