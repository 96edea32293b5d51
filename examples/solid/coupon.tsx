import { useStore } from '@nanostores/solid'
import { Show, type JSX } from 'solid-js'
import { handOverFocus } from '../shared/controls.ts'
import { attempt, cart } from './cart.ts'

export function Coupon(): JSX.Element {
  const session = useStore(cart.$session)
  const totals = useStore(cart.$totals)

  function apply(event: SubmitEvent & { currentTarget: HTMLFormElement }): void {
    event.preventDefault()
    const code = new FormData(event.currentTarget).get('code') as string
    attempt(() => cart.applyCoupon(code.trim()))
    event.currentTarget.reset()
  }

  return (
    <div class="coupon">
      <form onSubmit={apply}>
        <label for="coupon-code">Discount code</label>
        <div class="coupon-row">
          <input
            id="coupon-code"
            name="code"
            data-test="coupon-input"
            maxLength={100}
            pattern=".*\S.*"
            autocomplete="off"
            required
          />
          <button class="button button-quiet" data-test="coupon-apply">
            Apply
          </button>
        </div>
      </form>
      <Show when={session().coupon}>
        <p class="coupon-held" data-test="coupon-held">
          <span class="code">{session().coupon}</span>
          <span>{totals().estimated ? 'is being checked' : 'is taken off'}</span>
          <button
            class="link-button"
            data-test="coupon-remove"
            onClick={event => {
              handOverFocus(event.currentTarget)
              attempt(() => cart.removeCoupon())
            }}
          >
            Remove
          </button>
        </p>
      </Show>
    </div>
  )
}
