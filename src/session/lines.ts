import { ZERO, add, decimal, type Decimal } from './decimal.ts'
import type { LineKey } from './line-key.ts'
import type { CartItem } from './session.ts'

/** What is known of a list of lines without walking it again. */
export interface LineFacts {
  /** Σ price × units that were not returned. */
  readonly prices: Decimal
  /** Σ additional costs × units that were not returned. */
  readonly costs: Decimal
  /** Σ quantity: what the limits count. */
  readonly units: number
  /** Σ quantity − returned: what the shopper has. */
  readonly remaining: number
  /** Lines without a price. */
  readonly unpriced: number
}

interface Known {
  facts: LineFacts
  positions: Map<string, number> | undefined
  key: LineKey | undefined
}

// Facts ride along with the list they describe, outside the entity, and one change carries them from one list to the
// next: that is what makes the total a running one. Lists are frozen, so a fact never goes stale.
const known = /* @__PURE__ */ new WeakMap<readonly CartItem[], Known>()

const NONE: LineFacts = { prices: ZERO, costs: ZERO, units: 0, remaining: 0, unpriced: 0 }

function counted(facts: LineFacts, item: CartItem, sign: 1 | -1): LineFacts {
  const remaining = item.quantity - (item.returnedQuantity ?? 0)
  let costs = facts.costs
  for (const cost of Object.values(item.additionalCosts ?? {}))
    costs = add(costs, decimal(cost.price), sign * remaining)
  return {
    prices: item.price === undefined ? facts.prices : add(facts.prices, decimal(item.price), sign * remaining),
    costs,
    units: facts.units + sign * item.quantity,
    remaining: facts.remaining + sign * remaining,
    unpriced: facts.unpriced + (item.price === undefined ? sign : 0),
  }
}

/** Adds up a list from nothing. The running facts equal these, always. */
export function recount(items: readonly CartItem[]): LineFacts {
  return items.reduce((facts, item) => counted(facts, item, 1), NONE)
}

function knownOf(items: readonly CartItem[]): Known {
  let entry = known.get(items)
  if (!entry) known.set(items, (entry = { facts: recount(items), positions: undefined, key: undefined }))
  return entry
}

/** The facts of a list: carried along when the list came from {@link withLine}, else added up once. */
export function factsOf(items: readonly CartItem[]): LineFacts {
  return knownOf(items).facts
}

/**
 * Where the line of a key stands, or −1.
 *
 * The map of positions is shared by lists that grew out of one another, so an entry is a hint that the item itself has
 * to confirm: a list that forked off may have put another line there. Every line of a list is in its map, so a key that
 * is absent there is absent.
 */
export function positionOf(items: readonly CartItem[], key: string, keyOf: LineKey): number {
  const entry = knownOf(items)
  const hint = entry.key === keyOf ? entry.positions?.get(key) : undefined
  if (hint === undefined && entry.positions && entry.key === keyOf) return -1
  const item = hint === undefined ? undefined : items[hint]
  if (item && keyOf(item) === key) return hint as number
  entry.key = keyOf
  entry.positions = new Map(items.map((line, position) => [keyOf(line), position]))
  return entry.positions.get(key) ?? -1
}

/**
 * A list with one line put, replaced or taken out, and its facts carried over.
 *
 * @param items The list to start from.
 * @param position Where; the list's length appends.
 * @param item The line; `undefined` takes out what stands there.
 * @param insert Whether to put the line in front of what stands there instead of replacing it.
 */
export function withLine(
  items: readonly CartItem[],
  position: number,
  item: CartItem | undefined,
  insert = false,
): readonly CartItem[] {
  const { facts, positions, key } = knownOf(items)
  const old = insert ? undefined : items[position]
  const next = items.slice()
  if (item && old) next[position] = item
  else next.splice(position, old ? 1 : 0, ...(item ? [item] : []))

  let counts = facts
  if (old) counts = counted(counts, old, -1)
  if (item) counts = counted(counts, item, 1)

  const lineId = item && key?.(item)
  const stays = lineId !== undefined && (old ? key?.(old) === lineId : position === items.length)
  if (stays) positions?.set(lineId, position)
  known.set(next, { facts: counts, positions: stays ? positions : undefined, key: stays ? key : undefined })
  return Object.freeze(next)
}
