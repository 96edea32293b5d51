// A page that drives itself: it reads the carts of the last page back, loads anew, and gives commands to the carts of its own
// until it is killed.
import { contenders, type ContenderName } from '../contenders/index.ts'
import type { KillTask, ReadBack, Told } from '../kill-server.ts'
import { commandOf, ticks } from '../stream.ts'

// The stream waits while more commands of each cart have not been heard of: what nobody heard of cannot be checked.
const MAX_UNHEARD = 10

const { read, write } = JSON.parse(decodeURIComponent(location.search.slice(1))) as KillTask
const carts = (read ?? write).names.map(name => ({ name, cart: contenders[name]('kills') }))

const post = (path: string, body: unknown): Promise<Response> =>
  fetch(path, { method: 'POST', body: JSON.stringify(body) })

let saved: Told['saved'] = []
// Saved, and given, but not known to have been heard of.
let untold = 0
let unheard = 0
let peak = 0

async function tell(): Promise<void> {
  const told = saved
  saved = []
  peak = Math.max(peak, untold)
  await post('/told', { saved: told, peak } satisfies Told)
  untold -= told.length
  unheard -= told.length
}

function note(name: ContenderName, n: number): void {
  // What is saved together is told together, in a microtask.
  if (saved.length === 0) queueMicrotask(() => void tell())
  saved.push([name, n, Date.now()])
  untold++
}

async function give({ name, cart }: (typeof carts)[number], n: number): Promise<void> {
  unheard++
  if (await cart.give(commandOf(n))) note(name, n)
  else unheard--
}

async function giveAll(): Promise<void> {
  for (const tick of ticks()) {
    for (const cart of carts) for (const n of tick) void give(cart, n)
    do await new Promise(resolve => setTimeout(resolve))
    while (unheard > MAX_UNHEARD * carts.length)
  }
}

await Promise.all(carts.map(({ cart }) => cart.ready))
if (read) {
  const lines: ReadBack = Object.fromEntries(carts.map(({ name, cart }) => [name, cart.lines()]))
  await post('/read', lines)
  location.replace(`${write.origin}/?${encodeURIComponent(JSON.stringify({ write } satisfies KillTask))}`)
} else await giveAll()
