import { expect, test } from 'vitest'
import { createSessionCart } from '../../src/index.ts'
import { createUndo } from '../../src/undo/index.ts'

const MUG = { sku: 'MUG-01', name: 'Mug', price: 12.5 }

/** Lets the tick end that commands of one step are given in. */
const tick = (): Promise<void> => Promise.resolve()

test('a page that leaves puts the history down, one that stays does not', async () => {
  const cart = createSessionCart({ currency: 'EUR', storage: 'memory', scope: 'coming and going' })
  const key = 'session-cart:undo:coming and going'
  const undo = createUndo(cart)
  await cart.ready
  cart.addItem(MUG)
  await tick()
  expect(sessionStorage.getItem(key)).toBe(null)
  // Put aside, another page of the tab goes on with it, and the page comes back.
  dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))
  expect(sessionStorage.getItem(key)).toContain('MUG-01')
  const later = createUndo(cart)
  await cart.ready
  await tick()
  expect(sessionStorage.getItem(key)).toBe(null)
  later.undo()
  later.dispose()
  dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))
  expect(undo.$undo.get()).toMatchObject({ canUndo: false, canRedo: true })
  expect(sessionStorage.getItem(key)).toBe(null)
  undo.redo()
  expect(cart.$quantity.get()).toBe(1)
  dispatchEvent(new PageTransitionEvent('pagehide'))
  expect(sessionStorage.getItem(key)).toContain('MUG-01')
  // It was only hidden.
  document.dispatchEvent(new Event('visibilitychange'))
  expect(sessionStorage.getItem(key)).toBe(null)
  undo.dispose()
  sessionStorage.clear()
  cart.dispose()
})
