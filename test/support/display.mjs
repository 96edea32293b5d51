import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { findProgram } from './find-programs.mjs'

/** Ends a child process, if it has not ended. @param {import('node:child_process').ChildProcess} child */
export async function end(child) {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill()
  await exited
}

/** Starts a display for what cannot do without one; its server picks a free number and writes it to file descriptor 3. */
export async function startDisplay() {
  const server = spawn(
    /** @type {string} */ (findProgram('xvfb')),
    ['-displayfd', '3', '-screen', '0', '1280x800x24', '-nolisten', 'tcp'],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] },
  )
  const ended = once(server, 'exit').then(() => Promise.reject(new Error('Xvfb did not start')))
  const [number] = await Promise.race([
    once(/** @type {import('node:stream').Readable} */ (server.stdio[3]), 'data'),
    ended,
  ])
  ended.catch(() => {})
  return { server, name: `:${String(number).trim()}` }
}
