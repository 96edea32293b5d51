import { statusWords } from '../shared/words.ts'
import { $announcement, $problem, attempt, cart } from './cart.js'
import { showCheckout } from './checkout.js'
import { showCoupon } from './coupon.js'
import { showLines } from './lines.js'
import { showNotices } from './notices.js'
import { part } from './parts.js'
import { showProducts } from './products.js'

showProducts(part('products'))
showNotices(part('notices'))
showLines(part('lines'))
showCoupon(part('coupon'))
showCheckout(part('totals'))

// `subscribe` calls at once with the value, and then at every change.
cart.$quantity.subscribe(quantity => (part('cart-count').textContent = quantity))
$problem.subscribe(problem => (part('problem').textContent = problem))
$announcement.subscribe(announcement => (part('live').textContent = announcement))

cart.$status.subscribe(status => {
  const { text, tone, action } = statusWords(status)
  Object.assign(part('sync').dataset, { phase: status.phase, tone })
  part('sync-text').textContent = text
  part('restart').hidden = action !== 'restart'
})
part('restart').addEventListener('click', () => attempt(() => cart.startSession({ keep: true })))

function showParts() {
  const isLoading = cart.$status.get().phase === 'loading'
  const isEmpty = cart.$quantity.get() === 0
  part('cart-loading').hidden = !isLoading
  part('cart-empty').hidden = isLoading || !isEmpty
  for (const name of ['lines', 'coupon', 'totals']) part(name).hidden = isLoading || isEmpty
}
cart.$status.subscribe(showParts)
cart.$quantity.listen(showParts)

// The stores are nanostores, so the tools for those work: `?log` in the address tells each change in the console.
if (new URLSearchParams(location.search).has('log')) {
  const { logger } = await import('@nanostores/logger')
  const { $items, $totals, $status, $notices } = cart
  logger({ $items, $totals, $status, $notices })
}
