// npm run bench                  everything: bench/results.json, and from it docs/benchmarks.md with its charts
// npm run bench -- memory tabs   only these parts; the others stay as they were measured
// npm run bench -- report        nothing is measured: the report is made anew from bench/results.json
//
// It installs what it needs by itself. Nothing fails here because something is slow.
import { execSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'
import { provideParts } from '../test/support/install-programs.mjs'
import { isInstalled } from '../test/support/installed.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const bench = fileURLToPath(new URL('.', import.meta.url))
const resultsFile = `${bench}results.json`
const readJson = file => JSON.parse(readFileSync(file, 'utf8'))

/** In this order; each names the function of its file. */
const PARTS = ['size', 'memory', 'durable', 'storage', 'tabs', 'wire', 'start', 'growth', 'click', 'server']

const run = (command, cwd = root) => execSync(command, { cwd, stdio: 'inherit' })
const seconds = since => `${((performance.now() - since) / 1000).toFixed(0)} s`

function installIn(folder) {
  if (!isInstalled(folder)) run('npm ci --ignore-scripts --include=dev --no-audit --no-fund --loglevel=error', folder)
}

/** What it ran on: figures in milliseconds say something of this machine only. */
async function describeMachine(programs) {
  const [{ model }] = cpus()
  const browsers = programs.map(({ title, version, problem }) => [title, version ?? `not measured: ${problem}`])
  return {
    date: new Date().toISOString().slice(0, 10),
    processor: `${cpus().length} × ${model.trim()}`,
    gigabytes: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${process.arch}`,
    load: loadavg()[0],
    versions: { Node: process.version.slice(1), ...Object.fromEntries(browsers) },
    peers: readJson(`${bench}package.json`).dependencies,
  }
}

// Four digits are more than a clock can tell; counts stay as they are.
const rounded = (key, value) =>
  typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value

async function measure(parts) {
  installIn(bench)
  run('npm run build')
  const programs = await provideParts(
    ['chromium', 'firefox', 'postgres'],
    (packages, install) => {
      console.log(`apt-get install ${packages.join(' ')}: not found on this machine`)
      install()
    },
    run,
  )
  const results = existsSync(resultsFile) ? readJson(resultsFile) : {}
  results.machine = await describeMachine(programs)
  for (const part of parts) {
    const start = performance.now()
    const { [part]: measurePart } = await import(`./parts/${part}.mjs`)
    results[part] = await measurePart()
    console.log(`${part}: ${seconds(start)}`)
  }
  return results
}

const start = performance.now()
const wanted = process.argv.slice(2)
const unknown = wanted.filter(name => name !== 'report' && !PARTS.includes(name))
if (unknown.length > 0) throw new Error(`Unknown: ${unknown.join(', ')}. Known: ${PARTS.join(', ')}, report`)
installIn(root)
const { format } = await import('prettier')
const { writeReport } = await import('./report/write.mjs')
const parts = wanted.length === 0 ? PARTS : PARTS.filter(name => wanted.includes(name))
if (parts.length > 0) {
  writeFileSync(
    resultsFile,
    await format(JSON.stringify(await measure(parts), rounded), { parser: 'json', printWidth: 120 }),
  )
}
await writeReport(readJson(resultsFile))
console.log(`docs/benchmarks.md is written, ${seconds(start)}`)
