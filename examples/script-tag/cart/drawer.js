import { part } from '../shop/parts.js'

/**
 * The drawer is a modal dialog: the browser keeps the focus inside, closes it on Escape and makes the page behind inert.
 * What is left to do: where the focus goes in, and back.
 */
export function createDrawer(dialog, openButton) {
  const title = dialog.querySelector('h2')

  function open() {
    if (dialog.open) return
    dialog.showModal()
    // The title, not the close button: it says where one is, and how much is in the cart.
    title.focus()
  }

  const close = () => dialog.close()

  openButton.addEventListener('click', open)
  part(dialog, 'cart-close').addEventListener('click', close)
  dialog.addEventListener('close', () => openButton.focus({ preventScroll: true }))

  // The sheet covers the dialog whole, so a press on the dialog itself is one on the backdrop. It must also have begun
  // there: selecting text and letting go outside is no wish to leave.
  let pressedOutside = false
  dialog.addEventListener('pointerdown', event => (pressedOutside = event.target === dialog))
  dialog.addEventListener('click', event => {
    if (pressedOutside && event.target === dialog) close()
  })

  return { open, close, focusTitle: () => title.focus() }
}
