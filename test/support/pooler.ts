import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { findProgram } from './find-programs.mjs'
import { freePort, unprivilegedUser } from './postgres.mjs'

/** PgBouncer in front of a database: each statement may go through another connection than the one before. */
export interface Pooler {
  readonly url: string
  close(): Promise<void>
}

/** Starts it on a free port of this machine. Fewer connections than a pool has make its clients share. */
export async function openPooler(databaseUrl: string, connections = 3): Promise<Pooler> {
  const { hostname, port: target, username, pathname } = new URL(databaseUrl)
  const database = pathname.slice(1)
  const folder = mkdtempSync(join(tmpdir(), 'session-cart-pooler-'))
  const user = await unprivilegedUser()
  if (user) chownSync(folder, user.uid, user.gid)
  const port = await freePort()
  const settings = join(folder, 'pgbouncer.ini')
  writeFileSync(
    settings,
    `[databases]
${database} = host=${hostname} port=${target} dbname=${database} user=${username}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = ${connections}
server_login_retry = 1
`,
  )
  const child = spawn(findProgram('pgbouncer')!, [settings], { ...user, stdio: ['ignore', 'ignore', 'pipe'] })
  const ended = once(child, 'exit')
  const ready = new Promise<true>(resolve => {
    createInterface(child.stderr).on('line', line => line.includes('process up') && resolve(true))
  })
  if ((await Promise.race([ready, ended])) !== true) throw new Error('PgBouncer did not start.')
  return {
    url: `postgres://${username}@127.0.0.1:${port}${pathname}`,
    async close() {
      child.kill('SIGINT')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
