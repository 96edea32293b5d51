// What a command costs until every store shows it, in carts of 10, 100 and 1000 lines with a store mounted for each line.
// Ratios come first: a figure in milliseconds says something of this machine only. Run: npm run build && node bench/command.mjs
import { cpus } from 'node:os'
import { Bench } from 'tinybench'
import { createSessionCart } from '../dist/index.js'

process.env.NODE_ENV = 'production'

async function createCart(lines) {
  const cart = createSessionCart({
    currency: 'EUR',
    storage: 'memory',
    // Nothing is acknowledged and no timer runs: the command alone is measured.
    transport: () => new Promise(() => {}),
    clock: { now: () => 0, after: () => () => {} },
  })
  await cart.ready
  for (let line = 0; line < lines; line++) {
    cart.addItem({ sku: `S${line}`, name: `Item ${line}`, price: line / 100 })
    cart.line(`S${line}`).listen(() => {})
  }
  for (const $store of [cart.$items, cart.$totals, cart.$status]) $store.listen(() => {})
  return cart
}

const bench = new Bench({ time: 500, warmupTime: 200 })
for (const lines of [10, 100, 1000]) {
  const cart = await createCart(lines)
  let turn = 0
  bench.add(`changeQuantity, ${lines} lines`, () => {
    cart.changeQuantity(`S${turn % lines}`, Math.floor(turn / lines) % 2 ? -1 : 1)
    turn++
  })
}
await bench.run()

const medians = bench.tasks.map(({ name, result }) => ({ name, ms: result.latency.p50 }))
console.log(`${cpus()[0].model}, Node ${process.version}`)
console.table(
  medians.map(({ name, ms }) => ({
    command: name,
    'to 10 lines': (ms / medians[0].ms).toFixed(2),
    'median ms': ms.toFixed(4),
  })),
)
