// What it costs until a change is on the disk, and to load what is there.
import { PEERS } from '../peers/durable/index.mjs'
import { interleave, timed } from '../sampling.mjs'

const LINES = 10
const BURST = 500

let marks = 0
/** One more unit of a line; the mark tells this addition from every other. */
const itemOf = line => ({
  id: `SKU-${line}`,
  name: `Item number ${line}`,
  price: (1999 + line) / 100,
  mark: `m${++marks}.`,
})
const itemsOf = (count, lines = count) => Array.from({ length: count }, (_, index) => itemOf(index % lines))
const unitsOf = cart => cart.lines().reduce((sum, { quantity }) => sum + quantity, 0)

async function openFilled(peer, scope, lines) {
  const cart = await peer.open(scope)
  const items = itemsOf(lines)
  await (cart.fill ?? cart.addAll)(items)
  return cart
}

/** Runs a task for each peer; one that fails is named with the reason, and is out of the run. */
async function ofEach(task) {
  const contenders = []
  const failed = {}
  for (const peer of PEERS) {
    try {
      contenders.push(await task(peer))
    } catch (error) {
      if (peer.name === 'session-cart') throw error
      failed[peer.name] = String(error)
    }
  }
  return { contenders, failed }
}

async function reopened(peer, scope, expected) {
  const cart = await peer.open(scope)
  const units = unitsOf(cart)
  await cart.close?.()
  if (units !== expected) throw new Error(`${peer.name}: ${units} units of ${expected} were kept.`)
}

/** One addition, and 500 in one tick, until they are saved. */
export async function changes(rounds, burstRounds) {
  const { contenders, failed } = await ofEach(async peer => {
    const scope = `changes ${peer.name}`
    const cart = await openFilled(peer, scope, LINES)
    let given = LINES
    const give = items => {
      given += items.length
      return timed(() => cart.addAll(items))
    }
    return {
      one: async () => ({ [peer.name]: await give([itemOf(given % LINES)]) }),
      burst: async () => ({ [peer.name]: await give(itemsOf(BURST, LINES)) }),
      async end() {
        await cart.close?.()
        await reopened(peer, scope, given)
      },
    }
  })
  const one = await interleave(
    contenders.map(({ one }) => one),
    rounds,
  )
  const burst = await interleave(
    contenders.map(({ burst }) => burst),
    burstRounds,
  )
  for (const { end } of contenders) await end()
  return { one, burst, failed }
}

/** Opening a cart of so many lines until they are there, in a page whose code is warm. */
export async function loads(lines, rounds) {
  const { contenders, failed } = await ofEach(async peer => {
    const scope = `loads ${lines} ${peer.name}`
    const filled = await openFilled(peer, scope, lines)
    await filled.close?.()
    return async () => {
      const start = performance.now()
      const cart = await peer.open(scope)
      const shown = cart.lines()
      const ms = performance.now() - start
      await cart.close?.()
      if (shown.length !== lines) throw new Error(`${peer.name} shows ${shown.length} lines of ${lines}.`)
      return { [peer.name]: ms }
    }
  })
  return { times: await interleave(contenders, rounds), failed }
}

/** What each peer does not do. */
export const lacks = () => Object.fromEntries(PEERS.map(({ name, lacks }) => [name, lacks]))
