export type { Flushed, Line, SessionCart } from './cart/api.ts'
export type { Command, Insight, InsightSession, Wire } from './cart/insight.ts'
export { createSessionCart } from './cart.ts'
export { ERROR_CODES, SessionCartError, isSessionCartError, type SessionCartErrorCode } from './errors.ts'
export type { LimitOptions, SessionCartOptions } from './cart/options.ts'
export type { Random } from './cart/random.ts'
export type { Receipt } from './cart/receipts.ts'
export type { ChangesOf, InputOf, OutputOf, SyncSchema } from './cart/schema.ts'
export { previewAdopt } from './session/adopt.ts'
export type { Outcome } from './session/apply.ts'
export type { Attributes, Json } from './session/json.ts'
export { lineKey, type LineKey } from './session/line-key.ts'
export type { Limits } from './session/limits.ts'
export type { AdoptRule, Mutation, MutationArgs, MutationName } from './session/mutations.ts'
export type { Notice, Rejection } from './session/protocol.ts'
export type {
  AdditionalCost,
  CartItem,
  CustomerSession,
  ItemChanges,
  ItemInput,
  LineInput,
  SessionState,
} from './session/session.ts'
export { lineTotal, type Totals } from './session/totals.ts'
export type { Database, Spare } from './storage/database.ts'
export type { Rung } from './storage/ladder.ts'
export type { ReadableAtom } from './store/stores.ts'
export type { Status } from './store/status.ts'
export type { Clock } from './sync/clock.ts'
export type { FetchOptions, Transport, TransportRequest, TransportResponse } from './sync/transport.ts'
export type { Channel, OpenChannel } from './tabs/channel.ts'
export type { Locks } from './tabs/locks.ts'
