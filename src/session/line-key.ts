import { canonicalJson, type Attributes } from './json.ts'

/** Names the line of an item: items with the same key are one line. Must be pure. */
export type LineKey = (item: { readonly sku: string; readonly attributes?: Attributes | undefined }) => string

/**
 * The default line key: the sku alone, or sku and attributes when there are any, whatever the order of their names.
 *
 * Keys are injective. The key of an item with attributes is a JSON array and starts with `[`; a bare sku that starts
 * with `[` is therefore written as an array too, so it can never pose as one.
 *
 * @example
 * lineKey({ sku: 'MUG-01' }) // 'MUG-01'
 * lineKey({ sku: 'TEE', attributes: { size: 'M' } }) // '["TEE",{"size":"M"}]'
 */
export const lineKey: LineKey = ({ sku, attributes }) => {
  const canonical = attributes ? canonicalJson(attributes) : '{}'
  if (canonical !== '{}') return `[${JSON.stringify(sku)},${canonical}]`
  return sku[0] === '[' ? `[${JSON.stringify(sku)}]` : sku
}
