import { createSessionCart } from 'session-cart'
import { createPage } from '../shared/page.ts'

// Created once, outside of every component: all components, and all tabs, show the same cart.
export const cart = createSessionCart({ currency: 'EUR', endpoint: '/api/sessions' })

export const { $announcement, $checkout, $problem, attempt, checkOut } = createPage(cart)
