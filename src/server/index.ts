export { defaultLimits } from '../session/limits.ts'
export { lineKey } from '../session/line-key.ts'
export { createSessionHandler } from './handler.ts'
export { memoryStore } from './memory-store.ts'
export { migrate, migrations } from './migrations.ts'
export { isSessionProblem, SessionProblem } from './problem.ts'
export { sqlStore } from './sql-store.ts'

export type { LineKey } from '../session/line-key.ts'
export type { Limits } from '../session/limits.ts'
export type { AdoptRule, Mutation, MutationArgs, MutationName } from '../session/mutations.ts'
export type { Notice, ProblemName, Rejection } from '../session/protocol.ts'
export type { CartItem, CustomerSession } from '../session/session.ts'
export type { Totals } from '../session/totals.ts'
export type {
  CodeRejection,
  IntroducedCode,
  Upstream,
  UpstreamContext,
  UpstreamNotice,
  UpstreamResult,
} from '../session/upstream.ts'
export type { Clock } from './clock.ts'
export type { SessionName } from './document.ts'
export type { SessionHandler } from './handler.ts'
export type {
  Authorize,
  AuthorizeContext,
  AuthorizedProfile,
  ErrorContext,
  PriceContext,
  PriceItem,
  SessionHandlerOptions,
} from './options.ts'
export type { Policy } from './policy.ts'
export type { Quote } from './pricing.ts'
export type { Random } from './random.ts'
export type { AppliedSnapshot, ApplyOptions, Command, ExpireOptions, Sessions, SessionSnapshot } from './sessions.ts'
export type { SqlQuery } from './sql-store.ts'
export type { SessionStore, StoredText, StoreWrite } from './store.ts'
