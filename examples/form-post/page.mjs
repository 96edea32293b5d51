// The page, as the server writes it: the session's id for the script, the lines for a browser without one.
export const products = new Map([
  ['MUG-01', { name: 'Mug', price: 12.5 }],
  ['TEA-02', { name: 'Tea & biscuits', price: 7.9 }],
])

const CODES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escape = text => String(text).replace(/[&<>"']/g, sign => CODES[sign])
const money = amount => new Intl.NumberFormat('en', { style: 'currency', currency: 'EUR' }).format(amount)

const renderForm = ([sku, { name, price }]) => `
      <form method="post" action="/api/cart" data-cart-add data-cart-name="${escape(name)}" data-cart-price="${price}">
        <h2>${escape(name)}, ${money(price)}</h2>
        <input type="hidden" name="sku" value="${escape(sku)}" />
        <label>Quantity <input type="number" name="quantity" value="1" min="1" max="99" /></label>
        <button>Add to cart</button>
      </form>`

const renderLine = ({ name, sku, quantity }) => `<li>${escape(name ?? sku)} × ${quantity}</li>`

/** @param cart `id`: the session's, if there is one; `items`: its lines. */
export function renderPage({ id, items }) {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>A shop that works without script</title>
    <script src="/session-cart.iife.js" data-session-cart data-endpoint="/api/sessions" data-currency="EUR"${
      id ? ` data-integration-id="${escape(id)}"` : ''
    }></script>
    <script src="/cookie.js" defer></script>
  </head>
  <body>
    <main>
      <h1>A shop that works without script</h1>${[...products].map(renderForm).join('')}
      <h2>Your cart</h2>
      <noscript>
        <ul aria-label="Cart">${items.map(renderLine).join('')}</ul>
      </noscript>
      <ul aria-label="Cart">
        <template data-cart-items>
          <li>
            <span data-cart-text="item.name"></span> × <span data-cart-text="item.quantity"></span>
            <button type="button" data-cart-remove>Remove</button>
          </li>
        </template>
      </ul>
      <p data-cart-show="quantity > 0" hidden>Total: <output data-cart-text="payable"></output></p>
    </main>
  </body>
</html>
`
}
