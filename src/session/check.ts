import { canonicalJson } from './json.ts'
import type { CartItem } from './session.ts'

/**
 * A short hash of the cart items, by which client and server notice that they hold different lines. It guards against
 * divergence, not against an adversary.
 *
 * Two 32-bit FNV-1a lanes over the UTF-16 code units of the canonical JSON, the second one with its own start and the
 * position added to each unit, written as 16 hexadecimal digits. `docs/protocol.md` gives test values.
 */
export function checkOf(items: readonly CartItem[]): string {
  const text = canonicalJson(items)
  let low = 0x811c9dc5
  let high = 0x9747b28c
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    low = Math.imul(low ^ unit, 0x01000193)
    high = Math.imul(high ^ (unit + (i & 0xffff)), 0x01000193)
  }
  return [high, low].map(lane => (lane >>> 0).toString(16).padStart(8, '0')).join('')
}
