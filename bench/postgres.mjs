// A PostgreSQL of a bench's own: a new cluster in a temporary folder, on a free port of this machine.
import { execFileSync, spawn } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const VERSIONS = '/usr/lib/postgresql'

function findPrograms() {
  const versions = existsSync(VERSIONS)
    ? readdirSync(VERSIONS).toSorted((one, other) => Number(other) - Number(one))
    : []
  return versions.map(version => join(VERSIONS, version, 'bin')).find(folder => existsSync(join(folder, 'initdb')))
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}

/** The user that its Debian package makes: PostgreSQL refuses to run as root. */
function unprivilegedUser() {
  if (process.getuid() !== 0) return {}
  const ask = flag => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  return { uid: ask('-u'), gid: ask('-g') }
}

/** Starts it, with the settings it comes with; undefined when none is installed. */
export async function openPostgres() {
  const programs = findPrograms()
  if (!programs) return
  const user = unprivilegedUser()
  const folder = mkdtempSync(join(tmpdir(), 'session-cart-postgres-'))
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid)
  const data = join(folder, 'data')
  const options = { cwd: folder, ...user }
  const initial = ['-D', data, '--username=bench', '--auth=trust', '--encoding=UTF8', '--no-locale', '--no-sync']
  execFileSync(join(programs, 'initdb'), initial, { ...options, stdio: ['ignore', 'ignore', 'inherit'] })
  const port = await freePort()
  const settings = ['-c', 'listen_addresses=127.0.0.1', '-c', `unix_socket_directories=${folder}`]
  // No daemon: it ends with the bench when somebody interrupts that.
  const server = spawn(join(programs, 'postgres'), ['-D', data, '-p', String(port), ...settings], {
    ...options,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const ended = once(server, 'exit')
  const log = createInterface(server.stderr)
  const ready = new Promise(resolve => {
    log.on('line', line => line.includes('ready to accept connections') && resolve(true))
  })
  if ((await Promise.race([ready, ended])) !== true) throw new Error('PostgreSQL did not start.')
  return {
    url: `postgres://bench@127.0.0.1:${port}/postgres`,
    async close() {
      server.kill('SIGINT')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
