import type { Channel, OpenChannel } from './channel.ts'
import type { Locks } from './locks.ts'

/** What binds the tabs of one scope: the line they tell each other on, and the locks they wait for. */
export interface Line {
  tell(message: object): void
  /** Runs a job that other tabs need not do at the same time; says whether one may have been faster. */
  exclusively<Result>(name: string, job: (hadToWait: boolean) => Promise<Result>): Promise<Result>
  /** Opens the line, unless it is open. */
  open(): void
  /** Lets go of everything; {@link Line.open} takes it up again. */
  release(): void
}

/** What the line of a scope is called; the names of its locks begin with it. */
export function lineName(scope: string): string {
  return `session-cart:${scope}`
}

// More than lie between the end of a transaction and the code that waits for `saved`.
const MICROTASKS = 16

async function later(job: () => void): Promise<void> {
  for (let count = 0; count < MICROTASKS; count++) await Promise.resolve()
  job()
}

/** @param hear Gets what other tabs tell, `undefined` when it could not be read. */
export function createLine(
  name: string,
  openChannel: OpenChannel | undefined,
  locks: Locks | undefined,
  hear: (message: object | undefined) => void,
): Line {
  let channel: Channel | undefined
  const untold: object[] = []

  function post(): void {
    for (const message of untold.splice(0)) {
      try {
        channel?.post(message)
      } catch {
        // A hint: any may be lost.
      }
    }
  }

  const line: Line = {
    tell(message) {
      // In the same task, so that none is lost, yet not before the app goes on: to post takes longer than the command.
      if (untold.push(message) === 1) void later(post)
    },
    exclusively: (session, job) => (locks ? locks.run(`${name}:${session}`, job) : job(false)),
    open() {
      channel ??= openChannel?.(name, message =>
        hear(typeof message === 'object' && message !== null ? message : undefined),
      )
    },
    release() {
      post()
      channel?.close()
      channel = undefined
      locks?.release()
    },
  }
  line.open()
  return line
}
