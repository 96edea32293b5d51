// `npm start`: makes what is missing, then runs the shop's page and the sync server as two processes, so that the
// server can be stopped and started again while the shop is open. `npm start react` serves that example instead of the
// script-tag shop; examples.mjs has the names.
//
//   PORT          the shop's port, 4173 if not given; another free one when it is taken
//   SYNC_PORT     the sync server's, 4174 if not given; another free one when it is taken
//   DATABASE_URL  handed on to the sync server
import { spawn } from 'node:child_process'
import { lstatSync, readdirSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { examples } from './examples.mjs'

const ROOT = fileURLToPath(new URL('../', import.meta.url))
const KILL_AFTER_MS = 5000
const AGAIN_AFTER_MS = 1000
const [, , EXAMPLE = 'script-tag'] = process.argv

const at = path => fileURLToPath(new URL(`../${path}`, import.meta.url))
const started = performance.now()
const since = from => `${((performance.now() - from) / 1000).toFixed(1)} s`

const children = new Set()
let ending = false
let endingSince = 0

/** Starts a process that is ended with this one. */
function run(command, args, options) {
  const child = spawn(command, args, { cwd: ROOT, ...options })
  children.add(child)
  child.once('close', () => children.delete(child))
  child.once('error', () => children.delete(child))
  return child
}

const isRunning = child => child.pid !== undefined && child.exitCode === null && child.signalCode === null

function stopChild(child) {
  if (!isRunning(child)) return Promise.resolve()
  return new Promise(resolve => {
    const timer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS)
    child.once('exit', () => {
      clearTimeout(timer)
      resolve()
    })
    child.kill('SIGTERM')
  })
}

async function end(code) {
  if (ending) {
    // One Ctrl-C arrives twice under npm, from the terminal and passed on; who asks again later does not want to wait.
    if (performance.now() - endingSince < AGAIN_AFTER_MS) return
    for (const child of children) child.kill('SIGKILL')
    process.exit(code)
  }
  ending = true
  endingSince = performance.now()
  await Promise.all([...children].map(stopChild))
  process.exit(code)
}

function giveUp(reason) {
  if (ending) return
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

/** Calls `onLine` for every line a child prints, and passes on what it complains about. */
function listenTo(child, onLine) {
  createInterface({ input: child.stdout }).on('line', onLine)
  child.stderr.on('data', text => process.stderr.write(text))
}

// The channel to the child carries nothing; its closing tells the child that this process is gone.
const CHILD_STDIO = ['ignore', 'pipe', 'pipe', 'ipc']

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

/** The sync server, which may come and go; it keeps its port, so that the page finds it again. */
function createSyncServer(port) {
  let child
  let state = 'stopped'
  let wanted = false

  function start() {
    wanted = true
    if (state !== 'stopped') return Promise.resolve()
    state = 'starting'
    return new Promise(settle => {
      child = run(process.execPath, [at('examples/server/server.mjs')], {
        env: { ...process.env, PORT: String(port) },
        stdio: CHILD_STDIO,
      })
      const { pid } = child
      listenTo(child, line => {
        const url = /^sync server listening on (\S+)/.exec(line)?.[1]
        if (!url) return console.log(line)
        if (state === 'starting') state = 'running'
        console.log(`sync server: ${url} (pid ${pid})`)
        settle()
      })
      const ended = (code, signal) => {
        if (state === 'stopped') return
        const crashed = state !== 'stopping' && code !== null && code !== 0
        const restart = state === 'stopping' && wanted
        state = 'stopped'
        wanted = false
        settle()
        if (ending) return
        if (crashed) console.log(`sync server ended by itself (code ${code})`)
        else if (signal === 'SIGKILL') console.log('sync server was killed')
        if (restart) return void start()
        console.log('sync server stopped; press s to start again')
      }
      child.once('exit', ended)
      child.once('error', () => ended(1, null))
    })
  }

  function toggle() {
    if (state === 'stopped') {
      console.log('starting the sync server')
      return void start()
    }
    if (state === 'stopping') {
      wanted = !wanted
      return
    }
    wanted = false
    state = 'stopping'
    console.log('stopping the sync server')
    void stopChild(child)
  }

  return { start, toggle }
}

function listenToKeys(sync) {
  createInterface({ input: process.stdin }).on('line', line => {
    if (ending) return
    const key = line.trim().toLowerCase()
    if (key === 's') sync.toggle()
    else if (key === 'q') void end(0)
    else if (key !== '') console.log('s stops or starts the sync server, q or Ctrl-C ends everything')
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
  if (ending) return
  const from = performance.now()
  const port = (await tryPort(Number(process.env.SYNC_PORT ?? 4174))) ?? (await tryPort(0))
  const sync = createSyncServer(port)
  listenToKeys(sync)
  const [shop] = await Promise.all([startPage(`http://127.0.0.1:${port}`), sync.start()])
  if (ending) return
  console.log(`shop: ${shop}`)
  console.log(`started in ${since(from)}, ready after ${since(started)}`)
  console.log('s and Enter stops or starts the sync server (so does kill with its pid), Ctrl-C ends everything')
}

main().catch(error => giveUp(error.message))
