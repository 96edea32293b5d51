import type { Locks, OpenChannel } from '../../src/index.ts'
import type { Faults } from './faults.ts'
import type { Page } from './page.ts'
import type { Scheduler } from './scheduler.ts'

const PATIENCE_MS = 5000

/** The line and the locks of the tabs of one device. */
export interface SimulatedTabs {
  channelOf(page: Page): OpenChannel
  locksOf(page: Page): Locks
}

export function createTabs(scheduler: Scheduler, faults: Faults): SimulatedTabs {
  const listeners = new Set<{ readonly page: Page; readonly hear: (message: unknown) => void }>()
  const holders = new Map<string, Page>()
  const queues = new Map<string, (() => void)[]>()

  function release(name: string, page: Page): void {
    if (holders.get(name) !== page) return
    holders.delete(name)
    queues.get(name)?.shift()?.()
  }

  return {
    channelOf: page => (_name, hear) => {
      const listener = { page, hear }
      listeners.add(listener)
      const close = (): void => void listeners.delete(listener)
      page.onLetGo(() => page.isAlive || close())
      return {
        post(message) {
          const text = JSON.stringify(message)
          for (const other of listeners) {
            if (other === listener || faults.strikes('message lost')) continue
            const delay = faults.strikes('message late') ? scheduler.below(5000) : scheduler.random() * 2
            scheduler.after(delay, () => other.page.deliver(() => listeners.has(other) && other.hear(JSON.parse(text))))
          }
        },
        close,
      }
    },
    locksOf(page) {
      const names = new Set<string>()
      const letGo = (): void => names.forEach(name => release(name, page))
      page.onLetGo(letGo)
      return {
        async run(name, job) {
          let hadToWait = false
          if (holders.has(name) && !faults.strikes('lock lost')) {
            hadToWait = true
            await new Promise<void>(resolve => {
              const queue = queues.get(name) ?? []
              queues.set(name, queue)
              let isOver = false
              // Whoever waits for too long goes without.
              const go = (): void => {
                if (isOver) return
                isOver = true
                page.deliver(resolve)
              }
              queue.push(() => (page.isAlive && !page.isFrozen && !isOver ? go() : queue.shift()?.()))
              scheduler.after(PATIENCE_MS, go)
            })
          }
          if (!holders.has(name)) {
            holders.set(name, page)
            names.add(name)
          }
          try {
            return await job(hadToWait)
          } finally {
            release(name, page)
          }
        },
        release: letGo,
      }
    },
  }
}
