// Tells the route that takes forms which session is this page's, should the next form be sent without script. Who only
// looks gets no cookie.
const { cart } = globalThis.SessionCart
const HALF_A_YEAR = 15_552_000

function tell({ integrationId, cartItems }) {
  const isKnown = document.cookie.split('; ').some(pair => pair.startsWith('cart='))
  if (!isKnown && cartItems.length === 0) return
  document.cookie = `cart=${encodeURIComponent(integrationId)}; Path=/; Max-Age=${HALF_A_YEAR}; SameSite=Lax`
}

void cart.ready.then(() => cart.$session.subscribe(tell))
