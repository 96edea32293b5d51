import type { ReactNode } from 'react'
import { products } from '../shared/products.ts'
import { $announcement, cart } from './cart.ts'
import { CartPanel } from './cart-panel.tsx'
import { ProductCard } from './product-card.tsx'
import { useStore } from './use-store.ts'

/** A number that is the only thing to render again when it changes. */
function CartCount(): ReactNode {
  const quantity = useStore(cart.$quantity)
  return (
    <span className="badge" data-test="cart-count">
      {quantity}
    </span>
  )
}

function Announcement(): ReactNode {
  return (
    <p className="hidden" role="status" data-test="live">
      {useStore($announcement)}
    </p>
  )
}

export function Shop(): ReactNode {
  return (
    <>
      <header className="top">
        <a className="brand" href="/">
          <img src="/images/mark.svg" alt="" width="34" height="34" />
          Fettle
        </a>
        <a className="cart-button" href="#cart">
          Cart <CartCount />
        </a>
      </header>
      <main className="shop">
        <section aria-labelledby="things">
          <h1 id="things">Kitchen things worth mending</h1>
          <ul className="grid" data-test="products">
            {products.map(product => (
              <ProductCard key={product.sku} product={product} />
            ))}
          </ul>
        </section>
        <CartPanel />
      </main>
      <Announcement />
    </>
  )
}
