import { formatMoney } from '../shop/money.js'
import { part } from '../shop/parts.js'

const NOT_SYNCED =
  'We could not reach the shop to confirm your cart. Nothing is lost, it is all kept on this device. Please try again in a moment.'
const OTHERWISE = 'Your cart could not be confirmed. Nothing is lost; please look at the messages above and try again.'

/** The gate before paying: what is paid for must be what the shop has. */
export function createCheckout({ dialog, announcer }) {
  const button = part(dialog, 'checkout')
  const label = button.firstElementChild
  const problem = part(dialog, 'checkout-problem')
  const ready = part(dialog, 'checkout-ready')
  let cart
  let currency
  let confirmedCart

  /** What was confirmed, in a form that can be compared: a later change of the cart takes the confirmation back. */
  const signature = () =>
    JSON.stringify([
      cart.$session.get().coupon,
      cart.$totals.get().payable,
      cart.$items.get().map(item => [globalThis.SessionCart.lineKey(item), item.quantity]),
    ])

  function setBusy(busy) {
    button.setAttribute('aria-disabled', String(busy))
    label.textContent = busy ? 'Checking with the shop' : 'Check out'
  }

  function tell(text) {
    problem.textContent = text
    problem.hidden = text === ''
    if (text !== '') announcer.say('checkout', text)
  }

  function hideReady() {
    confirmedCart = undefined
    ready.hidden = true
    button.hidden = false
  }

  function showReady({ version, totals }) {
    const total = formatMoney(totals.payable, currency)
    confirmedCart = signature()
    part(dialog, 'ready-total').textContent = total
    part(dialog, 'ready-version').textContent = String(version)
    ready.hidden = false
    button.hidden = true
    ready.focus()
    announcer.say('checkout', `Ready for payment. Total ${total}.`)
  }

  async function checkOut() {
    if (button.getAttribute('aria-disabled') === 'true') return
    const from = cart
    setBusy(true)
    tell('')
    try {
      const confirmation = await from.flush()
      if (cart === from) showReady(confirmation)
    } catch (error) {
      if (cart !== from) return
      if (error?.code !== 'not-synced') console.error(error)
      tell(error?.code === 'not-synced' ? NOT_SYNCED : OTHERWISE)
    } finally {
      if (cart === from) setBusy(false)
    }
  }

  button.addEventListener('click', () => void checkOut())
  part(dialog, 'ready-close').addEventListener('click', () => {
    hideReady()
    button.focus()
  })
  dialog.addEventListener('close', () => {
    hideReady()
    tell('')
  })

  return {
    attach(nextCart, nextCurrency) {
      cart = nextCart
      currency = nextCurrency
      setBusy(false)
      hideReady()
      tell('')
      const compare = () => {
        if (confirmedCart !== undefined && confirmedCart !== signature()) hideReady()
      }
      return [
        cart.$session.listen(compare),
        cart.$status.listen(({ phase, pending }) => {
          // The complaint has had its day once everything went out after all.
          if (phase === 'idle' && pending === 0) tell('')
        }),
      ]
    },
  }
}
