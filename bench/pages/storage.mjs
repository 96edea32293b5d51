// What it costs to keep a cart in IndexedDB, against what IndexedDB costs by itself in the same run.
import { createSessionCart } from '../../dist/index.js'
import { createSessionHandler, memoryStore } from '../../dist/server.js'
import { openRaw, readAll, write } from '../raw-database.mjs'
import { interleave, timed } from '../sampling.mjs'
import { closeConnections, lastOpening, takeWrites } from '../watch-databases.mjs'

const SIZES = [10, 100, 1000]
const LOAD_SCOPE = 'load'
const LOAD_LINES = 1000
const LOAD_ROWS = 100
const SILENCE = new Promise(() => {})

// A cart as a shop has it, timers and all, whose server never answers: it writes a row for each command and nothing else.
const SYNCED = { transport: () => SILENCE }

const skuOf = line => `SKU-${line}`
const itemOf = line => ({ sku: skuOf(line), name: `Item number ${line}`, price: (1999 + line) / 100 })
const databaseOf = scope => `session-cart:${scope}:1`
const isRow = ({ key }) => typeof key === 'number'
const isBase = ({ key }) => key[0] === 'base'

/** Waits until a command is saved where it has to be: a cart that fell back to memory would be fast. */
async function kept({ saved }) {
  if ((await saved) !== 'indexeddb') throw new Error('A command was not saved in IndexedDB.')
}

const keptAll = receipts => Promise.all(receipts.map(kept))

async function createCart(scope, options) {
  const cart = createSessionCart({ currency: 'EUR', scope, ...options })
  await cart.ready
  return cart
}

function fill(cart, lines) {
  return Array.from({ length: lines }, (_, line) => cart.addItem(itemOf(line)))
}

async function createFilledCart(scope, lines, options) {
  const cart = await createCart(scope, options)
  await keptAll(fill(cart, lines))
  return cart
}

async function entriesOf(scope) {
  const db = await openRaw(databaseOf(scope))
  const entries = await readAll(db)
  db.close()
  return entries
}

/** The row that commands of one tick leave in the database of a cart. */
async function rowOf(scope, receipts) {
  await keptAll(receipts)
  return (await entriesOf(scope)).findLast(isRow).value
}

async function commandsOf(rounds, kind, options, commands) {
  const db = await openRaw('raw')
  const rows = {}
  let given = 0
  const contenders = []
  const add = (name, task) => contenders.push(async () => ({ [name]: await timed(task) }))
  for (const lines of SIZES) {
    const scope = `${kind} ${lines}`
    const cart = await createFilledCart(scope, lines, options)
    let turn = 0
    for (const [name, command] of Object.entries(commands)) {
      const give = () => {
        given++
        return command(cart, turn++ % lines)
      }
      rows[name] ??= await rowOf(scope, [give()])
      add(`${name}, ${lines} lines`, () => kept(give()))
    }
  }
  for (const [name, row] of Object.entries(rows)) add(`raw add of ${name}`, () => write(db, store => store.add(row)))
  takeWrites()
  given = 0
  const times = await interleave(contenders, rounds)
  const count = takeWrites(...SIZES.map(lines => databaseOf(`${kind} ${lines}`)))
  return { times, otherWrites: count - given, bytes: JSON.stringify(rows.addItem).length }
}

const addItem = (cart, line) => cart.addItem(itemOf(line))
const changeQuantity = (cart, line) => cart.changeQuantity(skuOf(line), 1)

/** A command on a line that is there until it is saved, and the same row given to IndexedDB, in carts of several sizes. */
export function synced(rounds) {
  return commandsOf(rounds, 'synced', SYNCED, { addItem, changeQuantity })
}

/** The same in carts without an endpoint. They write a checkpoint 250 ms after a change: a loop of samples meets it. */
export function local(rounds) {
  return commandsOf(rounds, 'local', {}, { addItem })
}

