import type { ReactNode } from 'react'
import { $checkout, cart, checkOut } from './cart.ts'
import { useStore } from './use-store.ts'

function Checkout(): ReactNode {
  const checkout = useStore($checkout)
  const isPending = checkout.phase === 'pending'
  return (
    <>
      {checkout.phase === 'failed' && (
        <p className="note note-warn" data-test="checkout-problem">
          We could not reach the shop to confirm your cart. Nothing is lost. Please try again in a moment.
        </p>
      )}
      {checkout.phase === 'ready' && (
        <div className="ready" data-test="checkout-ready">
          <h3>Ready for payment</h3>
          <p>
            {checkout.total}, confirmed by the shop as version {checkout.version} of your cart. A real shop would take
            it from here.
          </p>
        </div>
      )}
      {/* Not `disabled`, which would lose the focus. */}
      <button
        className="button button-wide"
        data-test="checkout"
        aria-disabled={isPending}
        onClick={() => void checkOut()}
      >
        {isPending ? 'Checking with the shop' : 'Check out'}
      </button>
    </>
  )
}

export function Totals(): ReactNode {
  const { total, discount, payable, estimated } = useStore(cart.$totals)
  return (
    <footer className="sheet-foot">
      <dl className="totals">
        <div>
          <dt>Subtotal</dt>
          <dd data-test="subtotal">{cart.format(total)}</dd>
        </div>
        {discount > 0 && (
          <div className="totals-discount">
            <dt>Discount</dt>
            <dd data-test="discount">{cart.format(-discount)}</dd>
          </div>
        )}
        <div className="totals-payable">
          <dt>
            Total{' '}
            <span className="flag" data-test="estimated" data-estimated={estimated}>
              {estimated ? 'estimated' : 'confirmed'}
            </span>
          </dt>
          <dd data-test="payable">{cart.format(payable)}</dd>
        </div>
      </dl>
      <Checkout />
    </footer>
  )
}
