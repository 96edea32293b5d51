import type { Locks, OpenChannel } from '../../src/index.ts'

/** The line and the locks of the tabs of one device, within one process. */
export interface Tabs {
  readonly open: OpenChannel
  readonly locks: Locks
  /** Whether what is posted arrives. */
  isMute: boolean
}

/** Tabs that hear of each other and wait for each other. */
export function createTabs(): Tabs {
  const listeners = new Map<object, (message: unknown) => void>()
  const queues = new Map<string, Promise<unknown>>()
  const held = new Map<string, number>()
  const tabs: Tabs = {
    isMute: false,
    open(_name, hear) {
      const channel = {
        post(message: object) {
          if (tabs.isMute) return
          const copy: unknown = JSON.parse(JSON.stringify(message))
          for (const [other, listener] of listeners) if (other !== channel) void Promise.resolve(copy).then(listener)
        },
        close: () => void listeners.delete(channel),
      }
      listeners.set(channel, hear)
      return channel
    },
    locks: {
      async run<Result>(name: string, job: (hadToWait: boolean) => Promise<Result>): Promise<Result> {
        const before = queues.get(name) ?? Promise.resolve()
        const hadToWait = (held.get(name) ?? 0) > 0
        held.set(name, (held.get(name) ?? 0) + 1)
        const running = before.then(() => job(hadToWait))
        const done = running.catch(() => {}).then(() => held.set(name, held.get(name)! - 1))
        queues.set(name, done)
        return running
      },
      release() {},
    },
  }
  return tabs
}
