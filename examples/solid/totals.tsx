import { useStore } from '@nanostores/solid'
import { Match, Show, Switch, type JSX } from 'solid-js'
import type { Checkout as State } from '../shared/page.ts'
import { $checkout, cart, checkOut } from './cart.ts'

function Checkout(): JSX.Element {
  const checkout = useStore($checkout)
  const ready = (): (State & { phase: 'ready' }) | undefined => {
    const state: State = checkout()
    return state.phase === 'ready' ? state : undefined
  }
  return (
    <>
      <Switch>
        <Match when={checkout().phase === 'failed'}>
          <p class="note note-warn" data-test="checkout-problem">
            We could not reach the shop to confirm your cart. Nothing is lost. Please try again in a moment.
          </p>
        </Match>
        <Match when={ready()}>
          {state => (
            <div class="ready" data-test="checkout-ready">
              <h3>Ready for payment</h3>
              <p>
                {state().total}, confirmed by the shop as version {state().version} of your cart. A real shop would take
                it from here.
              </p>
            </div>
          )}
        </Match>
      </Switch>
      {/* Not `disabled`, which would lose the focus. */}
      <button
        class="button button-wide"
        data-test="checkout"
        aria-disabled={checkout().phase === 'pending'}
        onClick={() => void checkOut()}
      >
        {checkout().phase === 'pending' ? 'Checking with the shop' : 'Check out'}
      </button>
    </>
  )
}

export function Totals(): JSX.Element {
  const totals = useStore(cart.$totals)
  return (
    <footer class="sheet-foot">
      <dl class="totals">
        <div>
          <dt>Subtotal</dt>
          <dd data-test="subtotal">{cart.format(totals().total)}</dd>
        </div>
        <Show when={totals().discount > 0}>
          <div class="totals-discount">
            <dt>Discount</dt>
            <dd data-test="discount">{cart.format(-totals().discount)}</dd>
          </div>
        </Show>
        <div class="totals-payable">
          <dt>
            Total{' '}
            <span class="flag" data-test="estimated" data-estimated={totals().estimated}>
              {totals().estimated ? 'estimated' : 'confirmed'}
            </span>
          </dt>
          <dd data-test="payable">{cart.format(totals().payable)}</dd>
        </div>
      </dl>
      <Checkout />
    </footer>
  )
}
