import { FLOORS, kilobytes, OURS, table, time, times as timesOf } from './words.mjs'
import { pick } from './memory.mjs'

const verdict = isReached => (isReached ? 'reached' : '**missed**')

/** Why a budget is missed: the words that its row begins with, and what stands in the way. */
const REASONS = [
  [
    /^(npm core|script-tag file|size to)/,
    'Size: [below](#size) is what each part takes. What keeps a cart through a crash, a lost database and other tabs, and what ' +
      'sends it once, is what the smaller peers do not have; to leave it out would be to give up a law of the design.',
  ],
  [/^command to stores/, 'Command: the list is copied and frozen, each store is set, and a receipt is made.'],
  [
    /^saved add to raw add/,
    'Saved add: the transaction itself takes as long as the raw one. The rest is the command, which is checked, applied and ' +
      'shown before it is written, and the promises in between, in code that one command after a pause finds cold.',
  ],
  [
    /^(load of|the same, a page)/,
    'Load: the raw read ends with `JSON.parse`. Ours begins there: stored bytes may be anything, so every field of a thousand ' +
      'lines is looked at, copied, frozen and added up, and a hundred commands are checked and applied. On a page of its own ' +
      'none of that code has run before, and most of the time goes to compiling and interpreting it.',
  ],
  [
    /^500 in one tick saved/,
    'Burst: each of the commands is checked, applied and shown by itself; what is listened to hears of every one.',
  ],
  [
    /lines with a listener each, to /,
    'In memory: every command checks its arguments, keeps the sum exact, makes a row for the log and a receipt, and leaves the ' +
      'list frozen.',
  ],
]

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
  const rows = [budgets(results), duels(results)]
  const missed = rows.flat().filter(cells => cells.at(-1) === verdict(false))
  const reasons = REASONS.filter(([begins]) => missed.some(([what]) => begins.test(what))).map(
    ([, text]) => `- ${text}`,
  )
  return `## Targets

${table(['budget', 'at most', 'measured', 'of the budget', ''], rows[0])}

${table(['beside the peers', 'target', 'measured', ''], rows[1])}

${reasons.length > 0 ? `What stands in the way of those that are missed:\n\n${reasons.join('\n')}` : 'None is missed.'}`
}
