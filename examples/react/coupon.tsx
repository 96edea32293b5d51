import type { FormEvent, ReactNode } from 'react'
import { handOverFocus } from '../shared/controls.ts'
import { attempt, cart } from './cart.ts'
import { useStore } from './use-store.ts'

export function Coupon(): ReactNode {
  const { coupon } = useStore(cart.$session)
  const { estimated } = useStore(cart.$totals)

  function apply(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const form = event.currentTarget
    const code = new FormData(form).get('code') as string
    attempt(() => cart.applyCoupon(code.trim()))
    form.reset()
  }

  return (
    <div className="coupon">
      <form onSubmit={apply}>
        <label htmlFor="coupon-code">Discount code</label>
        <div className="coupon-row">
          <input
            id="coupon-code"
            name="code"
            data-test="coupon-input"
            maxLength={100}
            pattern=".*\S.*"
            autoComplete="off"
            required
          />
          <button className="button button-quiet" data-test="coupon-apply">
            Apply
          </button>
        </div>
      </form>
      {coupon && (
        <p className="coupon-held" data-test="coupon-held">
          <span className="code">{coupon}</span>
          <span>{estimated ? 'is being checked' : 'is taken off'}</span>
          <button
            className="link-button"
            data-test="coupon-remove"
            onClick={event => {
              handOverFocus(event.currentTarget)
              attempt(() => cart.removeCoupon())
            }}
          >
            Remove
          </button>
        </p>
      )}
    </div>
  )
}
