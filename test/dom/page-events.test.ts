// What a page tells of coming and going, and what becomes of it.
import { expect, onTestFinished, test } from 'vitest'
import { listenToPage } from '../../src/sync/wake-ups.ts'

function see(state: DocumentVisibilityState): void {
  Object.defineProperty(document, 'visibilityState', { value: state, configurable: true })
  onTestFinished(() => void Reflect.deleteProperty(document, 'visibilityState'))
  document.dispatchEvent(new Event('visibilitychange'))
}

test('each way of coming and going is told once, until nobody listens', () => {
  const told: string[] = []
  const take = (): string[] => told.splice(0)
  const stop = listenToPage({
    wake: () => told.push('wake'),
    hide: () => told.push('hide'),
    freeze: () => told.push('freeze'),
    online: online => told.push(online ? 'online' : 'offline'),
  })
  onTestFinished(stop)
  window.dispatchEvent(new Event('offline'))
  expect(take()).toEqual(['offline'])
  window.dispatchEvent(new Event('online'))
  expect(take()).toEqual(['online', 'wake'])
  window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))
  expect(take()).toEqual(['freeze'])
  window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: false }))
  expect(take()).toEqual([])
  window.dispatchEvent(new PageTransitionEvent('pageshow'))
  document.dispatchEvent(new Event('resume'))
  expect(take()).toEqual(['wake', 'wake'])
  see('hidden')
  expect(take()).toEqual(['hide'])
  see('visible')
  expect(take()).toEqual(['wake'])
  stop()
  window.dispatchEvent(new Event('online'))
  see('hidden')
  expect(take()).toEqual([])
})
