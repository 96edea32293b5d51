// The processes of `npm start`, all of which end with it.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../', import.meta.url))
const KILL_AFTER_MS = 5000

const children = new Set()
let ending = false

/** Starts a process that is ended with this one. */
export function run(command, args, options) {
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

export const isEnding = () => ending

/** Ends all of them. */
export async function endAll() {
  ending = true
  await Promise.all([...children].map(stopChild))
}

/** Ends them at once. */
export function killAll() {
  for (const child of children) child.kill('SIGKILL')
}

/** Calls `onLine` for every line a child prints, and passes on what it complains about. */
export function listenTo(child, onLine) {
  createInterface({ input: child.stdout }).on('line', onLine)
  child.stderr.on('data', text => process.stderr.write(text))
}

// The channel to the child carries nothing; its closing tells the child that this process is gone.
export const CHILD_STDIO = ['ignore', 'pipe', 'pipe', 'ipc']

/**
 * A server that may come and go; it keeps its port, so that it is found again. Its program prints a line that ends in
 * `listening on ` and its address.
 *
 * @param {{ name: string, title: string, key: string, file: string, env: Record<string, string> }} what `name` starts the
 * lines about it, `title` stands within a sentence, `key` is what a person types.
 */
export function createServerProcess({ name, title, key, file, env }) {
  let child
  let state = 'stopped'
  let wanted = false

  function start() {
    wanted = true
    if (state !== 'stopped') return Promise.resolve()
    state = 'starting'
    return new Promise(settle => {
      child = run(process.execPath, [file], {
        env: { ...process.env, ...env },
        stdio: CHILD_STDIO,
      })
      const { pid } = child
      listenTo(child, line => {
        const url = / listening on (\S+)$/.exec(line)?.[1]
        if (!url) return console.log(line)
        if (state === 'starting') state = 'running'
        console.log(`${name}: ${url} (pid ${pid})`)
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
        if (crashed) console.log(`${name} ended by itself (code ${code})`)
        else if (signal === 'SIGKILL') console.log(`${name} was killed`)
        if (restart) return void start()
        console.log(`${name} stopped; press ${key} to start again`)
      }
      child.once('exit', ended)
      child.once('error', () => ended(1, null))
    })
  }

  function toggle() {
    if (state === 'stopped') {
      console.log(`starting ${title}`)
      return void start()
    }
    if (state === 'stopping') {
      wanted = !wanted
      return
    }
    wanted = false
    state = 'stopping'
    console.log(`stopping ${title}`)
    void stopChild(child)
  }

  return { title, start, toggle }
}
