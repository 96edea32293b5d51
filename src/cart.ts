import type { Flushed, SessionCart } from './cart/api.ts'
import { createBook, type Book } from './cart/book.ts'
import { createCommands } from './cart/commands.ts'
import { disposed, leftBehind, notSynced, storageFailed } from './cart/failures.ts'
import { sessionToOpen } from './cart/opening.ts'
import { SessionCartError } from './errors.ts'
import { readOptions, type SessionCartOptions } from './cart/options.ts'
import { randomId } from './cart/random.ts'
import type { Receipt } from './cart/receipts.ts'
import { factsOf } from './session/lines.ts'
import { parseArgs, type MutationArgs, type MutationName } from './session/mutations.ts'
import { toInput } from './session/schemas.ts'
import { totalsOf } from './session/totals.ts'
import { createLog, type Rung } from './storage/log.ts'
import { NOTHING_STORED, type Stored } from './storage/stored.ts'
import type { Status } from './store/status.ts'
import { createStores, type Snapshot } from './store/stores.ts'
import { listenToPage } from './sync/wake-ups.ts'

/**
 * Creates a cart: one active session, shown by nanostores, kept on the device and synced to a server.
 *
 * Nothing happens on import; the cart begins here. Without a `document` it works in memory, starts no timer and sends
 * nothing unless `fetch` or `transport` is given.
 *
 * @param options Only `currency` is required.
 * @throws SessionCartError with code `invalid-option`.
 *
 * @example
 * const cart = createSessionCart({ currency: 'EUR', storage: 'memory' })
 * cart.addItem({ sku: 'MUG-01', name: 'Mug', price: 12.5 }, 2)
 * cart.$totals.get().total // 25
 */
