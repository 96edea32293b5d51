import type { Draft, Held } from './held-types.ts'
import type { SpareLog } from './spare-log.ts'

/** What is given before the log was read, under an id that may turn out to be another session's. */
export interface Early {
  /** Takes note of the draft of a command. */
  note(draft: Draft): void
  /** Those drafts of the id belong to this session. */
  settle(early: string, session: string): void
  /** The log was read: what is given from now on knows where it belongs. */
  end(): void
}

/** Creates the note of early drafts. */
export function createEarly(held: Held, spare: SpareLog): Early {
  // By their keys in the spare, which stay. Others of their session may have been found there.
  const keys = new Set<Draft['lines']>()
  let isOver = false
  return {
    note(draft) {
      if (!isOver) keys.add(draft.lines)
    },
    settle(early, session) {
      for (const draft of held.drafts('open', 'spared')) {
        if (!keys.has(draft.lines) || draft.session !== early) continue
        draft.session = session
        if (draft.state === 'spared') spare.keep(draft)
      }
    },
    end() {
      isOver = true
      keys.clear()
    },
  }
}
