import { durableOf } from './durable.mjs'
import { memoryOf } from './memory.mjs'
import { clickOf, growthOf, serverOf, sizeOf, startOf, tabsOf, wireOf } from './others.mjs'
import { targetsOf } from './targets.mjs'
import { table } from './words.mjs'

const SECTIONS = {
  memory: memoryOf,
  durable: durableOf,
  tabs: tabsOf,
  wire: wireOf,
  size: sizeOf,
  start: startOf,
  growth: growthOf,
  click: clickOf,
  server: serverOf,
}

function machineOf({ date, processor, gigabytes, system, load, versions, peers }) {
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  return `Measured ${date} on ${processor}, ${gigabytes} GB, ${system}, load ${load} at the start. ${named.join(', ')}.

${table(['peer', 'version'], Object.entries(peers))}`
}

/** The report and its charts by file name, made of nothing but the results. */
export function reportOf(results) {
  const sections = Object.entries(SECTIONS).map(([part, section]) => section(results[part]))
  const text = `# Benchmarks

\`npm run bench\` measures all of this in one run and writes this page from \`bench/results.json\`. Ratios come first; a time says
something of one machine only. Contenders take turns, one sample each in every round in another order, so that a mood of the machine hits
all alike; figures are medians with quartiles. Each peer is used as its documentation says, in one short file of
[bench/peers](../bench/peers). **Bold** is where a peer is ahead of us.

${machineOf(results.machine)}

${targetsOf(results)}

${sections.map(({ text }) => text).join('\n\n')}
`
  return { text, charts: Object.assign({}, ...sections.map(({ charts }) => charts)) }
}
