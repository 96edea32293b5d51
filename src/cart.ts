import type { Flushed, SessionCart } from './cart/api.ts'
import { createBook, type Book } from './cart/book.ts'
import { createCommands } from './cart/commands.ts'
import { disposed, forgotten, leftBehind, notSynced, storageFailed } from './cart/failures.ts'
import { createNotices } from './cart/notices.ts'
import { sessionToOpen } from './cart/opening.ts'
import { SessionCartError } from './errors.ts'
import { readOptions, type SessionCartOptions } from './cart/options.ts'
import { randomId } from './cart/random.ts'
import type { Receipt } from './cart/receipts.ts'
import { isAcked } from './session/ledger.ts'
import { factsOf } from './session/lines.ts'
import { parseArgs, type MutationArgs, type MutationName } from './session/mutations.ts'
import { toInput } from './session/schemas.ts'
import { totalsOf } from './session/totals.ts'
import { createLog, type Hint } from './storage/log.ts'
import type { Rung } from './storage/ladder.ts'
import type { Status } from './store/status.ts'
import { createStores, type Snapshot } from './store/stores.ts'
import type { Channel } from './tabs/channel.ts'
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
  const { limits, clock, random, timeout, transport, locks, scope } = settings
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

  let isPersisted = false
  let isPersistAsked = !options.persist
  // The database has not been reached yet, so what it holds is not what is shown.
  let isAdrift = true
  const writer = randomId(random, 9)
  const notices = createNotices()
  let channel: Channel | undefined

  const log = createLog(
    { database: settings.database, scope, writer, limits, clock, randomId: () => randomId(random) },
    {
      changed: refresh,
      forgotten() {
        abandon(forgotten())
      },
      rung(next, error) {
        const hadError = storageError !== undefined
        rung = next
        if (next === 'indexeddb') isAdrift = false
        storageError = error === undefined ? undefined : storageFailed(error)
        // Taking a rung for granted costs nothing; a change has to be shown.
        if (hadError || storageError) show()
      },
      tell: hint => channel?.post(hint),
    },
  )
  const context = { settings, writer, log, notices, exclusively, start, changed: show, isActive }
  const first = createBook(context, options.integrationId ?? randomId(random))
  let active = first
  // The sessions that commands were given to before the store was read.
  const early = [first]
  const stores = createStores(snapshot(), limits.lineKey)
  const stopListening =
    settings.database && typeof document !== 'undefined' ? listenToPage({ wake, hide, freeze, online }) : () => {}
  listen()

  function listen(): void {
    channel ??= settings.channel?.(`session-cart:${scope}`, hint => {
      if (typeof hint === 'object' && hint !== null) log.hear(hint as Hint)
      else void log.refill()
    })
  }

  function exclusively<Result>(integrationId: string, job: () => Promise<Result>): Promise<Result> {
    const run = async (hadToWait: boolean): Promise<Result> => {
      // Another tab may have been first to name the session, or to send what is owed.
      await log.named()
      if (hadToWait) await log.refill()
      return job()
    }
    return locks ? locks.run(`session-cart:${scope}:${integrationId}`, run) : run(false)
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
      notices: notices.list(),
      status: {
        phase: phaseOf(outbox?.phase),
        pending: [...others].reduce((sum, book) => sum + book.pending().length, pending),
        online: isOnline && outbox?.reached !== false,
        storage: rung,
        persisted: isPersisted,
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
      book.close(leftBehind())
    }
    stores.publish(snapshot())
  }

  // Names the session with its first row, unless it has its name.
  function claim(book: Book): void {
    const named = log.state().active
    if (!named?.k || named.integrationId !== book.integrationId()) log.activate(book.integrationId())
  }

  function begin(book: Book): void {
    claim(book)
    book.open(book.integrationId())
  }

  // Another session took its place: what it owes is still sent.
  function leave(book: Book): void {
    if (!book.pending().length) return book.close(leftBehind())
    others.add(book)
    if (!transport) void book.checkpoint()
  }

  // Goes on with the session that another tab has begun, or was first to name.
  function follow(integrationId: string): void {
    const previous = active
    if (log.ownerOf(previous.integrationId()) === integrationId) return previous.open(integrationId)
    active = [...others].find(book => book.integrationId() === integrationId) ?? createBook(context, integrationId)
    if (!others.delete(active)) active.open(integrationId)
    leave(previous)
    // What was put in while the database did not answer comes along.
    if (isAdrift)
      for (const { quantity, ...item } of previous.view().cartItems.map(toInput)) give('addItem', { item, quantity })
  }

  // Another tab, or what was read, brought something.
  function refresh(): void {
    if (!isLoaded || isDisposed) return
    const stored = log.state()
    if (stored.active && stored.active.integrationId !== active.integrationId()) follow(stored.active.integrationId)
    else claim(active)
    adoptOthers()
    for (const book of books()) book.sync()
    tellNotices()
    show()
  }

  // Sessions that were left and still owe something.
  function adoptOthers(): void {
    const known = new Set(books().map(book => book.integrationId()))
    for (const id of log.sessions()) {
      const base = log.state().bases.get(id)?.base
      if (known.has(id) || !transport || base?.gone) continue
      if (log.mutations(id).every(mutation => isAcked(base?.acked ?? {}, mutation))) continue
      const book = createBook(context, id)
      book.open(id)
      others.add(book)
    }
  }

  function tellNotices(): void {
    const { logId, notices: told, dismissed, setAside } = log.state()
    notices.hideAll(dismissed)
    notices.add(told)
    if (!setAside) return
    const message = `${setAside} saved changes could not be read; they are kept aside.`
    notices.add([{ id: `set-aside.${logId}`, code: 'set-aside', message, at: new Date(clock.now()).toISOString() }])
  }

  // Nothing of what was is anybody's business any more.
  function abandon(error: SessionCartError): void {
    for (const book of books()) book.close(error)
    others.clear()
    notices.clear()
    active = createBook(context, randomId(random))
    active.open(active.integrationId())
  }

  function books(): Book[] {
    return [active, ...others]
  }

  function wake(): void {
    listen()
    void log.refill()
    for (const book of books()) book.outbox()?.wake()
  }

  function hide(): void {
    for (const book of books()) book.outbox()?.hide()
  }

  // A page put aside keeps no connection, line or lock from anybody.
  function freeze(): void {
    channel?.close()
    channel = undefined
    locks?.release()
    log.release()
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
    const receipt = active.give(name, args)
    if (!isPersistAsked) askToPersist(receipt)
    return receipt
  }

  // There is something to keep now. The answer may take for ever: nothing waits for it.
  function askToPersist({ saved }: Receipt): void {
    isPersistAsked = true
    const { storage } = navigator as { storage?: StorageManager }
    void saved
      .then(() => storage?.persist())
      .then(
        isGranted => {
          isPersisted = isGranted === true
          show()
        },
        () => {},
      )
  }

  function open(): void {
    const id = sessionToOpen(log, options.profileId, limits) ?? first.integrationId()
    isAdrift = settings.database !== undefined && rung !== 'indexeddb'
    // What was given to a cart that was disposed meanwhile is saved all the same.
    isLoaded = !isDisposed
    if (isLoaded) first.open(id)
    if (!log.state().active?.k || log.state().active?.integrationId !== id) log.activate(id)
    for (const book of early.slice(1)) {
      log.activate(book.integrationId())
      if (isLoaded) book.open(book.integrationId())
    }
    log.open()
    if (!isLoaded) return
    for (const book of early) if (book !== active) leave(book)
    refresh()
    for (const book of books()) book.outbox()?.wake()
  }

  const ready = log.load().then(open)

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
    const isOwed = (): boolean => last !== undefined && !isAcked(book.base().acked, last)
    // A batch is halved or a number mended without anything leaving the log; more than a few such rounds lead nowhere.
    let rounds = 0
    do {
      const [oldest] = book.pending()
      if (transport) await attempt(book)
      else await book.checkpoint()
      checkUsable()
      if (book !== active) throw notSynced('another session took its place.')
      rounds = oldest && !isAcked(book.base().acked, oldest) ? rounds + 1 : 0
    } while (isOwed() && rounds < 20 && !late.aborted)
    if (isOwed()) throw notSynced('the server does not take it.')
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
    dismiss(noticeId) {
      if (!notices.hide(noticeId)) return
      log.dismiss(noticeId)
      show()
    },
    async forget() {
      if (isDisposed) checkUsable()
      await ready
      if (isDisposed) checkUsable()
      const erased = log.forget()
      abandon(forgotten())
      claim(active)
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
      log.close()
      void log.saved().then(() => {
        channel?.close()
        log.release()
      })
      show()
    },
    format: amount =>
      new Intl.NumberFormat(options.locale, { style: 'currency', currency: limits.currency }).format(amount),
  }
}
