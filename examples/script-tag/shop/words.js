// Every sentence the shop says about a code, a state or a refusal, in one place.
import { colourNames, findProduct } from '../catalog.js'
import { formatMoney } from './money.js'

export const somethingFailed =
  'The cart could not be loaded, so nothing can be added just now. Please reload the page to try again.'

export const changes = count => (count === 1 ? '1 change' : `${count} changes`)
export const things = count => (count === 1 ? '1 thing' : `${count} things`)

/** `Cobalt, 400 ml`: what tells this line from others of the same product. */
export function attributeWords(item) {
  const { colour, size, ...others } = item.attributes ?? {}
  return [colourNames[colour] ?? colour, size, ...Object.values(others).map(String)].filter(Boolean).join(', ')
}

export function itemName(item) {
  return item.name ?? findProduct(item.sku)?.name ?? item.sku
}

export function itemWords(item) {
  return [itemName(item), attributeWords(item)].filter(Boolean).join(', ')
}

const REFUSALS = {
  CouponNotFound: 'is not a code we know',
  CouponExpired: 'has expired',
  CouponPartOfNotRunningCampaign: 'is not running at the moment',
  CouponPartOfNotTriggeredCampaign: 'does not apply to what is in your cart',
  CouponRecipientDoesNotMatch: 'belongs to somebody else',
  CouponRejectedByCondition: 'does not apply to what is in your cart',
  CouponStartDateInFuture: 'does not apply yet',
  CouponLimitReached: 'has been used up',
  ProfileLimitReached: 'has already been used',
}

export function couponRefused(code, { reason, message } = {}) {
  const why = REFUSALS[reason]
  if (why) return `${code || 'This code'} ${why}.`
  return message || `${code || 'This code'} cannot be used here.`
}

export function noticeWords(notice, { name = 'Something in your cart', currency }) {
  const money = amount => (typeof amount === 'number' ? formatMoney(amount, currency) : String(amount))
  switch (notice.code) {
    case 'coupon-rejected':
      return couponRefused(notice.mutation?.args.code, notice)
    case 'coupon-not-applied':
      return 'Your discount code no longer applies to what is in your cart.'
    case 'referral-rejected':
      return notice.message || 'That referral code cannot be used.'
    case 'price-changed':
      if (notice.to === undefined) return `${name} has a new price.`
      return `${name} now costs ${money(notice.to)}${notice.from === undefined ? '' : ` (it was ${money(notice.from)})`}.`
    case 'quantity-limited':
      if (notice.to === undefined) return `We have fewer of ${name} than you asked for.`
      if (notice.to === 0) return `${name} is sold out, so we took it out of your cart.`
      return `${name}: we have ${notice.to}, so your cart now holds ${notice.to}.`
    case 'free-item': {
      const gift = notice.message ?? findProduct(notice.line)?.name ?? 'Something'
      return `For free with your order: ${notice.to > 1 ? `${notice.to} × ` : ''}${gift}.`
    }
    case 'notification':
      // A title, and below it what there is to say.
      return notice.message.replaceAll('\n', ': ')
    case 'line-not-found':
      return 'A change did not fit any more, because the thing had been taken out of the cart elsewhere.'
    case 'session-closed':
    case 'illegal-transition':
      return `${notice.mutation?.args.item?.name ?? 'A change'} came too late: this cart had already been ordered or closed.`
    case 'session-gone':
      return 'The shop no longer has this cart. What it held is still listed here.'
    case 'limit-exceeded':
      return 'That was more than one cart can hold, so it was left as it was.'
    case 'set-aside':
      return 'A stored change could not be read and was set aside. Please check your cart.'
    default:
      return notice.message || 'Something in your cart was changed by the shop. Please check it.'
  }
}

const ERRORS = {
  'limit-exceeded': 'That is more than one cart can hold.',
  'session-closed': 'This cart has been closed. Start a new one to go on.',
  'session-gone': 'The shop no longer has this cart. Start a new one to go on.',
  'invalid-quantity': 'Please give a whole number.',
  'line-not-found': 'It is no longer in your cart.',
}

export function errorWords(error, name) {
  const words = ERRORS[error?.code]
  if (!words) console.error(error)
  return words ?? `${name ? `${name} was` : 'That was'} not changed. Please try again.`
}

/** What the line under the cart's title says: `{ text, tone, action }`. */
export function statusWords({ phase, pending, online, storage, error }) {
  const place = storage === 'memory' ? 'in this page' : 'on this device'
  const kept = pending > 0 ? `${changes(pending)} kept ${place}` : `your cart is kept ${place}`
  switch (phase) {
    case 'loading':
      return { text: 'Opening your cart', tone: 'quiet' }
    case 'local':
      return { text: `Kept ${place}`, tone: 'good' }
    case 'gone':
      return { text: 'The shop no longer has this cart', tone: 'warn', action: 'restart' }
    case 'stopped':
      return { text: `This page is out of date; ${kept}`, tone: 'warn', action: 'reload' }
    case 'paused':
      return { text: `Paused, please sign in; ${kept}`, tone: 'warn' }
  }
  // The browser knows when there is no network at all; when there is one, it is the shop that is silent.
  if (!navigator.onLine) return { text: `Offline: ${kept}`, tone: 'offline' }
  if (!online || error?.code === 'network') return { text: `The shop does not answer: ${kept}`, tone: 'offline' }
  if (phase === 'waiting' && pending > 0) return { text: `Waiting to send ${changes(pending)}`, tone: 'busy' }
  if (phase === 'syncing')
    return { text: pending > 0 ? `Saving ${changes(pending)}` : 'Checking with the shop', tone: 'busy' }
  if (pending > 0) return { text: `Waiting to send ${changes(pending)}`, tone: 'busy' }
  return { text: 'All saved', tone: 'good' }
}

export function storageWarning({ phase, storage }) {
  if (phase === 'loading' || storage === 'indexeddb') return ''
  return storage === 'localstorage'
    ? 'This browser offers only its small store. Your cart survives a reload, but give it some seconds before you quit.'
    : 'This browser lets us keep nothing, so your cart is gone from this device once you close the page.'
}
