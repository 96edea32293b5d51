import {
  PROBLEM_TYPE,
  PROBLEMS,
  parseAcked,
  parseAnswer,
  type Acked,
  type ProblemName,
  type SyncAnswer,
} from '../session/protocol.ts'
import type { TransportResponse } from './transport.ts'

type Halt = readonly [phase: 'paused' | 'gone' | 'stopped', message: string]

const SIGN_IN: Halt = [
  'paused',
  'The server asks for a sign-in: nothing is lost, sending goes on after the next wake-up.',
]

/** Problems that end the sending, and until when. */
export const HALTS: Readonly<Record<'unauthorized' | 'forbidden' | 'session-gone' | 'unsupported-version', Halt>> = {
  unauthorized: SIGN_IN,
  forbidden: SIGN_IN,
  'session-gone': ['gone', 'The server does not know this session any more: call startSession().'],
  'unsupported-version': ['stopped', 'The server does not speak this version of the protocol: reload the page.'],
}

/** What a response means. Only an answer of the protocol and its own problem types mean anything. */
export type Verdict =
  | { readonly kind: 'answer'; readonly answer: SyncAnswer }
  | { readonly kind: 'unchanged' }
  | { readonly kind: ProblemName; readonly acked: Acked }
  | { readonly kind: 'failure'; readonly retryAfter: number | undefined; readonly tooLarge: boolean }

/**
 * Reads a response. A proxy's 404, a firewall's 400, a captive portal's 200 are failures of the network like any other:
 * the request is tried again, and nothing is dropped for their sake.
 */
export function readResponse({ status, body, retryAfter }: TransportResponse, integrationId: string): Verdict {
  if (status === 304) return { kind: 'unchanged' }
  if (status === 200) {
    const answer = parseAnswer(body, integrationId)
    if (answer) return { kind: 'answer', answer }
  }
  const { type, acked } = (body ?? {}) as { type?: unknown; acked?: unknown }
  if (status >= 400 && typeof type === 'string' && type.startsWith(PROBLEM_TYPE)) {
    const name = type.slice(PROBLEM_TYPE.length)
    if (Object.hasOwn(PROBLEMS, name)) return { kind: name as ProblemName, acked: parseAcked(acked) ?? {} }
  }
  return { kind: 'failure', retryAfter, tooLarge: status === 413 }
}
