// What the tabs of the proof do, as a test tells them by `evaluate`.
import type { createSessionCart, Receipt, SessionCart, SessionCartOptions } from '../../../src/index.ts'
import type { Contender, Line } from '../contenders/contender.ts'
import { contenders, type ContenderName } from '../contenders/index.ts'
import { createRandom } from '../random.ts'

// What the script-tag file leaves in the page.
declare const SessionCart: { readonly createSessionCart: typeof createSessionCart }

/** A command that was given, and what has become of it. */
export interface Given {
  readonly id: string
  readonly name: string
  /** What it adds to a line that nothing is ever taken from. */
  readonly added: readonly [sku: string, units: number] | undefined
  saved?: string
  outcome?: { readonly status: string; readonly code?: string }
}

/** What a tab is to do. */
export interface Errand {
  readonly seed: number
  readonly commands: number
  /** Has the tab tell the server which commands are saved, under this name: it will not live to be asked. */
  readonly tellAs?: string | undefined
}

/** What a tab shows. */
export interface Look {
  readonly session: string
  readonly notices: string
  readonly storage: string
  readonly pending: number
  /** Commands that are not saved or whose outcome is not known. */
  readonly open: number
}

const LINES = 50
// Of these lines nothing is ever taken, so that their sums are known.
const SUMMED = 10

let cart: SessionCart
let given: Given[] = []
let shopping: Promise<void> = Promise.resolve()
let toTell: string[] = []
let answers = 0
let armed: Promise<unknown>
let start = (): unknown => undefined
let contender: Contender
const returns: boolean[] = []

const now = (): number => performance.timeOrigin + performance.now()
const line = (name: string): BroadcastChannel => new BroadcastChannel(`test ${name}`)
// Open from the beginning: in WebKit a line that was opened only just now may not hear yet.
const go = typeof BroadcastChannel === 'undefined' ? undefined : line('go')
if (go) go.onmessage = () => void start()

function note(name: string, { id, saved, synced }: Receipt, added?: Given['added'], tellAs?: string): Given {
  const entry: Given = { id, name, added }
  given.push(entry)
  void saved.then(rung => {
    entry.saved = rung
    if (tellAs === undefined) return
    // What is saved together is told together.
    if (!toTell.length) {
      queueMicrotask(() => {
        const body = JSON.stringify({ page: tellAs, ids: toTell })
        toTell = []
        void fetch('/api/saved', { method: 'POST', body })
      })
    }
    toTell.push(id)
  })
  synced.then(
    outcome => (entry.outcome = outcome),
    error => (entry.outcome = { status: (error as { code: string }).code }),
  )
  return entry
}

function giveOne(random: () => number, tellAs: string | undefined): void {
  const pick = (count: number): number => Math.floor(random() * count)
  const number = pick(LINES)
  const item = { sku: `SKU-${number}`, name: `Item ${number}`, price: number + 0.99 }
  const items = cart.$items.get()
  const units = 1 + pick(2)
  if (number < SUMMED) {
    const isThere = items.some(({ sku }) => sku === item.sku)
    const receipt = isThere && pick(2) ? cart.changeQuantity(item.sku, units) : cart.addItem(item, units)
    note('add', receipt, [item.sku, units], tellAs)
    return
  }
  const others = items.filter(({ sku }) => Number(sku.slice(4)) >= SUMMED)
  const other = others[pick(others.length)]?.sku
  const code = `${pick(2) ? 'GOOD' : 'BAD'}-${pick(5)}`
  const sort = random()
  if (sort < 0.08) note('applyCoupon', cart.applyCoupon(code), undefined, tellAs)
  else if (sort < 0.12) note('removeCoupon', cart.removeCoupon(), undefined, tellAs)
  else if (sort < 0.22) {
    note('setAttributes', cart.setAttributes({ [`note${pick(3)}`]: pick(4) ? number : null }), undefined, tellAs)
  } else if (other === undefined || sort < 0.55) note('addItem', cart.addItem(item, units), undefined, tellAs)
  else if (sort < 0.75) note('changeQuantity', cart.changeQuantity(other, pick(2) ? 1 : -1), undefined, tellAs)
  else if (sort < 0.9) note('setQuantity', cart.setQuantity(other, pick(5)), undefined, tellAs)
  else note('removeItem', cart.removeItem(other), undefined, tellAs)
}

async function shop({ seed, commands, tellAs }: Errand): Promise<void> {
  const random = createRandom(seed)
  // The first is early: the cart has not been loaded.
  giveOne(random, tellAs)
  await cart.ready
  while (given.length < commands) {
    const burst = Math.min(1 + Math.floor(random() * 3), commands - given.length)
    for (let i = 0; i < burst; i++) giveOne(random, tellAs)
    await new Promise(resolve => setTimeout(resolve, random() * 8))
  }
}

