import { findProduct, pictureOf } from '../catalog.js'
import { formatMoney, lineAmount } from '../shop/money.js'
import { copyOf, part } from '../shop/parts.js'
import { attributeWords, itemName, itemWords } from '../shop/words.js'

/**
 * One line of the cart. The row stays the same element for as long as the line is in the cart, so that focus and caret
 * stay where they are; `update` touches only what differs. `act` has one function for each thing the shopper can do.
 */
export function createLineRow(key, act) {
  const element = copyOf('line-template')
  const picture = element.querySelector('img')
  const stepper = element.querySelector('.stepper')
  const input = part(element, 'quantity')
  const minus = part(element, 'minus')
  const plus = part(element, 'plus')
  const remove = part(element, 'remove')
  const problem = part(element, 'line-problem')
  let shown
  let quantity = 0
  // What is being typed belongs to the shopper until it is entered or left.
  let typing = false

  element.dataset.line = key
  problem.id = `problem-${crypto.getRandomValues(new Uint32Array(1))[0]}`
  input.setAttribute('aria-describedby', problem.id)

  function showProblem(text) {
    problem.textContent = text
    problem.hidden = text === ''
    input.setAttribute('aria-invalid', String(text !== ''))
  }

  function showQuantity() {
    typing = false
    if (input.value !== String(quantity)) input.value = String(quantity)
  }

  function enter() {
    if (!typing) return
    const text = input.value.trim()
    if (!/^\d+$/.test(text)) {
      showQuantity()
      return showProblem('Please give a whole number; 0 takes it out.')
    }
    typing = false
    showProblem('')
    if (Number(text) !== quantity) act.set(Number(text))
    else showQuantity()
  }

  input.addEventListener('input', () => {
    typing = true
    showProblem('')
  })
  input.addEventListener('blur', () => {
    enter()
    // A number that was refused does not stay as if it held.
    showQuantity()
  })
  input.addEventListener('keydown', event => {
    const step = { ArrowUp: 1, ArrowDown: -1 }[event.key]
    if (event.key === 'Enter') enter()
    else if (event.key === 'Escape' && typing) {
      // The first Escape gives up the typing, not the whole drawer.
      event.preventDefault()
      showQuantity()
    } else if (step) {
      event.preventDefault()
      enter()
      // By arrow the quantity stops at one: a line is not lost by holding a key.
      if (quantity + step >= 1) act.change(step)
    }
  })
  minus.addEventListener('click', () => act.change(-1))
  plus.addEventListener('click', () => act.change(1))
  remove.addEventListener('click', () => act.remove())

  return {
    element,
    showProblem,
    focusRemove: () => remove.focus(),

    update(item, currency) {
      // The cart keeps the identity of lines that did not change.
      if (item === shown) return
      if (shown && shown.quantity !== item.quantity) showProblem('')
      shown = item
      quantity = item.quantity
      const words = itemWords(item)
      const product = findProduct(item.sku)
      const source = product ? pictureOf(product, item.attributes?.colour) : '/images/mark.svg'
      if (picture.getAttribute('src') !== source) picture.src = source
      part(element, 'line-name').textContent = itemName(item)
      part(element, 'line-attributes').textContent = attributeWords(item)
      part(element, 'line-price').textContent =
        item.price === undefined ? 'The shop will price this' : `${formatMoney(item.price, currency)} each`
      part(element, 'line-total').textContent = item.price === undefined ? '' : formatMoney(lineAmount(item), currency)
      stepper.setAttribute('aria-label', `Quantity of ${words}`)
      minus.setAttribute('aria-label', quantity === 1 ? `Take ${words} out` : `One ${words} less`)
      plus.setAttribute('aria-label', `One ${words} more`)
      input.setAttribute('aria-label', `Quantity of ${words}`)
      remove.setAttribute('aria-label', `Remove ${words}`)
      if (!typing) showQuantity()
    },
  }
}
