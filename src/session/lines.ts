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

/** Where the lines stand, by key: of one list, and of those that have the same keys in the same places. */
interface Index {
  /** Undefined until it is asked for. */
  key?: LineKey | undefined
  /** Undefined when two lines share a key (a server may send such): then the first one is it, sought from the start. */
  positions?: Map<string, number> | undefined
}

/** The part of two lists that is not the same in both: where it begins, where it ends in the one before, and in the one after. */
export type ChangedRange = readonly [start: number, left: number, right: number]

interface Known {
  readonly facts: LineFacts
  readonly index: Index
  /** The facts of the list it was made from stand for that list, which may be forgotten. */
  readonly from?: LineFacts
  readonly range?: ChangedRange
  /** The same lines, not frozen: for the one list that is made from this one first. */
  draft?: CartItem[] | undefined
}

// Facts ride along with the list they describe, outside the entity, and one change carries them from one list to the
// next: that is what makes the total a running one. Lists are frozen, so a fact never goes stale. On a list that is made
// here they are a member nobody sees: Firefox takes 5 µs to put a young object into a WeakMap and to collect it again.
const KNOWN = /* @__PURE__ */ Symbol('known')
// Of lists that came from elsewhere.
const foreign = /* @__PURE__ */ new WeakMap<readonly CartItem[], Known>()

const NONE: LineFacts = { prices: ZERO, costs: ZERO, units: 0, remaining: 0, unpriced: 0 }

function counted(facts: LineFacts, item: CartItem, sign: 1 | -1): LineFacts {
  const remaining = item.quantity - (item.returnedQuantity ?? 0)
  let costs = facts.costs
  if (item.additionalCosts) {
    for (const cost of Object.values(item.additionalCosts)) costs = add(costs, decimal(cost.price), sign * remaining)
  }
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
  // Sessions begin with one and the same empty list: in a server, what they hold must not meet in one map.
  if (items.length === 0) return { facts: NONE, index: {} }
  let entry = (items as { readonly [KNOWN]?: Known })[KNOWN] ?? foreign.get(items)
  if (!entry) foreign.set(items, (entry = { facts: recount(items), index: {} }))
  return entry
}

/** The facts of a list: carried along when the list came from {@link withLine}, else added up once. */
export function factsOf(items: readonly CartItem[]): LineFacts {
  return knownOf(items).facts
}

/** What one call of {@link withLine} changed, if that is what lies between two lists. */
export function knownRange(before: readonly CartItem[], after: readonly CartItem[]): ChangedRange | undefined {
  const { from, range } = knownOf(after)
  return from === factsOf(before) ? range : undefined
}

/**
 * Where the line of a key stands, or −1.
 *
 * The map of positions has every line of its list and no other. An entry is a hint that the line itself has to confirm:
 * lines before it may have come or gone.
 */
export function positionOf(items: readonly CartItem[], key: string, keyOf: LineKey): number {
  const { index } = knownOf(items)
  if (index.key !== keyOf) {
    const positions = new Map(items.map((line, position) => [keyOf(line), position]))
    index.key = keyOf
    index.positions = positions.size === items.length ? positions : undefined
  }
  const { positions } = index
  if (!positions) return items.findIndex(line => keyOf(line) === key)
  const hint = positions.get(key)
  if (hint === undefined) return -1
  for (let distance = 0; distance <= hint + items.length; distance++) {
    for (const position of [hint - distance, hint + distance]) {
      const item = items[position]
      if (item && keyOf(item) === key) return position
    }
  }
  return -1
}

// The map goes on with the list that has other keys; who asks a list before it for a line builds another one.
function grown(index: Index, position: number, old: CartItem | undefined, item: CartItem | undefined): Index {
  const { key, positions } = index
  const left = old && key?.(old)
  const came = item && key?.(item)
  if (left !== undefined) positions?.delete(left)
  if (came !== undefined) positions?.set(came, position)
  if (key && left === came) return index
  index.key = index.positions = undefined
  return { key, positions }
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
  const origin = knownOf(items)
  const { facts, index } = origin
  const old = insert ? undefined : items[position]
  // V8 takes 40 µs for the `slice` of a thousand frozen lines, and Firefox 7 µs to spread them. Of lines that are not
  // frozen a `slice` is the fastest in both: so a list leaves its draft to the next.
  const draft = origin.draft ?? [...items]
  origin.draft = undefined
  if (item && old) draft[position] = item
  else draft.splice(position, old ? 1 : 0, ...(item ? [item] : []))
  const next = draft.slice()

  let counts = facts
  if (old) counts = counted(counts, old, -1)
  if (item) counts = counted(counts, item, 1)
  const value: Known = {
    facts: counts,
    index: grown(index, position, old, item),
    from: facts,
    range: [position, position + (old ? 1 : 0), position + (item ? 1 : 0)],
    draft,
  }
  Object.defineProperty(next, KNOWN, { value })
  return Object.freeze(next)
}
