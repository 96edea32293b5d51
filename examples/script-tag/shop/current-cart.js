/**
 * The cart in use. A cart holds one currency, so each currency has its own; the parts of the page are attached to the
 * one that is open and let go of the one before. What that one had still to send is stored, and sent when it is opened again.
 */
export function createCurrentCart() {
  const attachables = []
  let detachers = []
  let cart

  function close() {
    for (const detach of detachers) detach()
    detachers = []
    cart?.dispose()
    cart = undefined
  }

  return {
    get: () => cart,

    /** `attachable.attach(cart, currency)` returns the functions that let go again. */
    use: attachable => void attachables.push(attachable),

    open(currency) {
      close()
      cart = globalThis.SessionCart.createSessionCart({ currency, endpoint: '/api/sessions' })
      detachers = attachables.flatMap(attachable => attachable.attach(cart, currency))
    },
  }
}
