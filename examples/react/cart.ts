import { createSessionCart } from 'session-cart'
import { createPage } from '../shared/page.ts'

// Created once, outside of every component: all components, and all tabs, show the same cart.
// The locale is named since ../react-ssr writes amounts on the server, which does not know the browser's.
export const cart = createSessionCart({ currency: 'EUR', endpoint: '/api/sessions', locale: 'en' })

export const { $announcement, $checkout, $problem, attempt, checkOut } = createPage(cart)
