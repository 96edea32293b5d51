import { copyOf, part } from '../shop/parts.js'
import { errorWords, itemWords } from '../shop/words.js'
import { createLineRow } from './line-row.js'

/** Puts elements into an order, moving only those that stand elsewhere: a moved element loses the focus. */
function arrange(list, elements) {
  const wanted = new Set(elements)
  const gone = [...list.children].filter(child => !wanted.has(child))
  for (const child of gone) child.remove()
  let next = list.firstElementChild
  for (const element of elements) {
    if (element === next) next = next.nextElementSibling
    else list.insertBefore(element, next)
  }
}

/** The list of lines, and in the place of each line taken out here a way to undo that, until the drawer is closed. */
export function createLines({ dialog, drawer, announcer }) {
  const list = part(dialog, 'lines')
  const empty = part(dialog, 'cart-empty')
  const emptyHint = part(dialog, 'empty-hint')
  const loading = part(dialog, 'cart-loading')
  const coupon = part(dialog, 'coupon')
  const foot = part(dialog, 'cart-foot')
  const closed = part(dialog, 'cart-closed')
  const rows = new Map()
  const removed = new Map()
  let cart
  let currency
  let render = () => {}

  const keyOf = item => globalThis.SessionCart.lineKey(item)

  function createRemoved(key, item, index) {
    const element = copyOf('removed-template')
    const undo = part(element, 'undo')
    element.dataset.line = key
    element.firstElementChild.textContent = `${itemWords(item)} removed`
    undo.setAttribute('aria-label', `Undo: put ${itemWords(item)} back`)
    undo.addEventListener('click', () => {
      try {
        cart.restoreItem(item, index)
        announcer.say(`line:${key}`, `${itemWords(item)} is back in your cart.`)
        rows.get(key)?.focusRemove()
      } catch (error) {
        element.firstElementChild.textContent = errorWords(error, itemWords(item))
      }
    })
    return { element, index, focusUndo: () => undo.focus() }
  }

  /** Runs a command on a line; when the line is gone afterwards, an undo takes its place. */
  function act(key, command) {
    const before = cart.$items.get()
    const index = before.findIndex(item => keyOf(item) === key)
    if (index < 0) return
    const item = before[index]
    try {
      command(cart)
    } catch (error) {
      rows.get(key)?.showProblem(errorWords(error, itemWords(item)))
      announcer.say(`line:${key}`, errorWords(error, itemWords(item)))
      return
    }
    const now = cart.$items.get().find(line => keyOf(line) === key)
    if (now) return announcer.say(`line:${key}`, `${itemWords(now)}: ${now.quantity}.`)
    removed.set(key, createRemoved(key, item, index))
    render()
    removed.get(key)?.focusUndo()
    announcer.say(`line:${key}`, `${itemWords(item)} removed. Undo is at hand.`)
  }

  function rowOf(key) {
    let row = rows.get(key)
    if (!row) {
      row = createLineRow(key, {
        change: by => act(key, () => cart.changeQuantity(key, by)),
        set: quantity => act(key, () => cart.setQuantity(key, quantity)),
        remove: () => act(key, () => cart.removeItem(key)),
      })
      rows.set(key, row)
    }
    return row
  }

  function show(items) {
    const hadFocus = list.contains(document.activeElement)
    const elements = []
    const keys = new Set()
    for (const item of items) {
      const key = keyOf(item)
      const row = rowOf(key)
      keys.add(key)
      row.update(item, currency)
      elements.push(row.element)
    }
    for (const key of rows.keys()) if (!keys.has(key)) rows.delete(key)
    for (const key of removed.keys()) if (keys.has(key)) removed.delete(key)
    for (const { element, index } of [...removed.values()].sort((one, other) => one.index - other.index)) {
      elements.splice(Math.min(index, elements.length), 0, element)
    }
    const focused = document.activeElement
    arrange(list, elements)
    if (!hadFocus || document.activeElement === focused) return
    // Moved, the focus is given back; gone with a line that another tab took out, it goes to the title, never nowhere.
    if (list.contains(focused)) focused.focus()
    else drawer.focusTitle()
  }

  function showFrame() {
    const isLoading = cart.$status.get().phase === 'loading'
    const isEmpty = cart.$items.get().length === 0
    // A command given before the stored cart is loaded already shows, above the lines that are still to come.
    loading.hidden = !isLoading
    empty.hidden = isLoading || !isEmpty || !closed.hidden
    coupon.hidden = isEmpty || !closed.hidden
    foot.hidden = isEmpty || !closed.hidden
  }

  function showState(session) {
    const isOpen = session.state === undefined || session.state === 'open'
    closed.hidden = isOpen
    list.inert = !isOpen
    if (!isOpen) {
      closed.querySelector('h3').textContent =
        session.state === 'cancelled' ? 'This cart was cancelled' : 'This cart has been ordered'
    }
  }

  part(dialog, 'start-new').addEventListener('click', () => {
    try {
      cart.startSession()
    } catch (error) {
      closed.querySelector('p').textContent = errorWords(error)
    }
    drawer.focusTitle()
  })

  dialog.addEventListener('close', () => {
    removed.clear()
    render()
  })

  return {
    attach(nextCart, nextCurrency) {
      cart = nextCart
      currency = nextCurrency
      rows.clear()
      removed.clear()
      list.replaceChildren()
      emptyHint.textContent = `Pick something worth mending. Each currency keeps a cart of its own, and this is the one in ${currency}.`
      render = () => {
        showState(cart.$session.get())
        show(cart.$items.get())
        showFrame()
      }
      return [cart.$session.subscribe(() => render()), cart.$status.listen(() => showFrame())]
    },
  }
}
