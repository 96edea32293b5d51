import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const PROGRAM = fileURLToPath(new URL('session-server.mjs', import.meta.url))

/** Sync servers on one database, each a process. */
export interface ServerProcesses {
  /** The port of the next one, round robin. One that is being started again still has its turn. */
  next(): number
  /** Kills the next one with SIGKILL and starts another in its place. */
  restart(): Promise<void>
  close(): Promise<void>
}

interface Running {
  readonly child: ChildProcess
  readonly port: number
}

async function start(databaseUrl: string): Promise<Running> {
  const child = fork(PROGRAM, { execArgv: [], env: { ...process.env, DATABASE_URL: databaseUrl } })
  const exited = once(child, 'exit').then(([code]) => {
    throw new Error(`The server ended at once, with ${code}.`)
  })
  exited.catch(() => {})
  const [port] = (await Promise.race([once(child, 'message'), exited])) as [number]
  return { child, port }
}

async function end({ child }: Running): Promise<void> {
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}

/** Starts so many. */
export async function startServers(count: number, databaseUrl: string): Promise<ServerProcesses> {
  const running = await Promise.all(Array.from({ length: count }, () => start(databaseUrl)))
  let turn = 0
  let restarts = 0
  return {
    next: () => running[turn++ % count]!.port,
    async restart() {
      const index = restarts++ % count
      await end(running[index]!)
      running[index] = await start(databaseUrl)
    },
    async close() {
      await Promise.all(running.map(end))
    },
  }
}
