// What the attributes of the page cannot say: which of two reasons the cart is not sent for, orders, and the service worker.
import { createOrder } from './order.js'

const { cart } = globalThis.SessionCart
const WORKER = '/service-worker.js'

const banner = document.getElementById('offline')

// The browser knows when there is no network at all; when there is one, it is the shop that is silent.
function showReason() {
  const { online, error } = cart.$status.get()
  document.documentElement.dataset.network = navigator.onLine ? 'there' : 'none'
  banner.hidden = online && error?.code !== 'network'
}
for (const type of ['online', 'offline']) addEventListener(type, showReason)
cart.$status.subscribe(showReason)

createOrder(cart, {
  panel: document.getElementById('order'),
  place: document.getElementById('place'),
  again: document.getElementById('again'),
  withdraw: document.getElementById('withdraw'),
})

/** A release that waits takes over now: this page has all of its files, so the next page is the first to ask for new ones. */
function takeOver(registration) {
  registration.waiting?.postMessage('take over')
  registration.addEventListener('updatefound', () => {
    const { installing } = registration
    installing?.addEventListener('statechange', () => registration.waiting?.postMessage('take over'))
  })
}

async function keepPage() {
  // Trusted Types take a worker's address for code; this policy lets one address through, whatever it is asked for.
  const policy = globalThis.trustedTypes?.createPolicy('service-worker', { createScriptURL: () => WORKER })
  takeOver(await navigator.serviceWorker.register(policy?.createScriptURL(WORKER) ?? WORKER))
}

// There is none in a page of plain http, and in some private windows; the shop then needs the network to open.
if ('serviceWorker' in navigator) {
  if (document.readyState === 'complete') void keepPage()
  else addEventListener('load', () => void keepPage())
}
