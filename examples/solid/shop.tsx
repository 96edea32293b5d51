import { useStore } from '@nanostores/solid'
import { For, type JSX } from 'solid-js'
import { products } from '../shared/products.ts'
import { $announcement, cart } from './cart.ts'
import { CartPanel } from './cart-panel.tsx'
import { ProductCard } from './product-card.tsx'

export function Shop(): JSX.Element {
  const quantity = useStore(cart.$quantity)
  const announcement = useStore($announcement)
  return (
    <>
      <header class="top">
        <a class="brand" href="/">
          <img src="/images/mark.svg" alt="" width="34" height="34" />
          Fettle
        </a>
        <a class="cart-button" href="#cart">
          Cart{' '}
          <span class="badge" data-test="cart-count">
            {quantity()}
          </span>
        </a>
      </header>
      <main class="shop">
        <section aria-labelledby="things">
          <h1 id="things">Kitchen things worth mending</h1>
          <ul class="grid" data-test="products">
            <For each={products}>{product => <ProductCard product={product} />}</For>
          </ul>
        </section>
        <CartPanel />
      </main>
      <p class="hidden" role="status" data-test="live">
        {announcement()}
      </p>
    </>
  )
}
