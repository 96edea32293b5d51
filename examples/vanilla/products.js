import { products } from '../shared/products.ts'
import { attempt, cart } from './cart.js'
import { copyOf, part } from './parts.js'

function createCard({ name, note, choices }) {
  const card = copyOf('product-template')
  const select = part('choice', card)
  let chosen

  function choose(index) {
    chosen = choices[index]
    card.querySelector('img').src = chosen.picture
    part('price', card).textContent = cart.format(chosen.item.price)
  }

  part('name', card).textContent = name
  part('note', card).textContent = note
  part('choice-label', card).textContent = `Kind of ${name}`
  part('add', card).setAttribute('aria-label', `Add to cart: ${name}`)
  if (choices.length > 1) select.append(...choices.map(({ label }, index) => new Option(label, index)))
  else part('choice-label', card).parentElement.remove()
  choose(0)

  select.addEventListener('change', () => choose(select.value))
  card.querySelector('form').addEventListener('submit', event => {
    event.preventDefault()
    attempt(() => cart.addItem(chosen.item))
  })
  return card
}

export function showProducts(list) {
  list.append(...products.map(createCard))
}
