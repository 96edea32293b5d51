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

/** @param hear Gets what other tabs tell, `undefined` when it could not be read. */
export function createLine(
  name: string,
  openChannel: OpenChannel | undefined,
  locks: Locks | undefined,
  hear: (message: object | undefined) => void,
): Line {
  let channel: Channel | undefined
  const line: Line = {
    tell: message => channel?.post(message),
    exclusively: (session, job) => (locks ? locks.run(`${name}:${session}`, job) : job(false)),
    open() {
      channel ??= openChannel?.(name, message =>
        hear(typeof message === 'object' && message !== null ? message : undefined),
      )
    },
    release() {
      channel?.close()
      channel = undefined
      locks?.release()
    },
  }
  line.open()
  return line
}
