import type { Command, SessionCart, Receipt } from '../index.ts'
import { canonicalJson, type Attributes, type Json } from '../session/json.ts'
import { lineChanges, type LineChange } from '../session/line-changes.ts'
import { positionOf } from '../session/lines.ts'
import type { LineKey } from '../session/line-key.ts'
import { toInput } from '../session/schemas.ts'
import type { CustomerSession, ItemChanges, LineInput } from '../session/session.ts'

/**
 * What takes a part of a command back, as plain data. Units are relative, so that what other tabs and the server did
 * meanwhile stays; a value goes back only where it is still the one that was put in: `from` is that value, `to` the one
 * before it, `null` stands for none.
 */
export type Change =
  | { readonly kind: 'quantity'; readonly line: string; readonly by: number }
  | { readonly kind: 'fields'; readonly line: string; readonly from: ItemChanges; readonly to: ItemChanges }
  | { readonly kind: 'line'; readonly item: LineInput; readonly index: number }
  | { readonly kind: 'coupon' | 'referral'; readonly from: string; readonly to: string }
  | { readonly kind: 'attributes'; readonly from: Attributes; readonly to: Attributes }

interface Difference {
  readonly from: Attributes
  readonly to: Attributes
}

// A name such as `constructor` is a member of every object.
function memberOf(map: object, name: string): Json {
  return Object.hasOwn(map, name) ? ((map as Attributes)[name] ?? null) : null
}

function differenceOf(before: object, after: object): Difference | undefined {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    name => JSON.stringify(memberOf(before, name)) !== JSON.stringify(memberOf(after, name)),
  )
  if (!names.length) return
  const pick = (map: object): Attributes => Object.fromEntries(names.map(name => [name, memberOf(map, name)]))
  return { from: pick(after), to: pick(before) }
}

function fieldsOf(item: LineInput): object {
  const { quantity, ...fields } = toInput(item)
  return fields
}

// The line has another key, and its place: it goes back as it came, whatever units it has by then.
function moveBack(changes: readonly LineChange[]): Change[] | undefined {
  const [old, moved, more] = changes
  if (more || !old?.before || !moved?.after || moved.before) return
  const difference = differenceOf(fieldsOf(old.before), fieldsOf(moved.after))
  return difference && [{ kind: 'fields', line: moved.key, ...difference }]
}

function linesBack(changed: readonly LineChange[]): Change[] {
  const quantities: Change[] = []
  const fields: Change[] = []
  const lines: Change[] = []
  for (const { key: line, before: item, after: now, index } of changed) {
    if (item && !now) lines.push({ kind: 'line', item: toInput(item), index })
    const by = (item?.quantity ?? 0) - (now?.quantity ?? 0)
    if (now && by) quantities.push({ kind: 'quantity', line, by })
    const difference = item && now && differenceOf(fieldsOf(item), fieldsOf(now))
    if (difference) fields.push({ kind: 'fields', line, ...difference })
  }
  // First what makes room, last what takes it: a full cart could not hold both.
  return [...quantities, ...fields, ...lines]
}

/** What takes a command back; nothing for one that changed nothing a shopper put in. */
export function changesBack({ mutation, before, after }: Command, keyOf: LineKey): readonly Change[] {
  const changed = lineChanges(before.cartItems, after.cartItems, keyOf)
  const changes = (mutation.name === 'updateItem' && moveBack(changed)) || linesBack(changed)
  for (const kind of ['coupon', 'referral'] as const) {
    if (before[kind] !== after[kind]) changes.push({ kind, from: after[kind], to: before[kind] })
  }
  const difference = differenceOf(before.attributes, after.attributes)
  if (difference) changes.push({ kind: 'attributes', ...difference })
  return changes
}

/** The members of `to` whose value is still the one in `from`. */
function ownStill(now: object, { from, to }: { readonly from: object; readonly to: object }): Attributes | undefined {
  const names = Object.keys(to).filter(
    name => canonicalJson(memberOf(now, name)) === canonicalJson(memberOf(from, name)),
  )
  return names.length ? Object.fromEntries(names.map(name => [name, memberOf(to, name)])) : undefined
}

/** How a change is given to a cart as it is now; undefined when it does not fit any more. */
export function commandFor(
  change: Change,
  session: CustomerSession,
  keyOf: LineKey,
): ((cart: SessionCart) => Receipt) | undefined {
  const { cartItems } = session
  switch (change.kind) {
    case 'quantity': {
      const { line, by } = change
      return positionOf(cartItems, line, keyOf) < 0 ? undefined : cart => cart.changeQuantity(line, by)
    }
    case 'fields': {
      const item = cartItems[positionOf(cartItems, change.line, keyOf)]
      const changes = item && ownStill(item, change)
      return changes && (cart => cart.updateItem(change.line, changes))
    }
    case 'line':
      return cart => cart.restoreItem(change.item, change.index)
    case 'attributes': {
      const changes = ownStill(session.attributes, change)
      return changes && (cart => cart.setAttributes(changes))
    }
    case 'coupon': {
      const { from, to } = change
      if (session.coupon !== from) return
      return cart => (to ? cart.applyCoupon(to) : cart.removeCoupon())
    }
    case 'referral': {
      const { from, to } = change
      if (session.referral !== from) return
      return cart => (to ? cart.applyReferral(to) : cart.removeReferral())
    }
  }
}
