import type { SessionCartError } from '../errors.ts'
import { step } from './machine.ts'
import type { Outbox, OutboxHost, OutboxOptions } from './outbox-types.ts'
import { ask } from './request.ts'
import { createState, type SyncEffect, type SyncEvent } from './state.ts'

/** Creates the outbox of a session: the machine with a clock, a transport and a lock. It does nothing until it is told to. */
export function createOutbox(host: OutboxHost, options: OutboxOptions): Outbox {
  const { transport, clock, random, timeout } = options
  let state = createState(options.isGone)
  let armedAt: number | undefined
  let disarm: (() => void) | undefined
  let cancelRequest: (() => void) | undefined
  // Resolves when the attempt under way is over.
  let attempt: Promise<SessionCartError | undefined> | undefined
  let conclude: ((error: SessionCartError | undefined) => void) | undefined

  function happen(event: SyncEvent): void {
    const { flight } = state
    const surroundings = { ...host.read(), now: clock.now(), random: random.number(), isVisible: host.isVisible() }
    const result = step(state, event, surroundings, options)
    state = result.state
    if (state.flight && !flight) attempt = new Promise(resolve => (conclude = resolve))
    result.effects.forEach(perform)
    arm()
    if (state.flight !== flight) host.changed()
  }

  function arm(): void {
    if (armedAt === state.dueAt) return
    disarm?.()
    armedAt = state.dueAt
    disarm =
      armedAt === undefined
        ? undefined
        : clock.after(armedAt - clock.now(), () => {
            armedAt = disarm = undefined
            happen({ type: 'due' })
          })
  }

  function perform(effect: SyncEffect): void {
    switch (effect.type) {
      case 'queue':
        // The lock is held until the answer is taken in.
        host
          .exclusively(async () => {
            happen({ type: 'turn' })
            await attempt
          })
          .catch((cause: unknown) => happen({ type: 'failed', cause }))
        return
      case 'request': {
        const asked = ask(transport, clock, timeout, effect.request)
        cancelRequest = asked.cancel
        asked.response
          .then(response => happen({ type: 'answered', response }))
          .catch((cause: unknown) => happen({ type: 'failed', cause }))
        return
      }
      case 'accept':
        return host.accept(effect.answer, effect.accepted)
      case 'burn':
        return host.burn(effect.mutation, effect.code)
      case 'burn-missing':
        return host.burnMissing(effect.writer, effect.n)
      case 'gone':
        return host.gone()
      case 'done':
        attempt = undefined
        conclude?.(effect.error)
    }
  }

  return {
    state() {
      const { base, pending } = host.read()
      const { halted, flight, error, syncedAt, reached } = state
      const phase = pending.length ? 'waiting' : 'idle'
      return { phase: base.gone ? 'gone' : (halted ?? (flight ? 'syncing' : phase)), error, syncedAt, reached }
    },
    push: isUrgent => happen({ type: 'push', isUrgent }),
    watch: () => happen({ type: 'watch' }),
    wake: () => happen({ type: 'wake' }),
    hide: () => happen({ type: 'hide' }),
    async attempt() {
      await attempt
      const { isStopped, halted, error } = state
      if (isStopped || halted === 'gone' || halted === 'stopped') return error
      happen({ type: 'attempt' })
      return attempt
    },
    stop() {
      happen({ type: 'stop' })
      cancelRequest?.()
    },
  }
}
