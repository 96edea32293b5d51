import type { createSessionCart } from '../../../src/index.ts'
import type { Contender } from './contender.ts'

// What the script-tag file leaves in the page.
declare const SessionCart: { readonly createSessionCart: typeof createSessionCart }

/** Ours, from the script-tag file. */
export function openSessionCart(scope: string, endpoint?: string): Contender {
  const cart = SessionCart.createSessionCart({ currency: 'EUR', scope, endpoint })
  return {
    ready: cart.ready,
    async give(command) {
      const receipt =
        command.name === 'add'
          ? cart.addItem({ sku: command.sku, price: 1 }, command.quantity)
          : cart.changeQuantity(command.sku, command.by)
      return (await receipt.saved) === 'indexeddb'
    },
    lines: () => cart.$items.get().map(({ sku, quantity }) => [sku, quantity]),
  }
}
