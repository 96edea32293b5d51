import type { Command, Insight } from './insight.ts'
import type { Receipt } from './receipts.ts'
import type { ChangesOf, InputOf, OutputOf, SyncSchema } from './schema.ts'
import type { Attributes } from '../session/json.ts'
import type { AdoptRule } from '../session/mutations.ts'
import type { ItemChanges, ItemInput, LineInput } from '../session/session.ts'
import type { Totals } from '../session/totals.ts'
import type { CartStores } from '../store/stores.ts'

/** A line: its key, or the sku and attributes the key is made of. */
export type Line<ItemAttributes = Attributes> =
  string | { readonly sku: string; readonly attributes?: ItemAttributes | undefined }

/** What {@link SessionCart.flush} resolves to: the version of the session to pay for, and its totals. */
export interface Flushed {
  /** The server's version of the session; 0 without an endpoint. */
  readonly version: number
  readonly totals: Totals
}

/**
 * A cart. Every command checks its arguments and the session's state and throws a `SessionCartError` before anything
 * changes, or changes the stores in the same tick. All of them throw `disposed` after `dispose()`, and all but
 * `startSession` and `forget` throw `session-gone` when the server does not know the session any more.
 */
export interface SessionCart<
  SessionSchema extends SyncSchema = SyncSchema,
  ItemSchema extends SyncSchema = SyncSchema,
> extends CartStores<Partial<OutputOf<SessionSchema>>, OutputOf<ItemSchema>> {
  /**
   * Adds units of an item. On an existing line fields that are given replace, absent ones stay.
   *
   * @param quantity A whole number from 1. @defaultValue 1
   * @throws `invalid-item`, `invalid-quantity`, `invalid-attributes`, `currency-mismatch`, `limit-exceeded`,
   * `session-closed`
   */
  addItem(item: ItemInput<InputOf<ItemSchema>>, quantity?: number): Receipt
  /**
   * Adds to a line's quantity, or takes from it: what + and − buttons use, since the clicks of two tabs add up. At 0 or
   * below the line is removed.
   *
   * @throws `line-not-found`, `invalid-quantity`, `limit-exceeded`, `session-closed`
   */
  changeQuantity(line: Line<OutputOf<ItemSchema>>, by: number): Receipt
  /**
   * Sets a line's quantity; 0 removes the line.
   *
   * @throws `line-not-found`, `invalid-quantity`, `limit-exceeded`, `session-closed`
   */
  setQuantity(line: Line<OutputOf<ItemSchema>>, quantity: number): Receipt
  /**
   * Replaces fields of a line; `null` removes an optional one. Onto another line's key it merges the two.
   *
   * @throws `line-not-found`, `invalid-item`, `invalid-attributes`, `currency-mismatch`, `session-closed`
   */
  updateItem(line: Line<OutputOf<ItemSchema>>, changes: ItemChanges<InputOf<ItemSchema>>): Receipt
  /**
   * Removes a line.
   *
   * @throws `line-not-found`, `session-closed`
   */
  removeItem(line: Line<OutputOf<ItemSchema>>): Receipt
  /** Removes every line. Throws `session-closed`. */
  clearItems(): Receipt
  /**
   * Brings a removed line back to its place: the undo of `removeItem`.
   *
   * @param item The line as `$items` had it.
   * @param index Where it stood, from 0.
   * @throws `invalid-item`, `limit-exceeded`, `session-closed`
   */
  restoreItem(item: LineInput<OutputOf<ItemSchema>>, index: number): Receipt
  /**
   * Puts a coupon in. A code that the server rejects comes out again and leaves a `coupon-rejected` notice.
   *
   * @throws `invalid-argument`, `limit-exceeded`, `session-closed`
   */
  applyCoupon(code: string): Receipt
  /** Takes the coupon out. Throws `session-closed`. */
  removeCoupon(): Receipt
  /** Puts a referral code in, like {@link applyCoupon}. */
  applyReferral(code: string): Receipt
  /** Takes the referral code out. Throws `session-closed`. */
  removeReferral(): Receipt
  /**
   * Merges into the session's attributes; `null` deletes one.
   *
   * @throws `invalid-attributes`, `limit-exceeded`, `session-closed`
   */
  setAttributes(changes: ChangesOf<SessionSchema>): Receipt
  /** Replaces the session's identifiers, at most 5. Throws `invalid-argument`, `limit-exceeded`, `session-closed`. */
  setIdentifiers(identifiers: readonly string[]): Receipt
  /** Hands the session to another profile, as at login. Throws `invalid-argument`, `session-closed`. */
  setProfile(profileId: string): Receipt
  /** Closes the open session: it is bought. Throws `illegal-transition`. */
  closeSession(): Receipt
  /** Cancels the session, for good. Throws `illegal-transition`. */
  cancelSession(): Receipt
  /** Takes units of a closed session back. Throws `illegal-transition`, `line-not-found`, `invalid-quantity`. */
  returnItems(items: readonly { readonly line: Line<OutputOf<ItemSchema>>; readonly quantity: number }[]): Receipt
  /** Opens a closed session again. Throws `illegal-transition`. */
  reopenSession(): Receipt
  /**
   * Takes the lines of another open session of the server over into this one, as at login. `previewAdopt` tells what comes
   * of it. Nothing is shown before the server has answered: then the lines are here and the other session is cancelled,
   * empty. It happens once, whoever else asks for it; who comes late is rejected with `adopt-rejected`.
   *
   * @param integrationId Names the other session. What its device still owes the server does not come along.
   * @param options `epoch` of the other session, as the server's answer to a GET has it; `rule` for lines of both.
   * @throws `invalid-argument`, `session-closed`; `invalid-option` without an endpoint
   */
  adopt(integrationId: string, options: { readonly epoch: string; readonly rule: AdoptRule }): Receipt
  /**
   * Begins a fresh open session under a newly minted id. What the old one owes the server is still sent.
   *
   * @param options `keep` takes the lines and the profile along.
   */
  startSession(options?: { readonly keep?: boolean | undefined }): Receipt

  /** Resolves when what was stored is loaded; never rejects. */
  readonly ready: Promise<void>
  /**
   * The gate before the checkout: resolves when the server has confirmed everything given before the call; without an
   * endpoint, once it is saved.
   *
   * @throws `not-synced` (as a rejection) at the first failed attempt or after the timeout; `session-gone`, `disposed`.
   */
  flush(): Promise<Flushed>
  /** Asks the other tabs and the server for news; resolves when it has answered. Rejects like {@link flush}. */
  refresh(): Promise<void>
  /**
   * Calls a listener after every command of this page, when the stores show it: never for a replay, a roll-back, or what
   * another tab did.
   *
   * @returns Stops the calls.
   */
  onCommand(listener: (command: Command) => void): () => void
  /** Looks inside, for tools such as the inspector: what it gives may change with any release. */
  inspect(): Insight
  /** Hides a notice for good. */
  dismiss(noticeId: string): void
  /** Erases all that this device stores of the cart and begins anew; receipts that wait reject with `forgotten`. */
  forget(): Promise<void>
  /** Stops timers, listeners and connections; receipts that wait reject with `disposed`. */
  dispose(): void
  /** An amount in the cart's currency, by `Intl.NumberFormat`. */
  format(amount: number): string
}