const shopper = {
  open(options: SessionCartOptions): Promise<void> {
    cart = SessionCart.createSessionCart(options)
    given = []
    return cart.ready
  },
  /** Opens a cart whose requests go on when they are cancelled. */
  openDeaf(options: SessionCartOptions): Promise<void> {
    return shopper.open({
      ...options,
      async fetch(input, init) {
        const response = await fetch(input, { ...init, signal: null })
        answers++
        return response
      },
    })
  },
  answers: (): number => answers,
  shop(options: SessionCartOptions, errand: Errand): void {
    void shopper.open(options)
    shopping = shop(errand)
    // It is for `shopped` to tell.
    shopping.catch(() => {})
  },
  shopped: (): Promise<void> => shopping,
  given: (): readonly Given[] => given,
  look: (): Look => ({
    session: JSON.stringify(cart.$session.get()),
    notices: JSON.stringify(cart.$notices.get()),
    storage: cart.$status.get().storage,
    pending: cart.$status.get().pending,
    open: given.filter(({ saved, outcome }) => !saved || !outcome).length,
  }),
  add(sku: string): Promise<unknown> {
    const receipt = cart.addItem({ sku, price: 1 })
    note('addItem', receipt)
    return receipt.saved
  },
  give(name: 'closeSession' | 'startSession'): void {
    note(name, cart[name]())
  },
  /** The code a command is refused with. */
  refusal(): string | undefined {
    try {
      cart.clearItems()
    } catch (error) {
      return (error as { code: string }).code
    }
    return
  },
  forget: (): Promise<void> => cart.forget(),

  /** Does a job when another tab fires. */
  arm(job: () => unknown): void {
    armed = new Promise((resolve, reject) => {
      start = () => Promise.resolve(job()).then(resolve, reject)
    })
  },
  fire(job: () => unknown): unknown {
    go?.postMessage('now')
    return job()
  },
  armed: (): Promise<unknown> => armed,
  /** Opens a cart in place of the last one and gives it a command, before or after it is loaded. */
  async visit(options: SessionCartOptions, isEarly: boolean): Promise<void> {
    ;(cart as SessionCart | undefined)?.dispose()
    const ready = shopper.open(options)
    if (!isEarly) await ready
    await shopper.add('A')
  },

  /** Tells the tab that measures when each quantity is shown, and what time it is here. */
  watch(): void {
    const shown = line('shown')
    cart.$quantity.listen(quantity => shown.postMessage([quantity, now()]))
    const clock = line('clock')
    clock.onmessage = () => clock.postMessage(now())
  },
  /** Milliseconds from `saved` until the watching tab showed the change. */
  async measure(times: number): Promise<number[]> {
    const ahead = await clockOfOther()
    const shown = line('shown')
    const samples: number[] = []
    for (let i = 0; i < times; i++) {
      const heard = new Promise<number>(resolve => {
        shown.onmessage = ({ data: [quantity, at] }: MessageEvent<[number, number]>) => {
          if (quantity === cart.$quantity.get()) resolve(at)
        }
      })
      await cart.changeQuantity('A', 1).saved
      const saved = now()
      samples.push((await heard) - ahead - saved)
    }
    shown.close()
    return samples
  },

  /** Whether the page came out of the back/forward cache, each time it was shown. */
  returns: (): readonly boolean[] => returns,

  async contend(name: ContenderName, scope: string): Promise<void> {
    contender = contenders[name](`${name} ${scope}`)
    await contender.ready
  },
  addLine: (sku: string): Promise<boolean> => contender.give({ name: 'add', sku, quantity: 1 }),
  lines: (): readonly Line[] => contender.lines(),

  /** All that is stored of a scope, as text. */
  async stored(scope: string): Promise<string> {
    const name = `session-cart:${scope}:1`
    const request = indexedDB.open(name)
    const db = await new Promise<IDBDatabase>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error)
    })
    const all: unknown[] = Object.entries(localStorage).filter(([key]) => key.startsWith(name))
    for (const each of db.objectStoreNames) {
      const store = db.transaction(each).objectStore(each)
      const requests = [store.getAllKeys(), store.getAll()]
      await new Promise(resolve => (store.transaction.oncomplete = resolve))
      all.push(...requests.map(({ result }) => result))
    }
    db.close()
    return JSON.stringify(all)
  },
}

/** How far the clock of the watching tab is ahead of this one: of many questions the fastest answer tells it best. */
async function clockOfOther(): Promise<number> {
  const clock = line('clock')
  let [fastest, ahead] = [Infinity, 0]
  for (let i = 0; i < 100; i++) {
    const asked = now()
    const theirs = await new Promise<number>(resolve => {
      clock.onmessage = ({ data }: MessageEvent<number>) => resolve(data)
      clock.postMessage('what time is it?')
    })
    const took = now() - asked
    if (took < fastest) [fastest, ahead] = [took, theirs - asked - took / 2]
  }
  clock.close()
  return ahead
}

declare global {
  var shopper: Shopper
}

/** What the page offers to a test. */
export type Shopper = typeof shopper

globalThis.shopper = shopper
addEventListener('pageshow', ({ persisted }) => returns.push(persisted))
