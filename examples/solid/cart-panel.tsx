import { useStore } from '@nanostores/solid'
import { lineKey } from 'session-cart'
import { For, Match, Show, Switch, type JSX } from 'solid-js'
import { statusWords } from '../shared/words.ts'
import { $problem, attempt, cart } from './cart.ts'
import { CartLine } from './cart-line.tsx'
import { Coupon } from './coupon.tsx'
import { Notices } from './notices.tsx'
import { Totals } from './totals.tsx'

function Sync(): JSX.Element {
  const status = useStore(cart.$status)
  const words = (): ReturnType<typeof statusWords> => statusWords(status())
  return (
    <p class="sync" data-test="sync" data-phase={status().phase} data-tone={words().tone}>
      <span class="sync-dot" aria-hidden="true" />
      <span data-test="sync-text">{words().text}</span>
      <Show when={words().action === 'restart'}>
        <button class="link-button" onClick={() => attempt(() => cart.startSession({ keep: true }))}>
          Go on with a new cart
        </button>
      </Show>
    </p>
  )
}

export function CartPanel(): JSX.Element {
  const items = useStore(cart.$items)
  const status = useStore(cart.$status)
  const problem = useStore($problem)
  // By their keys, since `For` tells rows apart by what it is given.
  const lines = (): string[] => items().map(lineKey)
  return (
    <section class="panel" id="cart" data-test="cart" aria-labelledby="cart-title">
      <header>
        <h2 id="cart-title" tabIndex={-1}>
          Your cart
        </h2>
        <Sync />
      </header>
      <p class="problem" role="alert" data-test="problem">
        {problem()}
      </p>
      <Notices />
      <Switch>
        <Match when={status().phase === 'loading'}>
          <div class="loading" data-test="cart-loading">
            <div class="ghost" />
          </div>
        </Match>
        <Match when={items().length === 0}>
          <div class="empty" data-test="cart-empty">
            <img src="/images/empty.svg" alt="" width="200" height="150" />
            <h3>Nothing in here yet</h3>
            <p>What you add is kept on this device and in all tabs, also when the network is away.</p>
          </div>
        </Match>
        <Match when={items().length > 0}>
          <ul data-test="lines" aria-label="In your cart">
            <For each={lines()}>{line => <CartLine line={line} />}</For>
          </ul>
          <Coupon />
          <Totals />
        </Match>
      </Switch>
    </section>
  )
}
