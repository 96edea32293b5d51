import type { Flushed, SessionCart } from './cart/api.ts'
import { createBook, type Book } from './cart/book.ts'
import { createCommands } from './cart/commands.ts'
import { SessionCartError } from './errors.ts'
import { readOptions, type SessionCartOptions } from './cart/options.ts'
import { randomId } from './cart/random.ts'
import type { Receipt } from './cart/receipts.ts'
import { replay } from './session/apply.ts'
import { factsOf } from './session/lines.ts'
import { parseArgs, type MutationArgs, type MutationName } from './session/mutations.ts'
import { toInput } from './session/schemas.ts'
import { totalsOf } from './session/totals.ts'
import { createLog, type Rung } from './storage/log.ts'
import { NOTHING_STORED, type Stored } from './storage/stored.ts'
import type { Status } from './store/status.ts'
import { createStores, type Snapshot } from './store/stores.ts'
import { listenToPage } from './sync/wake-ups.ts'

// Guests have ids that nobody else knows of; a known profile is whatever the shop calls its customer.
function isKnownProfile(profileId: string): boolean {
  return profileId !== '' && !profileId.startsWith('guest-')
}

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
  let fallen = 0

  const log = createLog(
    settings.database,
    limits,
    () => randomId(random),
    (next, error) => {
      rung = next
      storageError = error === undefined ? undefined : storageFailed(error)
      // Taking a rung for granted costs nothing; a change has to be shown.
      if (error !== undefined || fallen) show()
      fallen = error === undefined ? 0 : fallen + 1
    },
  )
  const context = { settings, writer: randomId(random, 9), log, start, changed: show, isActive }
  const first = createBook(context, options.integrationId ?? randomId(random))
  let active = first
  const stores = createStores(snapshot(), limits.lineKey)
  const stopListening = transport && typeof document !== 'undefined' ? listenToPage({ wake, hide, online }) : () => {}

  function storageFailed(cause: unknown): SessionCartError {
    return new SessionCartError('storage-failed', 'The device does not keep the cart; it lives in memory.', cause)
  }

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

  function leftBehind(): SessionCartError {
    return new SessionCartError('disposed', 'The session was left behind.')
  }

  function show(): void {
    // What an old session owed is sent: it has nothing more to do here.
    for (const book of others) {
      if (book.pending().length) continue
      others.delete(book)
      book.close(leftBehind())
    }
    stores.publish(snapshot())
  }

  // Another session took its place: what it owes is still sent.
  function leave(book: Book): void {
    const { integrationId } = active
    log.activate(integrationId())
    active.open(integrationId())
    if (!transport) void book.checkpoint()
    else if (book.pending().length) others.add(book)
    else book.close(leftBehind())
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
    if (isDisposed) throw new SessionCartError('disposed', 'The cart was disposed: create another one.')
    if (active.base().gone && !isFresh) {
      throw new SessionCartError('session-gone', 'The server does not know this session any more: call startSession().')
    }
  }

  function give<Name extends MutationName>(name: Name, args: MutationArgs[Name]): Receipt {
    checkUsable()
    return active.give(name, args)
  }

  // A shopper who is known to be another one gets a session of their own.
  function sessionToOpen({ active: named, sessions }: Stored): string | undefined {
    const known = named && sessions.get(named.integrationId)
    const profileId = known ? replay(known.base.session, known.pending, limits).profileId : ''
    const isOther = options.profileId !== undefined && isKnownProfile(profileId) && profileId !== options.profileId
    return isOther ? undefined : named?.integrationId
  }

  function openBook(book: Book, integrationId: string, stored: Stored): void {
    const notices = stored.notices.filter(({ session }) => session === integrationId).map(({ notice }) => notice)
    book.open(integrationId, stored.sessions.get(integrationId), notices, stored.dismissed)
  }

  function open(stored: Stored): void {
    const early = first.integrationId()
    const id = sessionToOpen(stored) ?? early
    log.open(early, id)
    if (stored.active?.integrationId !== id) log.activate(id)
    isLoaded = true
    openBook(first, id, stored)
    if (active !== first) leave(first)
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
    if (!isDisposed) open(stored ?? NOTHING_STORED)
  })

  async function attempt(): Promise<void> {
    await ready
    checkUsable()
    const error = await active.outbox()?.attempt()
    checkUsable()
    if (error) {
      throw new SessionCartError('not-synced', `The server has not confirmed the cart (${error.message})`, error)
    }
  }

  async function confirm(late: AbortSignal): Promise<Flushed> {
    await ready
    checkUsable()
    if (transport) {
      const last = active.pending().at(-1)
      do await attempt()
      while (last && active.pending().includes(last) && !late.aborted)
    } else await active.checkpoint()
    const { version } = active.base()
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
      const args = keep ? { ...start, profileId, items: cartItems.map(toInput) } : { ...start, items: undefined }
      const previous = active
      active = createBook(context, randomId(random))
      if (isLoaded) leave(previous)
      return active.give('start', args)
    },
    flush: () =>
      new Promise((resolve, reject) => {
        const late = new AbortController()
        const cancel = clock.after(timeout, () => {
          late.abort()
          reject(new SessionCartError('not-synced', `The server has not confirmed the cart within ${timeout} ms.`))
        })
        confirm(late.signal).then(resolve, reject).finally(cancel)
      }),
    refresh: attempt,
    dismiss: noticeId => active.dismiss(noticeId),
    async forget() {
      if (isDisposed) checkUsable()
      await ready
      const forgotten = new SessionCartError('forgotten', 'The cart was forgotten on this device.')
      for (const book of books()) book.close(forgotten)
      others.clear()
      const id = randomId(random)
      active = createBook(context, id)
      const erased = log.forget()
      log.activate(id)
      active.open(id)
      show()
      await erased
    },
    dispose() {
      if (isDisposed) return
      isDisposed = true
      stopListening()
      for (const book of books()) book.close(new SessionCartError('disposed', 'The cart was disposed.'))
      show()
    },
    format: amount =>
      new Intl.NumberFormat(options.locale, { style: 'currency', currency: limits.currency }).format(amount),
  }
}
