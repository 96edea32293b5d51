import type { Receipt, SessionCart } from '../../src/index.ts'
import { createRandom } from './random.ts'

/** A command that a tab gave, and what has become of it. */
export interface Given {
  readonly id: string
  /** What it adds to a line that nothing is ever taken from. */
  readonly added: readonly [sku: string, units: number] | undefined
  saved?: string
  outcome?: { readonly status: string }
}

/** What a tab is to give. */
export interface Errand {
  readonly seed: number
  readonly commands: number
  /** The longest pause between two ticks, in milliseconds. @defaultValue 8 */
  readonly longestPause?: number | undefined
  /** Has the tab tell the server which commands are saved, under this name: it will not live to be asked. */
  readonly tellAs?: string | undefined
}

/** A tab that gives commands. */
export interface Shopping {
  readonly given: readonly Given[]
  /** Keeps a receipt in `given`. */
  note(receipt: Receipt, added?: Given['added']): void
  /** Gives a mix of commands over many ticks, one or a few in each. */
  run(errand: Errand): Promise<void>
}

const LINES = 50
// Of these lines nothing is ever taken, so that their sums are known.
const SUMMED = 10
const LONGEST_PAUSE_MS = 8

/** What the commands added to the lines that nothing is ever taken from. */
export function sumsOf(given: readonly Given[]): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const { added } of given) if (added) sums[added[0]] = (sums[added[0]] ?? 0) + added[1]
  return sums
}

/** Runs in a page. */
export function createShopping(cart: SessionCart): Shopping {
  const given: Given[] = []
  let toTell: string[] = []
  let tellAs: string | undefined

  // What is saved together is told together.
  function tell(id: string): void {
    if (toTell.push(id) > 1) return
    queueMicrotask(() => {
      const body = JSON.stringify({ page: tellAs, ids: toTell })
      toTell = []
      void fetch('/api/saved', { method: 'POST', body })
    })
  }

  function note({ id, saved, synced }: Receipt, added?: Given['added']): void {
    const entry: Given = { id, added }
    given.push(entry)
    void saved.then(rung => {
      entry.saved = rung
      if (tellAs !== undefined) tell(id)
    })
    synced.then(
      ({ status }) => (entry.outcome = { status }),
      (error: unknown) => (entry.outcome = { status: (error as { code: string }).code }),
    )
  }

  function give(random: () => number): void {
    const pick = (count: number): number => Math.floor(random() * count)
    const number = pick(LINES)
    const item = { sku: `SKU-${number}`, name: `Item ${number}`, price: number + 0.99 }
    const items = cart.$items.get()
    const units = 1 + pick(2)
    if (number < SUMMED) {
      const isThere = items.some(({ sku }) => sku === item.sku)
      const receipt = isThere && pick(2) ? cart.changeQuantity(item.sku, units) : cart.addItem(item, units)
      return note(receipt, [item.sku, units])
    }
    const others = items.filter(({ sku }) => Number(sku.slice(4)) >= SUMMED)
    const other = others[pick(others.length)]?.sku
    const chance = random()
    if (chance < 0.08) note(cart.applyCoupon(`${pick(2) ? 'GOOD' : 'BAD'}-${pick(5)}`))
    else if (chance < 0.12) note(cart.removeCoupon())
    else if (chance < 0.22) note(cart.setAttributes({ [`note${pick(3)}`]: pick(4) ? number : null }))
    else if (other === undefined || chance < 0.55) note(cart.addItem(item, units))
    else if (chance < 0.75) note(cart.changeQuantity(other, pick(2) ? 1 : -1))
    else if (chance < 0.9) note(cart.setQuantity(other, pick(5)))
    else note(cart.removeItem(other))
  }

  return {
    given,
    note,
    async run(errand) {
      const { seed, longestPause = LONGEST_PAUSE_MS } = errand
      const random = createRandom(seed)
      tellAs = errand.tellAs
      // The first is early: nothing is loaded yet.
      give(random)
      await cart.ready
      while (given.length < errand.commands) {
        const count = Math.min(1 + Math.floor(random() * 3), errand.commands - given.length)
        for (let i = 0; i < count; i++) give(random)
        await new Promise(resolve => setTimeout(resolve, random() * longestPause))
      }
    },
  }
}
