// A tab that does what a test tells it to do, by `evaluate`.
import type { createSessionCart, SessionCart, SessionCartOptions } from '../../../src/index.ts'
import type { Contender, Line } from '../contenders/contender.ts'
import { contenders, type ContenderName } from '../contenders/index.ts'
import { createShopping, type Errand, type Given, type Shopping } from '../shopping.ts'

// What the script-tag file leaves in the page.
declare const SessionCart: { readonly createSessionCart: typeof createSessionCart }

/** What a tab shows. */
export interface Look {
  /** JSON text. */
  readonly session: string
  /** JSON text. */
  readonly notices: string
  readonly storage: string
  readonly phase: string
  readonly pending: number
  /** Commands that are not saved or whose outcome is not known. */
  readonly open: number
}

let cart: SessionCart
let shopping: Shopping
let shopped: Promise<void>
let answers = 0
let contender: Contender
let fired: Promise<unknown>
let answerShot = (): void => {}

const now = (): number => performance.timeOrigin + performance.now()

const channel = (name: string): BroadcastChannel | undefined =>
  typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel(`test ${name}`)
// Open from the beginning: who opened it only just now may not hear yet.
const shot = channel('shot')
const clock = channel('clock')
const shown = channel('shown')
if (shot) shot.onmessage = () => answerShot()

const returns: boolean[] = []
addEventListener('pageshow', ({ persisted }) => returns.push(persisted))

/** How far the clock of the watching tab is ahead of this one; of many answers the fastest tells it best. */
async function clockOfWatcher(): Promise<number> {
  let [fastest, ahead] = [Infinity, 0]
  for (let i = 0; i < 100; i++) {
    const asked = now()
    const theirs = await new Promise<number>(resolve => {
      clock!.onmessage = ({ data }) => resolve(data as number)
      clock!.postMessage('what time is it?')
    })
    const took = now() - asked
    if (took < fastest) [fastest, ahead] = [took, theirs - asked - took / 2]
  }
  return ahead
}

const shopper = {
  open(options: SessionCartOptions): Promise<void> {
    cart = SessionCart.createSessionCart(options)
    shopping = createShopping(cart)
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
  dispose: (): void => cart.dispose(),

  /** Begins to give commands; `shopped` tells the end. */
  shop(options: SessionCartOptions, errand: Errand): void {
    void shopper.open(options)
    shopped = shopping.run(errand)
    shopped.catch(() => {})
  },
  shopped: (): Promise<void> => shopped,
  given: (): readonly Given[] => shopping.given,
  look: (): Look => ({
    session: JSON.stringify(cart.$session.get()),
    notices: JSON.stringify(cart.$notices.get()),
    storage: cart.$status.get().storage,
    phase: cart.$status.get().phase,
    pending: cart.$status.get().pending,
    open: shopping.given.filter(({ saved, outcome }) => !saved || !outcome).length,
  }),
  add(sku: string): Promise<unknown> {
    const receipt = cart.addItem({ sku, price: 1 })
    shopping.note(receipt)
    return receipt.saved
  },
  give(name: 'closeSession' | 'startSession'): void {
    shopping.note(cart[name]())
  },
  /** The code that a command is refused with. */
  refusal(): string | undefined {
    try {
      cart.clearItems()
      return
    } catch (error) {
      return (error as { code: string }).code
    }
  },
  forget: (): Promise<void> => cart.forget(),
  refresh: (): Promise<void> => cart.refresh(),

  /** Does a job when another tab fires. */
  arm(job: () => unknown): void {
    fired = new Promise(resolve => {
      answerShot = () => resolve(job())
    })
  },
  fire(job: () => unknown): unknown {
    shot!.postMessage('now')
    return job()
  },
  fired: (): Promise<unknown> => fired,
  /** Opens a cart and gives it its first command, before or after it is loaded. */
  async visit(options: SessionCartOptions, isEarly: boolean): Promise<void> {
    const ready = shopper.open(options)
    if (!isEarly) await ready
    await shopper.add('A')
  },

  /** Tells the tab that measures when each quantity is shown, and what time it is here. */
  watch(): void {
    cart.$quantity.listen(quantity => shown!.postMessage([quantity, now()]))
    clock!.onmessage = () => clock!.postMessage(now())
  },
  /** Milliseconds from `saved` until the watching tab showed the change. */
  async measure(times: number): Promise<number[]> {
    const ahead = await clockOfWatcher()
    const samples: number[] = []
    for (let i = 0; i < times; i++) {
      const { saved } = cart.changeQuantity('A', 1)
      const wanted = cart.$quantity.get()
      const heard = new Promise<number>(resolve => {
        shown!.onmessage = ({ data }) => {
          const [quantity, at] = data as [number, number]
          if (quantity === wanted) resolve(at)
        }
      })
      await saved
      const savedAt = now()
      samples.push((await heard) - ahead - savedAt)
    }
    return samples
  },

  /** Whether the page came out of the back/forward cache, each time it was shown. */
  returns: (): readonly boolean[] => returns,

  async contend(name: ContenderName, scope: string): Promise<void> {
    contender = contenders[name](`${name} ${scope}`)
    await contender.ready
  },
  addLine: (sku: string): Promise<unknown> => contender.give({ name: 'add', sku, quantity: 1 }),
  lines: (): readonly Line[] => contender.lines(),

  /** All that is stored of a scope, as text. */
  async stored(scope: string): Promise<string> {
    const name = `session-cart:${scope}:1`
    const request = indexedDB.open(name)
    await new Promise((resolve, reject) => {
      request.onsuccess = resolve
      request.onerror = reject
    })
    const all: unknown[] = Object.entries(localStorage).filter(([key]) => key.startsWith(name))
    for (const each of request.result.objectStoreNames) {
      const store = request.result.transaction(each).objectStore(each)
      const found = [store.getAllKeys(), store.getAll()]
      await new Promise(resolve => {
        store.transaction.oncomplete = resolve
      })
      all.push(found.map(({ result }) => result))
    }
    request.result.close()
    return JSON.stringify(all)
  },
}

declare global {
  var shopper: Shopper
}

/** What the page offers to a test. */
export type Shopper = typeof shopper

globalThis.shopper = shopper
