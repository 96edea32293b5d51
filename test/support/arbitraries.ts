import * as fc from 'fast-check'
import type { Json } from '../../src/session/json.ts'
import type { CartItem } from '../../src/session/session.ts'

/** Prices of up to 17 significant digits, from the smallest double to the limit, the awkward ones often. */
export const prices: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(0, 0.1, 0.2, 19.99, 5e-324, 1e-7, 1.5e-7, 1e15, 999_999_999_999_999.9),
  fc.integer({ min: 0, max: 100_000 }).map(cents => cents / 100),
  fc.double({ min: 0, max: 1e15, noNaN: true }).map(price => price + 0),
)

/** Names that are members of every object, among ordinary ones. */
export const names: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom('a', 'b', 'size', '__proto__', 'constructor', 'toString', 'hasOwnProperty', '[', '"'),
  fc.string({ unit: 'grapheme', minLength: 1 }),
)

/** JSON data a few levels deep, with odd names. */
export const json: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>(tie => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(null, true, false, 0, ''),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(value => value + 0),
    fc.string({ unit: 'grapheme' }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(names, tie('value'), { maxKeys: 4 }),
  ),
})).value

const costs = fc.dictionary(
  fc.constantFrom('deposit', 'giftWrap', '__proto__'),
  prices.map(price => ({ price })),
)

/** Lines of different skus, some with costs, some without a price, some partly returned. */
export const lines: fc.Arbitrary<readonly CartItem[]> = fc.uniqueArray(
  fc
    .record(
      {
        sku: fc.constantFrom('A', 'B', 'C', 'D', 'E', 'F', 'constructor', '['),
        quantity: fc.integer({ min: 1, max: 1000 }),
        price: prices,
        additionalCosts: costs,
        returnedQuantity: fc.nat(1),
      },
      { requiredKeys: ['sku', 'quantity'] },
    )
    .map(item => Object.freeze(item)),
  { selector: ({ sku }) => sku, maxLength: 6 },
)
