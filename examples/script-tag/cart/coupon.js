import { part } from '../shop/parts.js'
import { couponRefused, errorWords } from '../shop/words.js'

/**
 * The discount code: typed, being checked, applied, or refused with the reason. A code never holds up the lines: the cart
 * takes it at once, and the shop's answer arrives when it arrives.
 */
export function createCoupon({ dialog, announcer }) {
  const section = part(dialog, 'coupon')
  const form = section.querySelector('form')
  const input = part(section, 'coupon-input')
  const held = part(section, 'coupon-held')
  const code = part(section, 'coupon-code')
  const state = part(section, 'coupon-state')
  const remove = part(section, 'coupon-remove')
  const message = part(section, 'coupon-message')
  let cart
  let show = () => {}
  // The code the shop has said yes to, as far as this page knows.
  let confirmed = ''
  // The code whose answer this page awaits.
  let asked = ''
  let problem = ''

  const refusals = () => cart.$notices.get().filter(notice => notice.code === 'coupon-rejected')

  function forgetRefusals() {
    problem = ''
    for (const notice of refusals()) cart.dismiss(notice.id)
  }

  async function hear(receipt, wanted, from) {
    // It rejects only when the cart was let go of; the answer then comes by the stores of the next one.
    const outcome = await receipt.synced.catch(() => undefined)
    if (!outcome || cart !== from || asked !== wanted) return
    asked = ''
    if (outcome.status === 'rejected') {
      problem = couponRefused(wanted, outcome)
      // What was typed comes back, to be put right instead of typed again.
      if (input.value === '') input.value = wanted
      announcer.say('coupon', problem)
      requestAnimationFrame(() => section.scrollIntoView({ block: 'nearest' }))
    } else {
      confirmed = wanted
      announcer.say('coupon', `${wanted} applied.`)
    }
    show()
  }

  form.addEventListener('submit', event => {
    event.preventDefault()
    const wanted = input.value.trim().toUpperCase()
    if (wanted === '') {
      problem = 'Please type a code first.'
      show()
      return input.focus()
    }
    try {
      const from = cart
      forgetRefusals()
      asked = wanted
      const receipt = cart.applyCoupon(wanted)
      input.value = ''
      announcer.say('coupon', `Checking ${wanted}.`)
      void hear(receipt, wanted, from)
    } catch (error) {
      asked = ''
      problem = errorWords(error)
    }
    show()
  })

  input.addEventListener('input', () => {
    if (problem === '' && refusals().length === 0) return
    forgetRefusals()
    show()
  })

  remove.addEventListener('click', () => {
    try {
      asked = ''
      confirmed = ''
      cart.removeCoupon()
      announcer.say('coupon', 'Code removed.')
    } catch (error) {
      problem = errorWords(error)
    }
    show()
    input.focus()
  })

  function stateOf(session) {
    const coupon = session.coupon ?? ''
    if (coupon === '') return problem || refusals().length > 0 ? 'rejected' : 'none'
    const { estimated, discount } = cart.$totals.get()
    // After a reload nobody remembers asking; a discount that is there, or nothing left to confirm, says yes as well.
    if (asked !== coupon && (!estimated || discount > 0)) confirmed = coupon
    return confirmed === coupon ? 'applied' : 'pending'
  }

  return {
    attach(nextCart) {
      cart = nextCart
      confirmed = ''
      asked = ''
      problem = ''
      input.value = ''

      show = () => {
        const session = cart.$session.get()
        const now = stateOf(session)
        const { online } = cart.$status.get()
        const hasCode = now === 'pending' || now === 'applied'
        const hadFocus = section.contains(document.activeElement)
        section.dataset.state = now
        held.hidden = !hasCode
        form.hidden = hasCode
        // Form and held code take turns; who is in the one that goes is taken along to the other.
        const inHidden = document.activeElement?.closest('[hidden]') ?? document.activeElement === document.body
        if (hadFocus && inHidden) (hasCode ? remove : input).focus()
        code.textContent = session.coupon ?? ''
        const pendingWords = online ? 'is being checked' : 'will be checked when you are online'
        state.textContent = now === 'applied' ? 'applied' : pendingWords
        const refusal = refusals().at(-1)
        message.textContent = problem || (refusal ? couponRefused(refusal.from ?? '', refusal) : '')
        input.setAttribute('aria-invalid', String(now === 'rejected'))
      }

      return [
        cart.$session.subscribe(() => show()),
        cart.$totals.listen(() => show()),
        cart.$notices.listen(() => show()),
        cart.$status.listen(() => show()),
      ]
    },
  }
}
