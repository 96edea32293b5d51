import { $checkout, cart, checkOut } from './cart.js'
import { part } from './parts.js'

export function showCheckout(box) {
  const button = part('checkout', box)
  button.addEventListener('click', () => void checkOut())

  cart.$totals.subscribe(({ total, discount, payable, estimated }) => {
    part('subtotal', box).textContent = cart.format(total)
    part('discount-row', box).hidden = discount === 0
    part('discount', box).textContent = cart.format(-discount)
    part('payable', box).textContent = cart.format(payable)
    part('estimated', box).textContent = estimated ? 'estimated' : 'confirmed'
    part('estimated', box).dataset.estimated = estimated
  })

  $checkout.subscribe(({ phase, total, version }) => {
    part('checkout-problem', box).hidden = phase !== 'failed'
    part('checkout-ready', box).hidden = phase !== 'ready'
    part('ready-text', box).textContent =
      `${total}, confirmed by the shop as version ${version} of your cart. A real shop would take it from here.`
    // Not `disabled`, which would lose the focus.
    button.setAttribute('aria-disabled', phase === 'pending')
    button.textContent = phase === 'pending' ? 'Checking with the shop' : 'Check out'
  })
}
