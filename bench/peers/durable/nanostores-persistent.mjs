import { persistentMap } from '@nanostores/persistent'

export const name = '@nanostores/persistent'
export const lacks = 'sums, checks, sync; it writes to localStorage, which a kill within seconds loses'

export function open(scope) {
  const $lines = persistentMap(`${scope}:`, {}, { encode: JSON.stringify, decode: JSON.parse })
  const add = ({ id, name, price }) =>
    $lines.setKey(id, { id, name, price, quantity: ($lines.get()[id]?.quantity ?? 0) + 1 })
  const stop = $lines.listen(() => {})
  return { addAll: items => items.forEach(add), lines: () => Object.values($lines.get()), close: stop }
}
