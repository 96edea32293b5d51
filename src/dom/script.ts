import { createSessionCart, type SessionCart } from '../index.ts'
import { bindCart } from './bind.ts'

export * from '../index.ts'
export { bindCart }

// `data-profile-id` is `profileId`, and so on.
function optionsOf({ dataset }: HTMLOrSVGScriptElement): Parameters<typeof createSessionCart>[0] {
  const { currency = '', endpoint, scope, locale, profileId, integrationId, persist } = dataset
  return { currency, endpoint, scope, locale, profileId, integrationId, persist: persist !== undefined }
}

function start(): SessionCart | undefined {
  const script = typeof document === 'undefined' ? null : document.currentScript
  if (script?.dataset.sessionCart === undefined) return
  const pageCart = createSessionCart(optionsOf(script))
  bindCart(pageCart)
  return pageCart
}

/** The cart of a page whose script tag has `data-session-cart`. */
export const cart: SessionCart | undefined = start()
