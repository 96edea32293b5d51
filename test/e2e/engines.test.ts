import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSessionHandler, memoryStore } from '../../src/server/index.ts'
import { isMissing, openEngine } from '../support/engines.ts'
import { servePages, type Pages } from '../support/pages.ts'

const handler = createSessionHandler({ store: memoryStore() })
let pages: Pages
beforeAll(async () => void (pages = await servePages({ isolated: true, handler })))
afterAll(() => pages?.close())

for (const name of ['chromium', 'firefox', 'webkit'] as const) {
  test.skipIf(isMissing(name))(`tabs of ${name} share what is stored, answer at once and are left`, async () => {
    const engine = await openEngine(name)
    try {
      expect(engine.version).toMatch(/^\d+\.\d+/)
      process.kill(engine.pid, 0)
      const [one, other] = [await engine.open(pages.url), await engine.open(pages.url)]
      expect(await one.evaluate(() => [crossOriginIsolated, document.visibilityState])).toEqual([true, 'visible'])
      expect(await other.evaluate(() => document.visibilityState)).toBe('visible')

      await one.evaluate(`
        const channel = new BroadcastChannel('test')
        window.heard = new Promise(resolve => (channel.onmessage = ({ data }) => resolve(data)))`)
      // Done only when the other has spoken: evaluations in different tabs overlap.
      const heard = one.evaluate('return heard')
      await other.evaluate(`new BroadcastChannel('test').postMessage({ text: argument })`, 'hello')
      expect(await heard).toEqual({ text: 'hello' })
      expect(await one.evaluate('void argument', 1)).toBeUndefined()
      await expect(one.evaluate('throw new RangeError(argument)', 'too far')).rejects.toThrow('RangeError: too far')

      const options = { currency: 'EUR', endpoint: '/api/sessions', integrationId: name }
      await one.evaluate(
        `
      window.cart = SessionCart.createSessionCart(argument)
      await cart.addItem({ sku: 'A', price: 1 }, 2).saved
      await cart.flush()`,
        options,
      )
      expect((await handler.sessions.get(name))?.session.total).toBe(2)
      await one.close()
      await other.evaluate('window.cart = SessionCart.createSessionCart(argument); await cart.ready', options)
      expect(await other.evaluate('return cart.$quantity.get()')).toBe(2)

      const unanswered = expect(other.evaluate('return new Promise(() => {})')).rejects.toThrow()
      await other.goto(pages.otherSite)
      await unanswered
      expect(await other.evaluate(() => location.hostname)).toBe('localhost')
    } finally {
      await engine.close()
    }
  })
}
