import { SessionCartError } from '../errors.ts'
import type { Outcome } from '../session/apply.ts'
import type { Mutation } from '../session/mutations.ts'
import type { Rung } from '../storage/ladder.ts'

/** What a command returns. A receipt nobody awaits never raises an unhandled rejection. */
export interface Receipt {
  /** `writer.n` of the mutation. */
  readonly id: string
  /** Resolves when the command is saved, to where: what is in `indexeddb` survives the browser. Never rejects. */
  readonly saved: Promise<Rung>
  /**
   * Resolves to what the server said, or to `local` without an endpoint. Rejects with code `disposed` or `forgotten`
   * when nobody will ever know.
   */
  readonly synced: Promise<Outcome | { readonly status: 'local' }>
}

/** An outcome, or why nobody will ever know it. */
type Ending = Awaited<Receipt['synced']> | SessionCartError

/** The receipts that wait for an outcome. */
export interface Receipts {
  /** Hands out the receipt of a mutation. */
  give(mutation: Mutation, saved: Promise<Rung>): Receipt
  /** Tells the outcome of a mutation; only the first counts, and mutations of other pages have no receipt here. */
  settle(mutation: Pick<Mutation, 'writer' | 'n'>, outcome: Awaited<Receipt['synced']>): void
  /** Ids of the mutations whose outcome is still to come. */
  waiting(): string[]
  /** Gives up on all that wait. */
  abandon(error: SessionCartError): void
}

/** Creates the receipts of a cart: whichever of its sessions a mutation ends up in, its receipt hears of it. */
export function createReceipts(): Receipts {
  const waiting = new Map<string, (ending: Ending) => void>()
  return {
    give({ writer, n }, saved) {
      const id = `${writer}.${n}`
      let synced: Receipt['synced'] | undefined
      let known: Ending | undefined
      let end = (ending: Ending): void => {
        known = ending
      }
      waiting.set(id, ending => end(ending))
      return {
        id,
        saved,
        // Few ask: to make the promise, and its `catch`, takes Firefox a third of the time of a command.
        get synced() {
          if (!synced) {
            synced = new Promise((resolve, reject) => {
              end = ending => (ending instanceof SessionCartError ? reject(ending) : resolve(ending))
              if (known) end(known)
            })
            synced.catch(() => {})
          }
          return synced
        },
      }
    },
    settle({ writer, n }, outcome) {
      const id = `${writer}.${n}`
      waiting.get(id)?.(outcome)
      waiting.delete(id)
    },
    waiting: () => [...waiting.keys()],
    abandon(error) {
      for (const end of waiting.values()) end(error)
      waiting.clear()
    },
  }
}
