import type { SessionCartError } from '../errors.ts'

/** Where the cart stands, for the shopper to see. */
export interface Status {
  /**
   * `loading` until what was stored is loaded; `local` without an endpoint; `idle` when the server has everything;
   * `waiting` to send; `syncing`; `paused` until a sign-in; `gone` when the server does not know the session any more;
   * `stopped` when the server speaks a newer protocol, or the cart was disposed.
   */
  readonly phase: 'loading' | 'local' | 'idle' | 'waiting' | 'syncing' | 'paused' | 'gone' | 'stopped'
  /** Mutations the server has not acknowledged. */
  readonly pending: number
  /** False while the browser says so or the last attempt got no answer. It is told, never relied on. */
  readonly online: boolean
  /** Where the cart is kept. `localstorage` outlives a reload, not a crash; `memory` does not outlive the page. */
  readonly storage: 'indexeddb' | 'localstorage' | 'memory'
  /** Whether the browser has promised to keep it; see the option `persist`. */
  readonly persisted: boolean
  /** ISO 8601; when the server last answered. */
  readonly lastSyncedAt: string | undefined
  /** What keeps the cart from being saved or synced right now. */
  readonly error: SessionCartError | undefined
}
