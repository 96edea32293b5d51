import type { Held } from './held-types.ts'
import type { SpareLog } from './spare-log.ts'

/** Says whose the drafts are that were given under an id, or under none. */
export const settleIn =
  (held: Held, spare: SpareLog) =>
  (early: string, session: string): void => {
    for (const draft of held.drafts('open', 'spared')) {
      if (draft.session !== early) continue
      draft.session = session
      // Whoever finds the lines has to know it too. Those without any stand there in those of another page.
      if (draft.lines.length) spare.replace(draft)
    }
  }
