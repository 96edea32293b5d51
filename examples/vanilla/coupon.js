import { handOverFocus } from '../shared/controls.ts'
import { attempt, cart } from './cart.js'
import { part } from './parts.js'

export function showCoupon(box) {
  const form = box.querySelector('form')

  form.addEventListener('submit', event => {
    event.preventDefault()
    attempt(() => cart.applyCoupon(new FormData(form).get('code').trim()))
    form.reset()
  })
  part('coupon-remove', box).addEventListener('click', event => {
    handOverFocus(event.currentTarget)
    attempt(() => cart.removeCoupon())
  })

  cart.$session.subscribe(({ coupon }) => {
    part('coupon-held', box).hidden = !coupon
    part('coupon-code', box).textContent = coupon ?? ''
  })
  cart.$totals.subscribe(({ estimated }) => {
    part('coupon-state', box).textContent = estimated ? 'is being checked' : 'is taken off'
  })
}
