// `npm start`: makes what is missing, then runs the shop's page, the sync server and a Talon.One as three processes, so
// that the latter two can be stopped and started again while the shop is open. `npm start react` serves that example
// instead of the script-tag shop; examples.mjs has the names.
//
//   PORT            the shop's port, 4173 if not given; another free one when it is taken
//   SYNC_PORT       the sync server's, 4174 if not given; another free one when it is taken
//   TALON_ONE_PORT  the fake Talon.One's, 4175 if not given; another free one when it is taken
//   TALON_ONE_URL   another Talon.One, with its TALON_ONE_KEY; empty, the shop has promotions of its own
//   DATABASE_URL    handed on to the sync server
import { lstatSync, readdirSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { API_KEYS } from '../test/support/talon-one/campaigns.mjs'
import { examples } from './examples.mjs'
import { CHILD_STDIO, createServerProcess, endAll, isEnding, killAll, listenTo, run } from './processes.mjs'

const AGAIN_AFTER_MS = 1000
const [, , EXAMPLE = 'script-tag'] = process.argv

const at = path => fileURLToPath(new URL(`../${path}`, import.meta.url))
const started = performance.now()
const since = from => `${((performance.now() - from) / 1000).toFixed(1)} s`

let endingSince = 0

async function end(code) {
  if (isEnding()) {
    // One Ctrl-C arrives twice under npm, from the terminal and passed on; who asks again later does not want to wait.
    if (performance.now() - endingSince < AGAIN_AFTER_MS) return
    killAll()
    process.exit(code)
  }
  endingSince = performance.now()
  await endAll()
  process.exit(code)
}

function giveUp(reason) {
  if (isEnding()) return
  console.error(reason)
  void end(1)
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void end(0))
// The reader of our output may leave before us (`npm start | head`).
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})

function changedAt(path) {
  try {
    return statSync(at(path)).mtimeMs
  } catch {
    return 0
  }
}

function isLink(path) {
  return lstatSync(at(path), { throwIfNoEntry: false })?.isSymbolicLink() ?? false
}

function newestIn(folder) {
  let newest = 0
  for (const entry of readdirSync(at(folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`
    newest = Math.max(newest, entry.isDirectory() ? newestIn(path) : changedAt(path))
  }
  return newest
}

/** Runs npm; its output is shown as it comes, or only when it failed. */
function npm(args, { quiet }) {
  const script = process.env.npm_execpath
  const [command, rest] = script?.endsWith('js') ? [process.execPath, [script, ...args]] : ['npm', args]
  const child = run(command, rest, {
    stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
    // On Windows npm is a script, which only a shell can start.
    shell: command === 'npm' && process.platform === 'win32',
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', text => (output += text))
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', code => {
      if (code === 0) return resolve()
      reject(new Error(`${output}npm ${args.join(' ')} failed`))
    })
  })
}

async function install() {
  if (changedAt('node_modules/.package-lock.json') >= changedAt('package-lock.json')) return
  // `npm ci` empties the folder first, and a link leads to a folder that is somebody else's.
  if (isLink('node_modules')) {
    console.log('node_modules is a link: its packages are taken as they are')
    return
  }
  const from = performance.now()
  console.log('installing the packages (npm ci), about a minute the first time')
  await npm(['ci', '--ignore-scripts', '--include=dev'], { quiet: false })
  console.log(`installed in ${since(from)}`)
}

async function build() {
  const built = changedAt('dist/session-cart.iife.js')
  if (built > 0 && built >= newestIn('src')) return
  const from = performance.now()
  console.log('building the library (npm run build)')
  await npm(['run', 'build'], { quiet: true })
  console.log(`built in ${since(from)}`)
}

async function buildExample() {
  const { build: folder, ssr } = examples[EXAMPLE]
  if (!folder) return
  const from = performance.now()
  // Not imported before it is installed.
  const { build: bundle } = await import('vite')
  const options = { root: at(`examples/${EXAMPLE}`), logLevel: 'error' }
  await bundle(options)
  if (ssr) await bundle({ ...options, build: { ssr } })
  console.log(`example ${EXAMPLE} built in ${since(from)}`)
}

function tryPort(port) {
  return new Promise(resolve => {
    const server = createServer()
    server.once('error', () => resolve(undefined))
    server.listen(port, '127.0.0.1', () => {
      const { port: free } = server.address()
      server.close(() => resolve(free))
    })
  })
}

const freePort = async (wish, usual) => (await tryPort(Number(wish ?? usual))) ?? (await tryPort(0))

function startPage(syncUrl) {
  return new Promise((resolve, reject) => {
    const page = run(process.execPath, [at('examples/page.mjs')], {
      env: { ...process.env, SYNC_URL: syncUrl, EXAMPLE },
      stdio: CHILD_STDIO,
    })
    listenTo(page, line => {
      const url = /^page listening on (\S+)/.exec(line)?.[1]
      if (url) resolve(url)
      else console.log(line)
    })
    page.once('error', reject)
    page.once('exit', () => {
      reject(new Error('the page could not be started'))
      giveUp('the page process ended')
    })
  })
}

/** The fake, unless another Talon.One is named, or none; with what the sync server has to know of it. */
async function createTalonOne() {
  if (process.env.TALON_ONE_URL !== undefined) return { env: {} }
  const port = await freePort(process.env.TALON_ONE_PORT, 4175)
  const server = createServerProcess({
    name: 'Talon.One (a fake)',
    title: 'the fake Talon.One',
    key: 't',
    file: 'examples/server/talon-one.mjs',
    env: { PORT: String(port) },
  })
  const keys = Object.fromEntries(API_KEYS.map(({ currency, key }) => [currency, key]))
  return { server, env: { TALON_ONE_URL: `http://127.0.0.1:${port}`, TALON_ONE_KEY: JSON.stringify(keys) } }
}

function helpFor(servers) {
  const keys = [...servers].map(([key, { title }]) => `${key} and Enter stops or starts ${title}`)
  return `${keys.join(', ')} (so does kill with its pid); q and Enter or Ctrl-C ends everything`
}

function listenToKeys(servers) {
  createInterface({ input: process.stdin }).on('line', line => {
    if (isEnding()) return
    const key = line.trim().toLowerCase()
    if (servers.has(key)) servers.get(key).toggle()
    else if (key === 'q') void end(0)
    else if (key !== '') console.log(helpFor(servers))
  })
  process.stdin.on('error', () => {})
}

async function main() {
  if (!Object.hasOwn(examples, EXAMPLE))
    throw new Error(`There is no example "${EXAMPLE}". There are: ${Object.keys(examples).join(', ')}.`)
  console.log(`session-cart: starting the example ${EXAMPLE}`)
  await install()
  await build()
  await buildExample()
  if (isEnding()) return
  const from = performance.now()
  const [port, talonOne] = await Promise.all([freePort(process.env.SYNC_PORT, 4174), createTalonOne()])
  const sync = createServerProcess({
    name: 'sync server',
    title: 'the sync server',
    key: 's',
    file: 'examples/server/server.mjs',
    env: { PORT: String(port), ...talonOne.env },
  })
  const servers = new Map([['s', sync], ...(talonOne.server ? [['t', talonOne.server]] : [])])
  listenToKeys(servers)
  const [shop] = await Promise.all([startPage(`http://127.0.0.1:${port}`), sync.start(), talonOne.server?.start()])
  if (isEnding()) return
  console.log(`shop: ${shop}`)
  console.log(`started in ${since(from)}, ready after ${since(started)}`)
  console.log(helpFor(servers))
}

main().catch(error => giveUp(error.message))