export function createSessionCart(options: SessionCartOptions): SessionCart {
  const settings = readOptions(options)
  const { limits, clock, random, timeout, transport } = settings
  const start: MutationArgs['start'] = parseArgs('start', {
    currency: limits.currency,
    profileId: options.profileId,
    attributes: options.initialSession?.attributes,
    items: options.initialSession?.cartItems,
  })
  const others = new Set<Book>()
  let rung: Rung = settings.database ? 'indexeddb' : 'memory'
  let storageError: SessionCartError | undefined
  let isOnline = typeof navigator === 'undefined' || navigator.onLine
  let isLoaded = false
  let isDisposed = false

  const log = createLog(
    settings.database,
    limits,
    () => randomId(random),
    (next, error) => {
      const hadError = storageError !== undefined
      rung = next
      storageError = error === undefined ? undefined : storageFailed(error)
      // Taking a rung for granted costs nothing; a change has to be shown.
      if (hadError || storageError) show()
    },
  )
  const context = { settings, writer: randomId(random, 9), log, start, changed: show, isActive }
  const first = createBook(context, options.integrationId ?? randomId(random))
  let active = first
  // The sessions that commands were given to before the store was read.
  const early = [first]
  const stores = createStores(snapshot(), limits.lineKey)
  const stopListening = transport && typeof document !== 'undefined' ? listenToPage({ wake, hide, online }) : () => {}

  function isActive(integrationId: string): boolean {
    return active.integrationId() === integrationId
  }

  function phaseOf(phase: Status['phase'] = 'local'): Status['phase'] {
    if (isDisposed) return 'stopped'
    return isLoaded ? phase : 'loading'
  }

  function snapshot(): Snapshot {
    const session = active.view()
    const base = active.base()
    const outbox = active.outbox()?.state()
    const pending = active.pending().length
    const isConfirmed = !transport || (base.version > 0 && pending === 0 && !base.estimated)
    return {
      session,
      totals: totalsOf(session, isConfirmed),
      quantity: factsOf(session.cartItems).remaining,
      notices: active.notices(),
      status: {
        phase: phaseOf(outbox?.phase),
        pending: [...others].reduce((sum, book) => sum + book.pending().length, pending),
        online: isOnline && outbox?.reached !== false,
        storage: rung,
        lastSyncedAt: outbox?.syncedAt === undefined ? undefined : new Date(outbox.syncedAt).toISOString(),
        error: outbox?.error ?? storageError,
      },
    }
  }

  function show(): void {
    // What an old session owed is sent: it has nothing more to do here.
    for (const book of others) {
      if (book.pending().length) continue
      others.delete(book)
      active.inherit(book.notices())
      book.close(leftBehind())
    }
    stores.publish(snapshot())
  }

  function begin(book: Book): void {
    log.activate(book.integrationId())
    book.open(book.integrationId())
  }

  // Another session took its place: what it owes is still sent.
  function leave(book: Book): void {
    if (!book.pending().length) return book.close(leftBehind())
    others.add(book)
    if (!transport) void book.checkpoint()
  }

  function books(): Book[] {
    return [active, ...others]
  }

  function wake(): void {
    for (const book of books()) book.outbox()?.wake()
  }

  function hide(): void {
    for (const book of books()) book.outbox()?.hide()
  }

  function online(next: boolean): void {
    isOnline = next
    show()
  }

  function checkUsable(isFresh = false): void {
    if (isDisposed) throw disposed()
    if (active.base().gone && !isFresh) {
      throw new SessionCartError('session-gone', 'The server does not know this session any more: call startSession().')
    }
  }

  function give<Name extends MutationName>(name: Name, args: MutationArgs[Name]): Receipt {
    checkUsable()
    return active.give(name, args)
  }

  function openBook(book: Book, integrationId: string, stored: Stored): void {
    const notices = stored.notices.filter(({ session }) => session === integrationId).map(({ notice }) => notice)
    book.open(integrationId, stored.sessions.get(integrationId), notices, stored.dismissed)
  }

  function open(stored: Stored): void {
    const id = sessionToOpen(stored, options.profileId, limits) ?? first.integrationId()
    log.open(first.integrationId(), id)
    if (stored.active?.integrationId !== id) log.activate(id)
    for (const book of early.slice(1)) log.activate(book.integrationId())
    // What was given to a cart that was disposed meanwhile is saved all the same.
    if (isDisposed) return
    isLoaded = true
    openBook(first, id, stored)
    for (const book of early.slice(1)) book.open(book.integrationId())
    for (const book of early) if (book !== active) leave(book)
    for (const [other, { base }] of stored.sessions) {
      if (other === id || !transport || base.gone) continue
      const book = createBook(context, other)
      openBook(book, other, stored)
      others.add(book)
    }
    if (stored.setAside) {
      const message = `${stored.setAside} saved changes could not be read; they are kept aside.`
      active.note({
        id: `set-aside.${stored.logId}`,
        code: 'set-aside',
        message,
        at: new Date(clock.now()).toISOString(),
      })
    }
    show()
    wake()
  }

  const ready = log.load().then(stored => {
    open(stored ?? NOTHING_STORED)
  })

  async function attempt(book?: Book): Promise<void> {
    await ready
    checkUsable()
    const error = await (book ?? active).outbox()?.attempt()
    checkUsable()
    if (error) throw notSynced(error.message, error)
  }

  async function confirm(late: AbortSignal): Promise<Flushed> {
    await ready
    checkUsable()
    const book = active
    const last = book.pending().at(-1)
    // A batch is halved or a number mended without anything leaving the log; more than a few such rounds lead nowhere.
    let rounds = 0
    do {
      const [oldest] = book.pending()
      if (transport) await attempt(book)
      else await book.checkpoint()
      checkUsable()
      if (book !== active) throw notSynced('another session took its place.')
      rounds = book.pending()[0] === oldest ? rounds + 1 : 0
    } while (last && book.pending().includes(last) && rounds < 20 && !late.aborted)
    if (last && book.pending().includes(last)) throw notSynced('the server does not take it.')
    const { version } = book.base()
    return { version: transport ? version : 0, totals: snapshot().totals }
  }

  const commands = createCommands(give, () => (isLoaded ? active.view().cartItems : undefined), settings)
  const { $session, $items, $totals, $quantity, $status, $notices, line } = stores
  return {
    $session,
    $items,
    $totals,
    $quantity,
    $status,
    $notices,
    line,
    ...commands,
    ready,
    startSession({ keep = false } = {}) {
      checkUsable(true)
      const { cartItems, profileId } = active.view()
      const kept = keep ? { profileId, items: cartItems.map(toInput) } : { items: undefined }
      const args = parseArgs('start', { ...start, ...kept })
      const previous = active
      active = createBook(context, randomId(random))
      if (isLoaded) {
        begin(active)
        leave(previous)
      } else early.push(active)
      return active.give('start', args)
    },
    flush: () =>
      new Promise((resolve, reject) => {
        const late = new AbortController()
        const cancel = clock.after(timeout, () => {
          late.abort()
          reject(notSynced(`no answer within ${timeout} ms.`))
        })
        confirm(late.signal).then(resolve, reject).finally(cancel)
      }),
    refresh: () => attempt(),
    dismiss: noticeId => active.dismiss(noticeId),
    async forget() {
      if (isDisposed) checkUsable()
      await ready
      if (isDisposed) checkUsable()
      const forgotten = new SessionCartError('forgotten', 'The cart was forgotten on this device.')
      for (const book of books()) book.close(forgotten)
      others.clear()
      const id = randomId(random)
      active = createBook(context, id)
      const erased = log.forget()
      begin(active)
      show()
      await erased.catch((cause: unknown) => {
        throw storageFailed(cause)
      })
    },
    dispose() {
      if (isDisposed) return
      isDisposed = true
      stopListening()
      for (const book of books()) book.close(disposed())
      show()
    },
    format: amount =>
      new Intl.NumberFormat(options.locale, { style: 'currency', currency: limits.currency }).format(amount),
  }
}