/** 500 commands in one tick until all of them are saved, and their row given to IndexedDB. */
export async function burst(rounds) {
  const db = await openRaw('raw')
  const scope = 'burst'
  const cart = await createFilledCart(scope, 10, SYNCED)
  // Every line goes up and down again.
  const byOf = turn => (turn % 20 < 10 ? 1 : -1)
  const give = () => Array.from({ length: 500 }, (_, turn) => cart.changeQuantity(skuOf(turn % 10), byOf(turn)))
  const row = await rowOf(scope, give())
  const transactions = new Set()
  const ofCart = async () => {
    takeWrites()
    const ms = await timed(() => keptAll(give()))
    transactions.add(takeWrites(databaseOf(scope)))
    return { cart: ms }
  }
  const ofRaw = async () => ({ raw: await timed(() => write(db, store => store.add(row))) })
  const times = await interleave([ofCart, ofRaw], rounds)
  return { times, transactions: [...transactions] }
}

/**
 * Fills a database as a shop would: another device of the shopper's has filled a session with 1000 lines, this one takes
 * it over from the server, and then 100 commands are given without a network, each in a tick of its own.
 *
 * @returns how much the database holds
 */
export async function prepareLoad() {
  const handler = createSessionHandler({ store: memoryStore() })
  let isOnline = true
  const answer = (path, init) => {
    if (!isOnline) return SILENCE
    const request = new Request(new URL(path, location.href), init)
    // Firefox has no `Request.body` yet: https://bugzilla.mozilla.org/show_bug.cgi?id=1387483
    if (init.body) Object.defineProperty(request, 'body', { value: new Blob([init.body]).stream() })
    return handler(request)
  }
  const options = { endpoint: '/api/sessions', fetch: answer, integrationId: 'load' }
  const other = await createCart('another device', { ...options, storage: 'memory' })
  fill(other, LOAD_LINES)
  await other.flush()

  const cart = await createCart(LOAD_SCOPE, options)
  await cart.refresh()
  isOnline = false
  for (let line = 0; line < LOAD_ROWS; line++) await kept(cart.changeQuantity(skuOf(line), 1))

  const entries = await entriesOf(LOAD_SCOPE)
  if (entries.filter(isRow).length !== LOAD_ROWS || entries.filter(isBase).length !== 1) {
    throw new Error('The database does not hold what is to be loaded.')
  }
  return { entries: entries.length, bytes: JSON.stringify(entries).length }
}

async function loadCart() {
  const start = performance.now()
  const cart = createSessionCart({ currency: 'EUR', scope: LOAD_SCOPE, ...SYNCED })
  let heard
  cart.$items.listen(() => (heard ??= performance.now()))
  await cart.ready
  const items = cart.$items.get()
  const status = cart.$status.get()
  const end = performance.now()
  if (items.length !== LOAD_LINES || status.pending !== LOAD_ROWS) throw new Error('The cart is not shown in full.')
  cart.dispose()
  return { cart: end - start, 'cart without open': end - start - lastOpening(), 'first listener': heard - start }
}

async function loadRaw() {
  const start = performance.now()
  const db = await openRaw(databaseOf(LOAD_SCOPE))
  const entries = await readAll(db)
  const session = JSON.parse(entries.find(isBase).value.session)
  const end = performance.now()
  if (session.cartItems.length !== LOAD_LINES) throw new Error('The base was not read.')
  return { raw: end - start, 'raw without open': end - start - lastOpening() }
}

/** One load of what {@link prepareLoad} left: by a cart, or by the floor that reads the same bytes. */
export async function loadOnce(contender) {
  const sample = await { cart: loadCart, raw: loadRaw }[contender]()
  closeConnections(databaseOf(LOAD_SCOPE))
  return sample
}

/** The same loads again and again in one page, whose code is warm then. */
export function load(rounds) {
  return interleave([() => loadOnce('cart'), () => loadOnce('raw')], rounds)
}
