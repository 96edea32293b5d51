import type { Fault as UpstreamFault } from '../support/talon-one/types.ts'
import type { Scheduler } from './scheduler.ts'

/** How often each kind of fault strikes where it can, while there are faults at all. */
const PROBABILITIES = {
  'transaction aborted': 0.03,
  'transaction unheard of': 0.03,
  'request failed in a transaction that completed': 0.02,
  'slow disk': 0.03,
  'message lost': 0.15,
  'message late': 0.15,
  'lock lost': 0.1,
  'request lost': 0.06,
  'request duplicated': 0.08,
  'request delayed': 0.12,
  'answer lost': 0.06,
  'answer delayed': 0.08,
  'answer cut half way': 0.05,
  'error of a proxy': 0.05,
  'too many requests': 0.04,
  'captive portal': 0.03,
  'sign-in expired': 0.02,
  'server crash before a write': 0.02,
  'server crash after a write': 0.02,
} as const

/** The same for each request to Talon.One, by the names its fake has for them. */
const UPSTREAM_PROBABILITIES: Readonly<Record<UpstreamFault, number>> = {
  'connection lost before processing': 0.04,
  'processed late': 0.04,
  'gateway error': 0.03,
  'server error': 0.03,
  'too many requests': 0.03,
  'too many updates': 0.05,
  unauthorized: 0.02,
  'gateway timeout': 0.03,
  'slow answer': 0.04,
  'answer lost': 0.04,
  'answer never comes': 0.03,
  'answer never ends': 0.03,
  'answer cut half way': 0.03,
  'page of a firewall': 0.03,
  'sparse answer': 0.1,
  'new effect type': 0.1,
}

/** What happens because it was decided beforehand, not by chance on the way. */
export const DEEDS = [
  'page reloaded',
  'page killed',
  'page frozen',
  'page hidden',
  'browser killed',
  'power cut',
  'clock jumped',
  'offline',
  'server restarted',
] as const

export type Fault = keyof typeof PROBABILITIES | UpstreamFault
export type Deed = (typeof DEEDS)[number]
export const FAULTS = Object.keys(PROBABILITIES) as Fault[]
export const UPSTREAM_FAULTS = Object.keys(UPSTREAM_PROBABILITIES) as Fault[]

const ALL: Readonly<Record<Fault, number>> = { ...PROBABILITIES, ...UPSTREAM_PROBABILITIES }

/** The faults of a world. */
export interface Faults {
  /** Whether a fault strikes now. */
  strikes(fault: Fault): boolean
  /** Notes that something was done. */
  note(deed: Deed): void
  /** No fault strikes any more. */
  end(): void
  /** Which ones have struck. */
  readonly struck: ReadonlySet<Fault | Deed>
}

export function createFaults(scheduler: Scheduler): Faults {
  const struck = new Set<Fault | Deed>()
  let isOver = false
  return {
    strikes(fault) {
      const isStruck = !isOver && scheduler.strikes(ALL[fault])
      if (isStruck) struck.add(fault)
      return isStruck
    },
    note: deed => void struck.add(deed),
    end: () => void (isOver = true),
    struck,
  }
}
