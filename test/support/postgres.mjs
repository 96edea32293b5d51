import { execFile } from 'node:child_process'
import { chownSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findProgram } from './find-programs.mjs'

const execute = promisify(execFile)

/**
 * A PostgreSQL of a test's or bench's own.
 *
 * @typedef {object} Postgres
 * @property {string} url
 * @property {() => Promise<void>} restart Has it die as in a crash, every connection cut, and come back with what it had
 * committed.
 * @property {() => Promise<void>} close Ends it, with all it holds.
 */

/** A port of this machine that nothing listens on. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  server.close()
  await once(server, 'close')
  return port
}

/** The user that its Debian package makes: PostgreSQL and PgBouncer refuse to run as root. */
export async function unprivilegedUser() {
  if (process.getuid?.() !== 0) return
  const ask = async (/** @type {string} */ flag) => Number((await execute('id', [flag, 'postgres'])).stdout)
  return { uid: await ask('-u'), gid: await ask('-g') }
}

/**
 * Starts a PostgreSQL, with the settings it comes with, in a folder that goes with it and on a free port of this machine.
 *
 * @returns {Promise<Postgres>}
 */
export async function openPostgres() {
  const program = findProgram('pgCtl')
  if (!program) throw new Error('There is no PostgreSQL here.')
  const folder = mkdtempSync(join(tmpdir(), 'session-cart-postgres-'))
  const user = await unprivilegedUser()
  if (user) chownSync(folder, user.uid, user.gid)
  const data = join(folder, 'data')
  const control = (/** @type {string[]} */ ...args) => execute(program, ['-D', data, ...args], { cwd: folder, ...user })
  const port = await freePort()
  const settings = `-c listen_addresses=127.0.0.1 -c port=${port} -c unix_socket_directories=${folder}`
  const start = () => control('start', '-w', '-l', join(folder, 'log'), '-o', settings)
  const stop = () => control('stop', '-w', '-m', 'immediate')

  await control('initdb', '-o', '--username=shop --auth=trust --encoding=UTF8 --no-locale --no-sync')
  await start()
  return {
    url: `postgres://shop@127.0.0.1:${port}/postgres`,
    async restart() {
      await stop()
      await start()
    },
    async close() {
      await stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
