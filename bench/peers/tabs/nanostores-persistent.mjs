import { persistentMap } from '@nanostores/persistent'

export const name = '@nanostores/persistent'

export function open(scope) {
  const $lines = persistentMap(`${scope}:`, {}, { encode: JSON.stringify, decode: JSON.parse })
  $lines.listen(() => {})
  const units = () => $lines.get().mug?.quantity ?? 0
  return {
    add: () => $lines.setKey('mug', { name: 'Mug', price: 12.5, quantity: units() + 1 }),
    subscribe: listener => $lines.subscribe(() => listener(units())),
  }
}
