import { part } from '../shop/parts.js'
import { errorWords, statusWords, storageWarning } from '../shop/words.js'

const OFFLINE_BAR = 'You are offline. Go on choosing: your cart is kept on this device and sent when you are back.'
const SILENT_BAR = 'The shop does not answer just now. Go on choosing: your cart is kept on this device and sent later.'

/** How the cart stands with the shop, in words: in the drawer always, on the page only when something is amiss. */
export function createStatus({ dialog, offlineBar, announcer }) {
  const sync = part(dialog, 'sync')
  const text = part(dialog, 'sync-text')
  const action = part(dialog, 'sync-action')
  const warning = part(dialog, 'storage-warning')
  const actions = {
    restart: { label: 'Start again with these things', run: cart => cart.startSession({ keep: true }) },
    reload: { label: 'Reload', run: () => location.reload() },
  }
  let cart
  let wanted

  action.addEventListener('click', () => {
    try {
      actions[wanted]?.run(cart)
    } catch (error) {
      text.textContent = errorWords(error)
    }
  })

  return {
    attach(nextCart) {
      cart = nextCart
      let tone

      function show(status) {
        const words = statusWords(status)
        sync.dataset.phase = status.phase
        sync.dataset.pending = String(status.pending)
        sync.dataset.tone = words.tone
        text.textContent = words.text
        wanted = words.action
        action.hidden = !wanted
        action.textContent = actions[wanted]?.label ?? ''

        warning.textContent = storageWarning(status)
        warning.hidden = warning.textContent === ''

        const amiss = words.tone === 'offline'
        offlineBar.hidden = !amiss
        offlineBar.lastElementChild.textContent = navigator.onLine ? SILENT_BAR : OFFLINE_BAR

        // Told are only the turns a shopper would want to know of, not every change that goes out.
        const isNews =
          words.tone !== tone && (amiss || words.tone === 'warn' || (tone === 'offline' && words.tone === 'good'))
        if (isNews) announcer.say('sync', `${words.text}.`)
        if (words.tone !== 'busy' || tone === undefined) tone = words.tone
      }

      return [cart.$status.subscribe(show)]
    },
  }
}
