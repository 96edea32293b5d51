import { array, looseObject, number, optional, picklist, safeParse, string } from 'valibot'
import type { Json } from '../session/json.ts'

/** Where a session stands upstream, as far as is known. `lost`: upstream has known it, and does no more. */
export type Standing = 'open' | 'closed' | 'partially_returned' | 'cancelled' | 'lost'

/** What the bridge keeps with a session. No secret is in it, and of the shopper salted hashes alone. */
export interface Memory {
  /** `undefined` as long as upstream has not heard of the session. */
  readonly standing?: Standing | undefined
  /** The digest of the content that upstream holds. */
  readonly content?: string | undefined
  /** Calls that were answered. */
  readonly calls: number
  /** The server's own identifiers, hashed. */
  readonly identifiers: readonly string[]
  /** The digest of what Talon.One has refused. */
  readonly refused?: string | undefined
  /** What the operator has heard, and of which content. */
  readonly told?: readonly string[] | undefined
  /** Until when a call was under way of whose end nobody heard, in ms since 1970. */
  readonly unsettled?: number | undefined
}

const memory = looseObject({
  standing: optional(picklist(['open', 'closed', 'partially_returned', 'cancelled', 'lost'])),
  content: optional(string()),
  calls: number(),
  identifiers: array(string()),
  refused: optional(string()),
  told: optional(array(string())),
  unsettled: optional(number()),
})

/** What was kept. Where that cannot be read, upstream has to be asked how things stand: something may be there. */
export function readMemory(kept: Json | undefined): Memory {
  if (kept === undefined) return { calls: 0, identifiers: [] }
  const result = safeParse(memory, kept)
  return result.success ? result.output : { calls: 0, identifiers: [], unsettled: 0 }
}
