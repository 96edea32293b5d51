import { FLOORS, kilobytes, OURS, table, time, times as timesOf } from './words.mjs'
import { pick } from './memory.mjs'

const verdict = isReached => (isReached ? 'reached' : '**missed**')

/** Every budget, what was measured and the ratio to it. `reached` also when a figure is the budget itself. */
function budgets({ size, memory, storage, tabs, wire, click }) {
  const byName = Object.fromEntries(size.map(entry => [entry.name, entry]))
  const rows = []
  const add = (what, budget, value, text) =>
    rows.push([what, text(budget), text(value), timesOf(value / budget), verdict(value <= budget)])
  const kB = value => `${value.toFixed(1)} kB`
  add('npm core, min + brotli', 9.5, byName[OURS].brotli / 1000, kB)
  add('script-tag file, min + brotli', 12.5, byName['session-cart, the script-tag file'].brotli / 1000, kB)
  for (const [place, rowsOf] of Object.entries(memory.times)) {
    add(
      `command to stores, 1000 lines with a listener each, ${place}`,
      0.05,
      pick(rowsOf, 'set', 'every line', 1000)[OURS].median,
      time,
    )
  }
  for (const [browser, { synced, burst, load }] of Object.entries(storage)) {
    const { times } = synced
    const raw = times['raw add of addItem'].median
    add(`saved add to raw add, 10 lines, ${browser}`, 1.3, times['addItem, 10 lines'].median / raw, timesOf)
    add(`saved add to raw add, 1000 lines, ${browser}`, 1.3, times['addItem, 1000 lines'].median / raw, timesOf)
    add(
      `saved add, 1000 lines to 10, ${browser}`,
      1.2,
      times['addItem, 1000 lines'].median / times['addItem, 10 lines'].median,
      timesOf,
    )
    add(`500 commands in one tick, transactions, ${browser}`, 1, Math.max(...burst.transactions), String)
    add(
      `load of 1000 lines and 100 rows to a raw read, warm, ${browser}`,
      1.5,
      load.warm.cart.median / load.warm.raw.median,
      timesOf,
    )
    add(`the same, a page of its own, ${browser}`, 1.5, load.cold.cart.median / load.cold.raw.median, timesOf)
  }
  for (const [browser, { times }] of Object.entries(tabs.runs)) {
    add(`another tab shows a change after saved, ${browser}`, 5, Math.max(times[OURS].saved.median, 0), time)
  }
  add('requests for 100 edits in a second', 2, wire.scenarios[0].peers[OURS].requests, String)
  add(`a click on +, 1000 lines, processor ${click.slower} × slower`, 16, click.times['1000 lines'].median, time)
  return rows
}

// What they write a kill within seconds takes: it is not saved as ours is.
const IN_LOCAL_STORAGE = ['@nanostores/persistent', 'use-shopping-cart 4']

/** What the carts that are compared have to be behind. */
function duels({ memory, durable, size }) {
  const rows = []
  for (const [place, times] of Object.entries(memory.times)) {
    for (const peer of ['use-shopping-cart 4', 'react-use-cart, its reducer']) {
      for (const [operation, listeners] of [
        ['set', 'every line'],
        ['add', 'every line'],
        ['remove', 'every line'],
      ]) {
        const picked = pick(times, operation, listeners, 1000)
        const ratio = picked[peer].median / picked[OURS].median
        rows.push([
          `${operation}, 1000 lines with a listener each, to ${peer}, ${place}`,
          '≥ 10 ×',
          timesOf(ratio),
          verdict(ratio >= 10),
        ])
      }
    }
  }
  for (const [browser, { burst }] of Object.entries(durable.runs)) {
    const [name, { median }] = Object.entries(burst)
      .filter(([peer]) => peer !== OURS && !FLOORS.includes(peer) && !IN_LOCAL_STORAGE.includes(peer))
      .toSorted(([, one], [, other]) => one.median - other.median)[0]
    const ratio = median / burst[OURS].median
    rows.push([
      `500 in one tick saved, to the quickest peer in IndexedDB (${name}), ${browser}`,
      '> 1 ×',
      timesOf(ratio),
      verdict(ratio > 1),
    ])
  }
  const ours = size.find(({ name }) => name === OURS).brotli
  for (const { name, brotli, sync } of size) {
    if (!sync || name.startsWith(OURS)) continue
    rows.push([
      `size to ${name}, which syncs, ${kilobytes(brotli)} kB`,
      '> 1 ×',
      timesOf(brotli / ours),
      verdict(brotli > ours),
    ])
  }
  return rows
}

export function targetsOf(results) {
  return `## Targets

${table(['budget', 'at most', 'measured', 'of the budget', ''], budgets(results))}

${table(['beside the peers', 'target', 'measured', ''], duels(results))}`
}
