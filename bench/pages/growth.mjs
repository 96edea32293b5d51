// What one more change costs while more and more changes wait for the server.
import { createSessionCart } from '../../dist/index.js'
import * as replicache from '../peers/durable/replicache.mjs'
import * as tanstack from '../peers/durable/tanstack.mjs'
import { interleave, timed } from '../sampling.mjs'

const LINES = 10
const itemOf = (line, mark) => ({ id: `SKU-${line}`, name: `Item number ${line}`, price: (1999 + line) / 100, mark })

const ours = {
  name: 'session-cart',
  async open(scope) {
    // A server that never answers.
    const options = { transport: () => new Promise(() => {}), limits: { maxUnits: 10_000 } }
    const cart = createSessionCart({ currency: 'EUR', scope, ...options })
    await cart.ready
    let turn = 0
    const change = () => {
      turn++
      return turn <= LINES
        ? cart.addItem({ sku: `SKU-${turn % LINES}`, name: 'Item', price: 19.99 })
        : cart.setQuantity(`SKU-${turn % LINES}`, 1 + (Math.floor(turn / LINES) % 5))
    }
    return { change, saved: async receipt => (await receipt).saved, close: () => cart.dispose() }
  },
}

const peerOf = ({ name, open }) => ({
  name,
  async open(scope) {
    const cart = await open(scope)
    let turn = 0
    return {
      change: () => cart.addAll([itemOf(turn++ % LINES, `g${turn}.`)]),
      saved: promise => promise,
      close: cart.close,
    }
  },
})

const CONTENDERS = { 'session-cart': ours, [replicache.name]: peerOf(replicache), [tanstack.name]: peerOf(tanstack) }

/**
 * Gives changes, a tick each, until so many rows wait, and samples a few more at each of these numbers.
 *
 * @returns by number of rows: until the call returned, until it was saved, and until another page shows the cart
 */
export async function log(name, rows, rounds) {
  const scope = `growth ${name}`
  const peer = CONTENDERS[name]
  const cart = await peer.open(scope)
  const results = {}
  let given = 0
  for (const count of rows) {
    let last
    while (given < count) {
      given++
      last = cart.saved(cart.change())
      if (given % 50 === 0) await last
      // A tick of its own is a row of its own.
      await new Promise(resolve => queueMicrotask(resolve))
    }
    await last
    const sample = async () => {
      const start = performance.now()
      const receipt = cart.change()
      const shown = performance.now() - start
      await cart.saved(receipt)
      given++
      return { shown, saved: performance.now() - start }
    }
    const times = await interleave([sample], rounds)
    const load = await interleave(
      [
        async () => {
          let other
          const ms = await timed(async () => (other = await peer.open(scope)))
          await other.close?.()
          return { load: ms }
        },
      ],
      Math.min(3, rounds),
      0,
    )
    results[count] = { ...times, ...load }
  }
  await cart.close?.()
  return results
}
