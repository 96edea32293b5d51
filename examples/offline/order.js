/**
 * An order that can be given without a network.
 *
 * What the shopper wants is a mark in the session, `orderedFor`: the amount that was agreed to. It is a change like any
 * other, so it is kept, replayed after a reload, the same in all tabs, and sent behind everything that was given before it.
 * When the shop has confirmed the cart, the page asks it to take the order of exactly that version. It asks the shopper
 * first when the total has gone up or the shop has said something. Nothing is charged while the page is offline.
 */
export function createOrder(cart, { panel, place, again, withdraw }) {
  const text = panel.firstElementChild
  const section = panel.closest('section')
  let isSending = false
  let hasFailed = false

  const isOpen = () => ['open', undefined].includes(cart.$session.get().state)
  const agreed = () => cart.$session.get().attributes?.orderedFor
  const isKnown = () => cart.$status.get().phase !== 'gone'
  const isSynced = () => cart.$status.get().phase === 'idle' && !cart.$totals.get().estimated
  const needsAnswer = () => cart.$totals.get().payable > agreed() || cart.$notices.get().length > 0

  function stateOf() {
    if (!isOpen()) return 'placed'
    if (!isKnown()) return 'none'
    if (typeof agreed() !== 'number' || cart.$items.get().length === 0) return 'none'
    if (needsAnswer()) return 'changed'
    if (isSending) return 'sending'
    return hasFailed ? 'failed' : 'kept'
  }

  function wordsOf(state) {
    const { payable } = cart.$totals.get()
    const now = cart.format(payable)
    const before = typeof agreed() === 'number' ? cart.format(agreed()) : ''
    switch (state) {
      case 'kept':
        return `Your order for ${before} is kept on this device. It is sent when you are back online and this page is open. Until then nothing is charged.`
      case 'sending':
        return 'Giving your order to the shop.'
      case 'failed':
        return 'Your order is still here: the shop did not take it just now. This page tries again when the network is back, or you do.'
      case 'changed':
        return payable > agreed()
          ? `You ordered for ${before}; the total is now ${now}. Shall it be ordered for that?`
          : `The shop has something to say, above. Shall it be ordered all the same, for ${now}?`
      case 'placed':
        return cart.$session.get().state === 'cancelled'
          ? 'This cart was cancelled.'
          : `Thank you, your order for ${now} is placed.`
      default:
        return ''
    }
  }

  function labelOf(state) {
    if (cart.$items.get().length === 0 || !isKnown()) return ''
    const { payable } = cart.$totals.get()
    return { none: 'Place order', failed: 'Try again', changed: `Order for ${cart.format(payable)}` }[state] ?? ''
  }

  function show() {
    const state = stateOf()
    const words = wordsOf(state)
    const hadFocus = [place, withdraw, again].includes(document.activeElement)
    section.dataset.order = state
    // A text that stays is not announced again.
    if (text.textContent !== words) text.textContent = words
    place.textContent = labelOf(state)
    place.hidden = place.textContent === ''
    again.hidden = state !== 'placed'
    withdraw.hidden = !['kept', 'failed', 'changed'].includes(state)
    if (hadFocus && document.activeElement?.closest('[hidden]')) (state === 'none' ? place : panel).focus()
    if (state === 'kept' && isSynced()) void send()
  }

  async function ask() {
    const { version } = await cart.flush()
    const { integrationId: id } = cart.$session.get()
    // What the shop answered may be what the shopper has to hear first.
    if (typeof agreed() !== 'number' || needsAnswer()) return
    const answer = await fetch('/api/orders', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ id, version }),
    })
    // Closed, or moved on elsewhere: either way the page has to hear of it.
    if (answer.ok || answer.status === 409) await cart.refresh()
    else throw new Error(`The shop answered ${answer.status}.`)
  }

  async function send() {
    if (isSending) return
    isSending = true
    show()
    try {
      await ask()
      hasFailed = false
    } catch {
      // Nothing is lost: the mark is still in the session.
      hasFailed = true
    }
    isSending = false
    show()
  }

  function agree() {
    for (const { id } of cart.$notices.get()) cart.dismiss(id)
    hasFailed = false
    cart.setAttributes({ orderedFor: cart.$totals.get().payable })
  }

  place.addEventListener('click', () => {
    if (stateOf() === 'failed') return void send()
    agree()
  })
  withdraw.addEventListener('click', () => {
    hasFailed = false
    cart.setAttributes({ orderedFor: null })
  })
  addEventListener('online', () => {
    hasFailed = false
    show()
  })
  cart.$status.listen(({ phase }) => {
    // Whatever the cart has still to send comes first, and the order after it.
    if (phase === 'waiting') hasFailed = false
    show()
  })
  for (const store of [cart.$session, cart.$totals, cart.$notices]) store.listen(show)
  show()
}
