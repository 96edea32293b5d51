import type { SessionCartError } from '../errors.ts'
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

interface Waiting {
  resolve(outcome: Awaited<Receipt['synced']>): void
  reject(error: SessionCartError): void
}

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
  const waiting = new Map<string, Waiting>()
  return {
    give({ writer, n }, saved) {
      const id = `${writer}.${n}`
      const synced: Receipt['synced'] = new Promise((resolve, reject) => waiting.set(id, { resolve, reject }))
      synced.catch(() => {})
      return { id, saved, synced }
    },
    settle({ writer, n }, outcome) {
      const id = `${writer}.${n}`
      waiting.get(id)?.resolve(outcome)
      waiting.delete(id)
    },
    waiting: () => [...waiting.keys()],
    abandon(error) {
      for (const { reject } of waiting.values()) reject(error)
      waiting.clear()
    },
  }
}
