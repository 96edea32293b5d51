import { createSessionCart, type SessionCart, type SessionCartOptions } from '../../src/index.ts'
import type { Spare } from '../../src/storage/database.ts'
import type { Scheduler } from './scheduler.ts'

/** A page: everything that reaches its cart comes through here, so that it can be frozen and can die. */
export interface Page {
  readonly cart: SessionCart
  readonly spare: Spare
  readonly isAlive: boolean
  readonly isFrozen: boolean
  /** Runs a job in the page: at once, when it is thawed, or never. */
  deliver(job: () => void): void
  /** Resolves in the page after so many milliseconds. */
  wait(ms: number): Promise<void>
  freeze(): void
  resume(): void
  show(isVisible: boolean): void
  /** Moves its clock. */
  jump(ms: number): void
  /** Nothing happens in it any more; what it held is let go. */
  kill(): void
  /** Hears of its end and of its freezing. */
  onLetGo(job: () => void): void
}

interface FakeDocument extends EventTarget {
  visibilityState: 'visible' | 'hidden'
}

/**
 * Opens a page and its cart.
 *
 * @param optionsOf What the cart is created with.
 */
export function openPage(
  scheduler: Scheduler,
  spare: Spare,
  optionsOf: (page: Page) => Omit<SessionCartOptions, 'clock'>,
): Page {
  const window = new EventTarget()
  const document: FakeDocument = Object.assign(new EventTarget(), { visibilityState: 'visible' as const })
  let waiting: (() => void)[] = []
  const letGo: (() => void)[] = []
  let skew = 0

  // Only one page runs at a time: what the platform gives it is its own.
  function run(job: () => void): void {
    Object.assign(globalThis, { window, document })
    job()
  }

  const page = {
    cart: undefined as unknown as SessionCart,
    spare,
    isAlive: true,
    isFrozen: false,
    deliver(job: () => void) {
      if (!page.isAlive) return
      if (page.isFrozen) waiting.push(job)
      else run(job)
    },
    wait: (ms: number) =>
      new Promise<void>(resolve => {
        scheduler.after(ms, () => page.deliver(resolve))
      }),
    freeze() {
      page.deliver(() => window.dispatchEvent(Object.assign(new Event('pagehide'), { persisted: true })))
      page.isFrozen = true
      for (const job of letGo) job()
    },
    resume() {
      page.isFrozen = false
      // One after the other, as they came, before anything else.
      const jobs = waiting
      waiting = []
      page.deliver(() => window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true })))
      for (const job of jobs) scheduler.after(0, () => page.deliver(job))
    },
    show(isVisible: boolean) {
      page.deliver(() => {
        document.visibilityState = isVisible ? 'visible' : 'hidden'
        document.dispatchEvent(new Event('visibilitychange'))
      })
    },
    jump: (ms: number) => void (skew += ms),
    kill() {
      page.isAlive = false
      for (const job of letGo) job()
    },
    onLetGo: (job: () => void) => void letGo.push(job),
  }
  const clock = {
    now: () => Math.round(scheduler.now() + skew),
    after: (ms: number, job: () => void) => scheduler.after(ms, () => page.deliver(job)),
  }
  run(() => (page.cart = createSessionCart({ ...optionsOf(page), clock })))
  return page
}
