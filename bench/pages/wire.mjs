// Changes that a server has to hear of. What goes over the wire is counted at the server.
import { PEERS } from '../peers/wire/index.mjs'

/** What each peer does not do. */
export const lacks = () => Object.fromEntries(PEERS.map(({ name, lacks }) => [name, lacks]))

let cart
const itemOf = line => ({ id: `SKU-${line}`, name: `Item number ${line}`, price: (1999 + line) / 100 })
const pause = ms => new Promise(resolve => setTimeout(resolve, ms))

/** Milliseconds until the server has answered everything, looked at in short turns; undefined after `patience`. */
export async function synced(patience) {
  const start = performance.now()
  while (!(await cart.isSynced())) {
    if (performance.now() - start > patience) return undefined
    await pause(5)
  }
  return performance.now() - start
}

/** Opens a peer's cart with so many lines that the server knows. */
export async function open(name, scope, lines, patience) {
  cart = await PEERS.find(peer => peer.name === name).open(scope)
  for (let line = 0; line < lines; line++) cart.add(itemOf(line))
  await pause(0)
  if ((await synced(patience)) === undefined) throw new Error(`${lines} lines are not synced within ${patience} ms.`)
}

/** Units added one after the other, one every `every` milliseconds, to ten lines in turns. */
export async function edit(count, every) {
  const start = performance.now()
  for (let turn = 0; turn < count; turn++) {
    cart.add(itemOf(turn % 10))
    // Counted from the start: a timer that is late once must not delay all that follow.
    await pause(Math.max(0, start + (turn + 1) * every - performance.now()))
  }
}
