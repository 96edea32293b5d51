import * as fc from 'fast-check'
import type { Receipt, SessionCart } from '../../src/index.ts'
import { lineKey } from '../../src/session/line-key.ts'
import { parseArgs, type Mutation, type MutationName } from '../../src/session/mutations.ts'

/** A mutation of a session, in the shape of the log. */
export function mutation(name: string, args: object, n = 1, writer = 'w'): Mutation {
  return { writer, n, name, args, at: '2026-11-23T10:00:00Z' }
}

const skus = fc.constantFrom('A', 'B', '[', '["A",{"size":"M"}]', '__proto__', 'constructor', '👕')
const attributes = fc.dictionary(
  fc.constantFrom('size', '__proto__', 'constructor', '1'),
  fc.oneof(fc.constantFrom('M', 'L', '', null), fc.jsonValue({ maxDepth: 3 })),
  { maxKeys: 2 },
)
const amounts = fc.oneof(fc.constantFrom(0, 0.1, 19.99, 5e-324, 1e15), fc.double({ min: 0, max: 1e6, noNaN: true }))
const fields = {
  sku: skus,
  name: fc.string({ unit: 'grapheme' }),
  price: amounts.map(value => value + 0),
  product: fc.record({ name: fc.string({ unit: 'grapheme' }) }),
  weight: amounts.map(value => value + 0),
  attributes,
  additionalCosts: fc.dictionary(
    fc.constantFrom('deposit', '__proto__'),
    amounts.map(price => ({ price: price + 0 })),
  ),
}
const items = fc.record(fields, { requiredKeys: ['sku'] })
const quantities = fc.integer({ min: 1, max: 9 })
const lineInputs = fc.record({ ...fields, quantity: quantities }, { requiredKeys: ['sku', 'quantity'] })
const keys = fc.oneof(
  skus.map(sku => lineKey({ sku })),
  fc.record({ sku: skus, attributes: fc.constantFrom({ size: 'M' }, { size: 'L' }) }).map(lineKey),
)
const none = fc.constant({})

const argsByName: { readonly [Name in MutationName]: fc.Arbitrary<object> } = {
  start: fc.record({ currency: fc.constant('EUR'), attributes, items: fc.array(lineInputs, { maxLength: 4 }) }),
  addItem: fc.record({ item: items, quantity: quantities }),
  changeQuantity: fc.record({ line: keys, by: fc.integer({ min: -4, max: 4 }) }),
  setQuantity: fc.record({ line: keys, quantity: fc.nat(6) }),
  updateItem: fc.record({ line: keys, changes: fc.record(fields, { requiredKeys: [] }) }),
  removeItem: fc.record({ line: keys }),
  clearItems: none,
  restoreItem: fc.record({ item: lineInputs, index: fc.nat(5) }),
  applyCoupon: fc.record({ code: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }) }),
  removeCoupon: none,
  applyReferral: fc.record({ code: fc.constantFrom('R', 'x'.repeat(101)) }),
  removeReferral: none,
  setAttributes: fc.record({ changes: attributes }),
  setIdentifiers: fc.record({ identifiers: fc.array(fc.constantFrom('a', 'b'), { maxLength: 7 }) }),
  setProfile: fc.record({ profileId: fc.constantFrom('', 'guest-1') }),
  closeSession: none,
  cancelSession: none,
  reopenSession: none,
  returnItems: fc.record({ items: fc.array(fc.record({ line: keys, quantity: quantities }), { maxLength: 3 }) }),
  adopt: fc.record({
    from: fc.record({ integrationId: fc.constantFrom('s', 'other'), epoch: fc.constant('e') }),
    rule: fc.constantFrom('sum', 'max', 'mine', 'theirs'),
  }),
  burn: none,
}

const ITEMS = ['start', 'addItem', 'changeQuantity', 'setQuantity', 'updateItem', 'removeItem', 'restoreItem'] as const
const REST = (Object.keys(argsByName) as MutationName[]).filter(name => !ITEMS.includes(name as (typeof ITEMS)[number]))

// Commands as an app may give them: mostly of items, so that lines meet, and every other one now and then.
const commands: fc.Arbitrary<{ name: MutationName; args: object }> = fc
  .oneof({ weight: 4, arbitrary: fc.constantFrom(...ITEMS) }, { weight: 1, arbitrary: fc.constantFrom(...REST) })
  .chain(name => argsByName[name].map(args => ({ name, args })))

/** What a writer gave, checked and numbered. */
export const logs: fc.Arbitrary<readonly Mutation[]> = fc
  .array(commands, { maxLength: 12 })
  .map(given => given.map(({ name, args }, index) => mutation(name, parseArgs(name, args), index + 1)))

/** One random command, if the cart has what it needs. */
export function randomCommand(random: () => number, cart: SessionCart): Receipt | undefined {
  const below = (limit: number): number => Math.floor(random() * limit)
  const pick = <Value>(values: readonly Value[]): Value => values[below(values.length)]!
  const lines = cart.$items.get()
  const sku = pick(['A', 'B', 'C', 'D'])
  const chance = random()
  if (chance < 0.5) return cart.addItem({ sku, price: below(500) / 100 }, 1 + below(3))
  if (chance < 0.58) return cart.applyCoupon(pick(['OLD', 'NEW']))
  if (chance < 0.6) return cart.removeCoupon()
  if (chance < 0.66) return cart.setAttributes({ [sku]: below(9) })
  if (!lines.length) return undefined
  const line = pick(lines).sku
  if (chance < 0.84) return cart.changeQuantity(line, pick([-2, -1, 1, 2]))
  if (chance < 0.93) return cart.setQuantity(line, below(4))
  return cart.removeItem(line)
}
