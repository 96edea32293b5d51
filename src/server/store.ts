/** What a store holds of one session. */
export interface StoredText {
  /** Counts the writes; from 1. */
  readonly version: number
  /** The document, as it was written. */
  readonly document: string
}

/** A document to be written as version `readVersion + 1`. */
export interface StoreWrite {
  /** The session's `integrationId`. */
  readonly id: string
  /** The version that was read; 0 when there was none. */
  readonly readVersion: number
  readonly document: string
}

/**
 * Where sessions are kept, and beside them rows of the handler's own, whose ids begin with U+0002: such as for a profile, of
 * which one session at a time is told upstream. Each operation is one step of its own: no transaction spans two of them, so any number of
 * handlers may work on one store.
 */
export interface SessionStore {
  /** The session as last written, or `undefined`. */
  read(id: string): Promise<StoredText | undefined>
  /**
   * Writes the document as version `readVersion + 1`, but only if the stored version still is `readVersion`.
   *
   * @param id The session's `integrationId`.
   * @param readVersion The version that was read; 0 when there was none.
   * @param document Text, at most `maxSessionSize` characters and a little.
   * @returns Whether it was written; `false` when another write came first. When it throws, it may have been written.
   */
  write(id: string, readVersion: number, document: string): Promise<boolean>
  /**
   * The same for several sessions at once, as when one adopts another: all of them are written, or none is.
   *
   * @param writes At least two, of different sessions.
   * @returns Whether they were written; `false` when another write to one of them came first.
   */
  writeAll(writes: readonly StoreWrite[]): Promise<boolean>
  /**
   * Deletes what was last written before a moment. A session that is written meanwhile stays. A store that cannot do it
   * leaves it out, and `sessions.expire` throws.
   *
   * @param before The moment.
   * @param keep Documents that hold one of these texts stay.
   * @returns How many were deleted, the handler's own rows among them.
   */
  expire?(before: Date, keep: readonly string[]): Promise<number>
}
