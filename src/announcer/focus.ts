import { lineKey, type CartItem, type LineKey } from '../index.ts'

/**
 * Where the focus goes when a line is removed: to the line that takes its place, else to the one before it. Without it the
 * focus falls to the top of the page, and whoever cannot see has to find the way back.
 *
 * @param items The lines before the removal.
 * @param removed The key of the line that goes, or its place.
 * @param keyOf The cart's own line key, if it has one.
 * @returns the key of the line; undefined when none is left: then it is for the heading of the cart or its empty message
 *
 * @example
 * const items = [{ sku: 'MUG-01', quantity: 1 }, { sku: 'PEN', quantity: 1 }]
 * focusAfterRemoval(items, 'MUG-01') // 'PEN'
 * focusAfterRemoval(items, 1) // 'MUG-01'
 */
export function focusAfterRemoval(
  items: readonly CartItem[],
  removed: string | number,
  keyOf: LineKey = lineKey,
): string | undefined {
  const index = typeof removed === 'number' ? removed : items.findIndex(item => keyOf(item) === removed)
  const next = items[index + 1] ?? items[index - 1]
  return index < 0 || !next ? undefined : keyOf(next)
}
