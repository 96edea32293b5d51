import { lineKey, lineTotal } from 'session-cart'
import { handOverFocus, readQuantity } from '../shared/controls.ts'
import { pictureOfLine } from '../shared/products.ts'
import { attributeWords, itemName, itemWords } from '../shared/words.ts'
import { attempt, cart } from './cart.js'
import { copyOf, part } from './parts.js'

/** One row, which follows `cart.line`: that stays quiet while other lines change. */
function createRow(line) {
  const $item = cart.line(line)
  const row = copyOf('line-template')
  const field = part('quantity', row)

  function show(item) {
    if (!item) return
    const words = itemWords(item)
    row.querySelector('img').src = pictureOfLine(item)
    part('line-name', row).textContent = itemName(item)
    part('line-attributes', row).textContent = attributeWords(item)
    part('line-price', row).textContent = `${cart.format(item.price ?? 0)} each`
    part('line-total', row).textContent = cart.format(lineTotal(item))
    field.value = item.quantity
    row.querySelector('.stepper').setAttribute('aria-label', `Quantity of ${words}`)
    field.setAttribute('aria-label', `Quantity of ${words}`)
    part('minus', row).setAttribute('aria-label', item.quantity === 1 ? `Take ${words} out` : `One ${words} less`)
    part('plus', row).setAttribute('aria-label', `One ${words} more`)
    part('remove', row).setAttribute('aria-label', `Remove ${words}`)
  }

  row.dataset.line = line
  part('minus', row).addEventListener('click', event => {
    if ($item.get().quantity === 1) handOverFocus(event.currentTarget)
    attempt(() => cart.changeQuantity(line, -1))
  })
  part('plus', row).addEventListener('click', () => attempt(() => cart.changeQuantity(line, 1)))
  part('remove', row).addEventListener('click', event => {
    handOverFocus(event.currentTarget)
    attempt(() => cart.removeItem(line))
  })
  field.addEventListener('change', () => {
    const quantity = readQuantity(field.value)
    if (quantity === 0) handOverFocus(field)
    if (quantity !== undefined) attempt(() => cart.setQuantity(line, quantity))
    // What was refused does not stay as if it held.
    show($item.get())
  })

  return { row, stop: $item.subscribe(show) }
}

/** Rows stay the same elements for as long as their line is in the cart, so that focus and caret stay in them. */
export function showLines(list) {
  const rows = new Map()

  cart.$items.subscribe(items => {
    const lines = items.map(lineKey)
    for (const [line, { row, stop }] of rows) {
      if (lines.includes(line)) continue
      stop()
      row.remove()
      rows.delete(line)
    }
    for (const [index, line] of lines.entries()) {
      if (!rows.has(line)) rows.set(line, createRow(line))
      const { row } = rows.get(line)
      if (list.children[index] !== row) list.insertBefore(row, list.children[index] ?? null)
    }
  })
}
