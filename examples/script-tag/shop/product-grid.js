import { categories, colourNames, pictureOf, priceOf, products } from '../catalog.js'
import { formatMoney } from './money.js'
import { copyOf, part } from './parts.js'
import { itemWords } from './words.js'

const ADDED_MS = 1600

function createSwatch(product, colour, first) {
  const swatch = copyOf('swatch-template')
  const input = swatch.querySelector('input')
  input.name = `colour-${product.sku}`
  input.value = colour
  input.checked = first
  swatch.dataset.colour = colour
  swatch.title = colourNames[colour]
  swatch.lastElementChild.textContent = colourNames[colour]
  return swatch
}

function createCard(product, { add, announcer }) {
  const card = copyOf('product-template')
  const form = card.querySelector('form')
  const picture = card.querySelector('img')
  const heading = card.querySelector('h3')
  const price = part(card, 'price')
  const held = part(card, 'in-cart')
  const swatches = card.querySelector('.swatches')
  const size = part(card, 'size')
  const button = part(card, 'add')
  let currency = 'EUR'
  let addedTimer

  card.dataset.sku = product.sku
  card.dataset.category = product.category
  button.dataset.sku = product.sku
  heading.textContent = product.name
  heading.id = `product-${product.sku}`
  form.setAttribute('aria-labelledby', heading.id)
  card.querySelector('.card-note').textContent = product.note
  // One button of thirty is told from the others by the thing it adds, behind the words that are seen.
  const label = words => button.setAttribute('aria-label', `${words} to cart: ${product.name}`)
  label('Add')

  if (product.colours) {
    swatches.append(...product.colours.map((colour, at) => createSwatch(product, colour, at === 0)))
  } else swatches.remove()
  if (product.sizes) size.append(...Object.keys(product.sizes).map(name => new Option(name, name)))
  else size.parentElement.remove()

  function chosen() {
    const attributes = {}
    const colour = swatches.querySelector('input:checked')?.value
    if (colour) attributes.colour = colour
    if (product.sizes) attributes.size = size.value
    return attributes
  }

  function show() {
    const attributes = chosen()
    price.textContent = formatMoney(priceOf(product.sku, attributes, currency), currency)
    const source = pictureOf(product, attributes.colour)
    if (picture.getAttribute('src') !== source) picture.src = source
  }

  function showAdded() {
    button.dataset.added = ''
    label('Added')
    clearTimeout(addedTimer)
    addedTimer = setTimeout(() => {
      delete button.dataset.added
      label('Add')
    }, ADDED_MS)
  }

  form.addEventListener('change', show)
  form.addEventListener('submit', event => {
    event.preventDefault()
    const attributes = chosen()
    const item = {
      sku: product.sku,
      name: product.name,
      price: priceOf(product.sku, attributes, currency),
      category: product.category,
      ...(Object.keys(attributes).length > 0 && { attributes }),
    }
    if (!add(item)) return
    showAdded()
    announcer.say('added', `${itemWords(item)} added to your cart.`)
  })

  return {
    card,
    showPrice(next) {
      currency = next
      show()
    },
    showHeld(count) {
      held.hidden = count === 0
      held.textContent = `${count} in cart`
    },
    disable() {
      button.disabled = true
    },
  }
}

function createFilters(group, cards) {
  const buttons = [['all', 'Everything'], ...categories].map(([category, label]) => {
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'filter'
    button.textContent = label
    button.dataset.test = 'filter'
    button.dataset.category = category
    button.addEventListener('click', () => show(category))
    return button
  })

  function show(category) {
    for (const button of buttons) button.setAttribute('aria-pressed', String(button.dataset.category === category))
    for (const { card } of cards) card.hidden = category !== 'all' && card.dataset.category !== category
  }

  group.append(...buttons)
  show('all')
}

export function createProductGrid({ list, filters, add, announcer }) {
  const cards = products.map(product => createCard(product, { add, announcer }))
  list.append(...cards.map(({ card }) => card))
  createFilters(filters, cards)

  return {
    showPrices(currency) {
      for (const entry of cards) entry.showPrice(currency)
    },

    /** Without a cart nothing can be added, and the buttons say so. */
    closeTill() {
      for (const entry of cards) entry.disable()
    },

    attach(cart) {
      const stop = cart.$items.subscribe(items => {
        const counts = new Map()
        for (const { sku, quantity } of items) counts.set(sku, (counts.get(sku) ?? 0) + quantity)
        for (const entry of cards) entry.showHeld(counts.get(entry.card.dataset.sku) ?? 0)
      })
      return [stop]
    },
  }
}
