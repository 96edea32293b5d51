// What a change costs in memory, until everybody who listens has heard of it. Runs in Node and in a page.
import { PEERS } from '../peers/memory/index.mjs'
import { interleave } from '../sampling.mjs'

/** Lines that are added and removed again. */
const MORE = 10
/** A sample lasts at least so many milliseconds: clocks of browsers are coarse. */
const SAMPLE_MS = 1

const itemOf = line => ({
  id: `SKU-${line}`,
  name: `Item number ${line}`,
  price: (1999 + (line % 1000)) / 100,
  quantity: 1,
})

/** Who listens to a cart. */
const LISTENERS = {
  nobody: () => {},
  'the total': (cart, heard) => cart.onTotal(() => heard.totals++),
  'every line': (cart, heard, lines) => {
    cart.onTotal(() => heard.totals++)
    for (let line = 0; line < lines; line++) cart.onLine(itemOf(line).id, () => heard.lines++)
  },
}

/** Milliseconds of one run of a task that tells what it did and how long it took, as the mean of enough of them. */
function lasting(task) {
  return () => {
    let elapsed = 0
    let runs = 0
    while (elapsed < SAMPLE_MS) {
      const start = performance.now()
      const count = task()
      elapsed += performance.now() - start
      runs += count
    }
    return elapsed / runs
  }
}

async function open({ create }, lines, listeners) {
  const cart = await create()
  cart.fill(Array.from({ length: lines }, (_, line) => itemOf(line)))
  const heard = { totals: 0, lines: 0 }
  LISTENERS[listeners](cart, heard, lines)
  let turn = 0
  // Every line in its turn, from 1 to 2 and back: each call changes the total and one line.
  const setNext = () => cart.set(itemOf(turn % lines).id, Math.floor(turn++ / lines) % 2 ? 1 : 2)
  return { cart, heard, setNext, changes: () => turn }
}

/** A cart that has not done what the others do is no contender. */
function check(name, lines, listeners, { cart, heard, changes }) {
  const expected = Array.from({ length: lines }, (_, line) => {
    const passes = Math.floor((changes() - line + lines - 1) / lines)
    return itemOf(line).price * (passes % 2 ? 2 : 1)
  }).reduce((sum, value) => sum + value, 0)
  const isRight = Math.abs(cart.total() - expected) < expected * 1e-6
  const hasHeard = listeners === 'nobody' || heard.totals >= changes()
  const haveLines = listeners !== 'every line' || heard.lines >= changes()
  if (!isRight || !hasHeard || !haveLines) {
    throw new Error(`${name}, ${lines} lines, ${listeners}: ${cart.total()} for ${expected}, ${JSON.stringify(heard)}`)
  }
}

/** One sample of every operation on three carts of one peer. */
async function contend(peer, lines) {
  const carts = {}
  for (const listeners of Object.keys(LISTENERS)) carts[listeners] = await open(peer, lines, listeners)
  const more = Array.from({ length: MORE }, (_, index) => itemOf(lines + index))
  const sampleOf = {}
  for (const [listeners, { cart, setNext }] of Object.entries(carts)) {
    if (listeners === 'nobody') {
      sampleOf[`total, ${listeners}`] = lasting(() => {
        setNext()
        if (!(cart.total() > 0)) throw new Error('There is no total.')
        return 1
      })
      continue
    }
    const add = () => more.forEach(item => cart.add(item))
    const remove = () => more.forEach(({ id }) => cart.remove(id))
    // The other half is not timed: `add` and `remove` leave the cart as it was.
    const half = (timed, before, after) => () => {
      let elapsed = 0
      let runs = 0
      while (elapsed < SAMPLE_MS) {
        before()
        const start = performance.now()
        timed()
        elapsed += performance.now() - start
        after()
        runs += MORE
      }
      return elapsed / runs
    }
    const nothing = () => {}
    sampleOf[`add, ${listeners}`] = half(add, nothing, remove)
    sampleOf[`remove, ${listeners}`] = half(remove, add, nothing)
    sampleOf[`set, ${listeners}`] = lasting(() => {
      setNext()
      return 1
    })
  }
  return {
    sample: () =>
      Object.fromEntries(Object.entries(sampleOf).map(([task, sample]) => [`${peer.name}: ${task}`, sample()])),
    end() {
      for (const [listeners, opened] of Object.entries(carts)) {
        check(peer.name, lines, listeners, opened)
        opened.cart.close?.()
      }
    },
  }
}

/**
 * @returns quartiles in milliseconds of one operation: by operation and who listens, then by peer
 */
export async function measure(lines, rounds) {
  const contenders = []
  for (const peer of PEERS) contenders.push(await contend(peer, lines))
  const times = await interleave(
    contenders.map(({ sample }) => sample),
    rounds,
  )
  for (const { end } of contenders) end()
  const byTask = {}
  for (const [key, time] of Object.entries(times)) {
    const [, peer, task] = /^(.*): (.*)$/.exec(key)
    byTask[task] ??= {}
    byTask[task][peer] = time
  }
  return byTask
}

/** What each peer does not do. */
export const lacks = () => Object.fromEntries(PEERS.map(({ name, lacks }) => [name, lacks]))
