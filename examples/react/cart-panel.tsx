import { lineKey } from 'session-cart'
import type { ReactNode } from 'react'
import { statusWords } from '../shared/words.ts'
import { $problem, attempt, cart } from './cart.ts'
import { CartLine } from './cart-line.tsx'
import { Coupon } from './coupon.tsx'
import { Notices } from './notices.tsx'
import { Totals } from './totals.tsx'
import { useStore } from './use-store.ts'

function Sync(): ReactNode {
  const status = useStore(cart.$status)
  const { text, tone, action } = statusWords(status)
  return (
    <p className="sync" data-test="sync" data-phase={status.phase} data-tone={tone}>
      <span className="sync-dot" aria-hidden="true" />
      <span data-test="sync-text">{text}</span>
      {action === 'restart' && (
        <button className="link-button" onClick={() => attempt(() => cart.startSession({ keep: true }))}>
          Go on with a new cart
        </button>
      )}
    </p>
  )
}

function Lines(): ReactNode {
  const items = useStore(cart.$items)
  const { phase } = useStore(cart.$status)
  if (phase === 'loading') {
    return (
      <div className="loading" data-test="cart-loading">
        <div className="ghost" />
      </div>
    )
  }
  if (items.length === 0) {
    return (
      <div className="empty" data-test="cart-empty">
        <img src="/images/empty.svg" alt="" width="200" height="150" />
        <h3>Nothing in here yet</h3>
        <p>What you add is kept on this device and in all tabs, also when the network is away.</p>
      </div>
    )
  }
  return (
    <ul data-test="lines" aria-label="In your cart">
      {items.map(lineKey).map(line => (
        <CartLine key={line} line={line} />
      ))}
    </ul>
  )
}

export function CartPanel(): ReactNode {
  const isEmpty = useStore(cart.$quantity) === 0
  return (
    <section className="panel" id="cart" data-test="cart" aria-labelledby="cart-title">
      <header>
        <h2 id="cart-title" tabIndex={-1}>
          Your cart
        </h2>
        <Sync />
      </header>
      <p className="problem" role="alert" data-test="problem">
        {useStore($problem)}
      </p>
      <Notices />
      <Lines />
      {!isEmpty && (
        <>
          <Coupon />
          <Totals />
        </>
      )}
    </section>
  )
}
