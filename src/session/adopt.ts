import { withUnits } from './apply.ts'
import { copyJson } from './json.ts'
import { lineKey, type LineKey } from './line-key.ts'
import type { AdoptRule } from './mutations.ts'
import { toInput } from './schemas.ts'
import type { CartItem } from './session.ts'

/**
 * The lines of a session after it has adopted another one: what `adopt` does at the server, before it prices them.
 *
 * A line that only one of the two has stays or comes along as it is, theirs behind mine. Of a line that both have, the rule
 * decides: `sum` adds the quantities and `max` takes the larger one, either with my price and fields; `mine` keeps my line,
 * `theirs` puts their line in its place, price and fields included.
 *
 * @param mine Lines of the session that adopts.
 * @param theirs Lines of the session that is adopted.
 * @param keyOf Which items are one line; the same function as the cart's. @defaultValue `lineKey`
 *
 * @example
 * const mine = [{ sku: 'MUG-01', price: 12.5, quantity: 2 }]
 * const theirs = [{ sku: 'MUG-01', price: 13, quantity: 1 }, { sku: 'TEE-7', price: 20, quantity: 1 }]
 * previewAdopt(mine, theirs, 'sum').length // 2
 * previewAdopt(mine, theirs, 'sum')[0].quantity // 3
 * previewAdopt(mine, theirs, 'theirs')[0].price // 13
 */
export function previewAdopt(
  mine: readonly CartItem[],
  theirs: readonly CartItem[],
  rule: AdoptRule,
  keyOf: LineKey = lineKey,
): readonly CartItem[] {
  const positions = new Map(mine.map((item, position) => [keyOf(item), position]))
  const lines = [...mine]
  for (const item of theirs) {
    const position = positions.get(keyOf(item)) ?? -1
    const own = lines[position]
    // What the server had put on a line is for it to put on again.
    const brought = copyJson(toInput(item)) as unknown as CartItem
    if (!own) lines.push(brought)
    else if (rule === 'theirs') lines[position] = brought
    else if (rule === 'sum') lines[position] = withUnits(own, own.quantity + item.quantity)
    else if (rule === 'max' && item.quantity > own.quantity) lines[position] = withUnits(own, item.quantity)
  }
  return Object.freeze(lines)
}
