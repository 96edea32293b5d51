import { pick } from './memory.mjs'
import { kilobytes, OURS, table, time, times as timesOf } from './words.mjs'

const START = '<!-- bench -->'
const END = '<!-- /bench -->'

/** Under what name a peer stands in each part. */
const PEERS = [
  {
    label: 'use-shopping-cart 4',
    memory: 'use-shopping-cart 4',
    durable: 'use-shopping-cart 4',
    size: 'use-shopping-cart 4, core',
  },
  { label: 'react-use-cart', memory: 'react-use-cart, its reducer', size: 'react-use-cart' },
  { label: '@faststore/sdk', memory: '@faststore/sdk', durable: '@faststore/sdk', size: '@faststore/sdk' },
  { label: 'zustand', memory: 'zustand + immer', durable: 'zustand persist, in idb-keyval', size: 'zustand + persist' },
  { label: 'Redux Toolkit', memory: 'Redux Toolkit', size: 'Redux Toolkit' },
  { label: 'Dexie', durable: 'Dexie', size: 'Dexie' },
  { label: 'TinyBase', durable: 'TinyBase', size: 'TinyBase, mergeable, with IndexedDB and tabs' },
  { label: 'RxDB', durable: 'RxDB, on Dexie', size: 'RxDB on Dexie with replication' },
  {
    label: 'TanStack DB',
    durable: 'TanStack DB with offline-transactions',
    size: 'TanStack DB with offline-transactions',
  },
  { label: 'Replicache', durable: 'Replicache', size: 'Replicache' },
]

/** The table of the README, from the results. */
export function readmeBlock({ machine, memory, durable, start, size }) {
  const rows = memory.times.Chromium
  const { one, burst, load } = durable.runs.Chromium
  const columns = [
    ['set a quantity, 1000 lines listened to', pick(rows, 'set', 'every line', 1000), 'memory'],
    ['add a line to 1000', pick(rows, 'add', 'every line', 1000), 'memory'],
    ['one addition saved', one, 'durable'],
    ['500 saved', burst, 'durable'],
    ['load 1000 lines', load[1000], 'durable'],
    ['start on a slow device', start.times, 'durable'],
  ]
  const sizes = Object.fromEntries(size.map(({ name, brotli }) => [name, kilobytes(brotli)]))
  const ratio = (times, name) => (times[name] ? timesOf(times[name].median / times[OURS].median) : '–')
  const body = [
    ['session-cart', ...columns.map(([, times]) => time(times[OURS].median)), sizes[OURS]],
    ...PEERS.map(peer => [peer.label, ...columns.map(([, times, part]) => ratio(times, peer[part])), sizes[peer.size]]),
  ]
  return `${START}

${table(['', ...columns.map(([name]) => name), 'kB'], body)}

In Chromium ${machine.versions.Chromium} on ${machine.processor}: ours as a time, the others as a multiple of it, below 1 where they are ahead. All of
it, with what each does not do: [docs/benchmarks.md](docs/benchmarks.md), written by \`npm run bench\`.

${END}`
}

/** The README with its table anew. */
export function withBlock(readme, block) {
  const start = readme.indexOf(START)
  const end = readme.indexOf(END)
  if (start < 0 || end < start) throw new Error(`The README has no ${START} … ${END}.`)
  return readme.slice(0, start) + block + readme.slice(end + END.length)
}
