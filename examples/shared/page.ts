import { atom, computed } from 'nanostores'
import { isSessionCartError, type SessionCart } from 'session-cart'
import { errorWords, statusWords, things } from './words.ts'

/** Where the checkout stands; once `ready`, with what the server has confirmed. */
export type Checkout =
  | { readonly phase: 'shopping' | 'pending' | 'failed' }
  | { readonly phase: 'ready'; readonly total: string; readonly version: number }

/** What is the same in a page of every framework: stores beside those of the cart, and what the shopper does with them. */
export function createPage(cart: SessionCart) {
  const $problem = atom('')
  const $checkout = atom<Checkout>({ phase: 'shopping' })

  // What was confirmed, or could not be, was the cart as it stood then.
  cart.$totals.listen(() => {
    if ($checkout.get().phase !== 'pending') $checkout.set({ phase: 'shopping' })
  })

  return {
    /** Why the last command was refused, in words; empty when it was not. */
    $problem,

    $checkout,

    /** What a screen reader says of the cart, for a `role="status"` that nobody sees. */
    $announcement: computed(
      [cart.$status, cart.$quantity, cart.$totals, $checkout],
      (status, quantity, { payable }, checkout) => {
        if (status.phase === 'loading') return ''
        if (checkout.phase === 'ready') return `Ready for payment, ${checkout.total}.`
        if (checkout.phase === 'failed') return 'The shop could not be reached. Please try again.'
        const { text, tone } = statusWords(status)
        if (tone === 'offline' || tone === 'warn') return text
        return `${things(quantity)} in your cart, ${cart.format(payable)}.`
      },
    ),

    /** Runs a command. One that is misused throws before anything changes: a quantity above the limit, a closed cart. */
    attempt(command: () => void): void {
      try {
        command()
        $problem.set('')
      } catch (error) {
        $problem.set(errorWords(error))
      }
    },

    /** The gate before paying: what is paid for has to be what the server has. */
    async checkOut(): Promise<void> {
      if ($checkout.get().phase === 'pending') return
      $checkout.set({ phase: 'pending' })
      try {
        const { version, totals } = await cart.flush()
        // Something given since is not in it yet.
        if (cart.$totals.get().estimated) $checkout.set({ phase: 'shopping' })
        else $checkout.set({ phase: 'ready', total: cart.format(totals.payable), version })
      } catch (error) {
        if (isSessionCartError(error, 'not-synced')) $checkout.set({ phase: 'failed' })
        else {
          $checkout.set({ phase: 'shopping' })
          $problem.set(errorWords(error))
        }
      }
    },
  }
}
