import { bindCart } from '../../dist/dom.js'
import { createSessionCart } from '../../dist/index.js'
import { interleave } from '../sampling.mjs'

const ROW = `<li><span data-cart-text="item.name"></span><button data-cart-change="-1">-</button>
  <input type="number" data-cart-input="quantity" aria-label="Quantity"><button data-cart-change="1">+</button>
  <b data-cart-text="item.total"></b><span data-cart-text="item.error"></span><button data-cart-remove>Remove</button></li>`

/** A page whose list shows so many lines, and a click on one of them. */
async function open(lines) {
  const section = document.createElement('section')
  section.innerHTML = `<p data-cart-text="payable"></p><ul><template data-cart-items>${ROW}</template></ul>`
  document.body.append(section)
  const cart = createSessionCart({ currency: 'EUR', scope: `bench ${lines} ${Math.random()}` })
  await cart.ready
  for (let line = 0; line < lines; line++) cart.addItem({ sku: `S${line}`, name: `Thing ${line}`, price: 1.1 })
  await cart.flush()
  bindCart(cart, { root: section })
  const button = section.querySelectorAll('[data-cart-change="1"]')[Math.floor(lines / 2)]
  return {
    // What is shown is there after the microtasks of the click; the layout is asked for, as a frame would do it.
    click: async () => {
      const start = performance.now()
      button.click()
      await Promise.resolve().then(() => {})
      section.getBoundingClientRect()
      return { [`${lines} lines`]: performance.now() - start }
    },
    close() {
      cart.dispose()
      section.remove()
    },
  }
}

/** Clicks among so many lines, one list on the page at a time. */
export async function clicks(lines, rounds) {
  const { click, close } = await open(lines)
  try {
    return await interleave([click], rounds)
  } finally {
    close()
  }
}
