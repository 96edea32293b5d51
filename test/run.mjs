// npm test                      everything, in the order of STEPS
// npm test -- lint unit         only these steps or test projects ('browser' is its projects in all engines)
// npm test -- unit -- money     what follows the second -- goes to vitest
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { provideParts } from './support/install-programs.mjs'
import { isInstalled } from './support/installed.mjs'

// Those of one group wait for nothing of each other.
const GROUPS = [['format', 'lint', 'types', 'build'], ['vitest'], ['publint', 'attw', 'size', 'knip']]
const STEPS = GROUPS.flat()
const BROWSER = ['browser-node', 'browser-chromium', 'browser-firefox', 'browser-webkit']
const PROJECTS = ['unit', 'simulation', ...BROWSER, 'examples', 'e2e', 'package']
const NEED_BUILD = ['examples', 'e2e', 'package', 'publint', 'attw', 'size']
const PARTS = {
  unit: ['postgres', 'pooler'],
  'browser-chromium': ['chromium'],
  'browser-firefox': ['firefox'],
  'browser-webkit': ['webkit'],
  package: ['chromium'],
  examples: ['chromium', 'firefox', 'webkit'],
  e2e: ['chromium', 'firefox', 'webkit', 'postgres', 'pooler'],
}

const root = fileURLToPath(new URL('..', import.meta.url))
const readJson = file => JSON.parse(readFileSync(join(root, file), 'utf8'))
const temporary = mkdtempSync(join(tmpdir(), 'session-cart-'))
const closingLineFile = join(temporary, 'closing-line')

class Failed extends Error {}

const inShell = env => ({
  cwd: root,
  shell: true,
  // The tools of node_modules come first on the path, as npm would have it.
  env: { ...process.env, PATH: [join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter), ...env },
})

function check(command, status, error) {
  if (error) throw new Failed(`${command}: ${error.message}`)
  if (status !== 0) throw new Failed(`${command}: exit code ${status ?? 'none, it was killed'}`)
}

/** Runs a shell command, which prints as it goes. */
function run(command, env = {}) {
  const { status, error } = spawnSync(command, { ...inShell(env), stdio: 'inherit' })
  check(command, status, error)
}

/** Runs a shell command beside others; what it printed is printed when it has ended. */
async function runBeside(name, command) {
  const start = performance.now()
  const child = spawn(command, { ...inShell(), stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', text => (output += text))
  const [status, error] = await new Promise(resolve => {
    child.once('error', reason => resolve([null, reason]))
    child.once('close', code => resolve([code]))
  })
  const sign = status === 0 ? '✔' : '✖'
  console.log(`\n▶ ${name}\n${output.trimEnd()}\n${sign} ${name}, ${((performance.now() - start) / 1000).toFixed(1)} s`)
  check(command, status, error)
}

function timed(name, action) {
  const start = performance.now()
  const seconds = () => `${((performance.now() - start) / 1000).toFixed(1)} s`
  console.log(`\n▶ ${name}`)
  try {
    action()
  } catch (error) {
    console.log(`✖ ${name}, ${seconds()}`)
    throw error
  }
  console.log(`✔ ${name}, ${seconds()}`)
}

function install() {
  if (isInstalled(root)) return
  timed('npm ci: node_modules is missing or does not match package-lock.json', () =>
    run('npm ci --ignore-scripts --include=dev --no-audit --no-fund'),
  )
}

/** @returns the steps to run, in order, and the vitest projects among them */
function choose(names) {
  const wanted = names.flatMap(name => (name === 'browser' ? BROWSER : name))
  const unknown = wanted.filter(name => !STEPS.includes(name) && !PROJECTS.includes(name))
  if (unknown.length > 0) {
    throw new Failed(`Unknown: ${unknown.join(', ')}. Known: ${[...STEPS, ...PROJECTS, 'browser'].join(', ')}`)
  }
  if (wanted.length === 0) return { steps: STEPS, projects: PROJECTS }
  const projects = wanted.includes('vitest') ? PROJECTS : PROJECTS.filter(name => wanted.includes(name))
  const needs = new Set([...wanted, ...projects])
  if (projects.length > 0) needs.add('vitest')
  if (NEED_BUILD.some(name => needs.has(name))) needs.add('build')
  return { steps: STEPS.filter(name => needs.has(name)), projects }
}

// What the vitest run had, once it has begun.
let parts = []

/** Runs the projects on all that is here or can be installed. Without Chromium nothing counts as tested. */
async function runVitest(command, projects, extra) {
  const needed = [...new Set(projects.flatMap(name => PARTS[name] ?? []))]
  const provided = await provideParts(
    needed,
    (packages, action) => timed(`apt-get install ${packages.join(' ')}: not found on this machine`, action),
    run,
  )
  const absent = provided.filter(({ problem }) => problem)
  for (const { title, problem } of absent) console.log(`\n${title} is not tested: ${problem}`)
  if (absent.some(({ part }) => part === 'chromium')) throw new Failed('Chromium is the one engine that must be there.')
  const isRunnable = name => !name.startsWith('browser-') || !absent.some(({ part }) => PARTS[name]?.includes(part))
  const runnable = projects.filter(isRunnable)
  if (runnable.length === 0) throw new Failed('No test project is left to run.')
  parts = provided
  const filters = runnable.map(name => `--project ${name}`).join(' ')
  const quoted = extra.map(word => JSON.stringify(word)).join(' ')
  timed('vitest', () => run(`${command} ${filters} ${quoted}`, { CLOSING_LINE_FILE: closingLineFile }))
}

/** What the tests ran on, and what not and why. */
function partsLine() {
  const ran = parts.filter(({ version }) => version).map(({ title, version }) => `${title} ${version}`)
  const absent = parts.filter(({ problem }) => problem).map(({ title, problem }) => `; not ${title}: ${problem}`)
  return `Engines: ran on ${ran.join(', ') || 'none'}${absent.join('')}`
}

/** The line of the tests, with a step that failed outside of them counted as one more failure. */
function closingLine(failedStep) {
  const line = existsSync(closingLineFile) ? readFileSync(closingLineFile, 'utf8') : '0 passed, 0 failed, 0 skipped'
  const failures = Number(/(\d+) failed/.exec(line)[1])
  return failedStep && failures === 0 ? line.replace('0 failed', '1 failed') : line
}

async function main() {
  const args = process.argv.slice(2)
  const end = args.indexOf('--')
  const { steps, projects } = choose(end < 0 ? args : args.slice(0, end))
  install()
  const { scripts } = readJson('package.json')
  for (const group of GROUPS) {
    const wanted = group.filter(name => steps.includes(name))
    if (wanted.includes('vitest')) await runVitest(scripts.vitest, projects, end < 0 ? [] : args.slice(end + 1))
    else {
      const results = await Promise.allSettled(wanted.map(name => runBeside(name, scripts[name])))
      const failure = results.find(({ status }) => status === 'rejected')
      if (failure) throw failure.reason
    }
  }
}

let failed = false
try {
  await main()
} catch (error) {
  failed = true
  console.error(error instanceof Failed ? error.message : error)
} finally {
  if (parts.length > 0) console.log(`\n${partsLine()}`)
  console.log(`\n${closingLine(failed)}`)
  rmSync(temporary, { recursive: true, force: true })
}
process.exitCode = failed ? 1 : 0
