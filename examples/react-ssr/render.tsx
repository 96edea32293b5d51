import { StrictMode } from 'react'
import { renderToString } from 'react-dom/server'
import { Shop } from '../react/shop.tsx'

/**
 * The page as HTML, with the things and an empty cart that is `loading`. On a server `createSessionCart` keeps nothing,
 * starts no timer and sends nothing, so the one cart of `../react/cart.ts` is safe to share between all requests.
 */
export const render = (): string =>
  renderToString(
    <StrictMode>
      <Shop />
    </StrictMode>,
  )
