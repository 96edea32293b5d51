import type { SessionCart } from './cart/api.ts'
import type { Command } from './cart/insight.ts'
import { createCommands } from './cart/commands.ts'
import { disposed, forgotten, storageFailed } from './cart/failures.ts'
import { createFormat } from './cart/format.ts'
import { createGate } from './cart/gate.ts'
import { createListeners } from './cart/listeners.ts'
import { createNotices } from './cart/notices.ts'
import { sessionToOpen } from './cart/opening.ts'
import { SessionCartError } from './errors.ts'
import { readOptions, type SessionCartOptions } from './cart/options.ts'
import { createPersistence } from './cart/persist.ts'
import { randomId } from './cart/random.ts'
import { createReceipts, type Receipt } from './cart/receipts.ts'
import type { SyncSchema } from './cart/schema.ts'
import { createShelf } from './cart/shelf.ts'
import { factsOf } from './session/lines.ts'
import { parseArgs, type MutationArgs, type MutationName } from './session/mutations.ts'
import { toInput } from './session/schemas.ts'
import { totalsOf } from './session/totals.ts'
import { createLog } from './storage/log.ts'
import type { Hint } from './storage/log-types.ts'
import type { Rung } from './storage/ladder.ts'
import type { Status } from './store/status.ts'
import { createStores, type Snapshot } from './store/stores.ts'
import { createLine, lineName } from './tabs/line.ts'
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
export function createSessionCart<
  SessionSchema extends SyncSchema = SyncSchema,
  ItemSchema extends SyncSchema = SyncSchema,
>(options: SessionCartOptions<SessionSchema, ItemSchema>): SessionCart<SessionSchema, ItemSchema>
// Inside, attributes are just JSON.
export function createSessionCart(options: SessionCartOptions): SessionCart {
  const settings = readOptions(options)
  const { limits, clock, random, transport, scope } = settings
  const start: MutationArgs['start'] = parseArgs('start', {
    currency: limits.currency,
    profileId: options.profileId,
    attributes: options.initialSession?.attributes,
    items: options.initialSession?.cartItems,
  })
  let rung: Rung = settings.database ? 'indexeddb' : 'memory'
  let storageError: SessionCartError | undefined
  let isOnline = typeof navigator === 'undefined' || navigator.onLine
  let isLoaded = false
  let isDisposed = false
  let isPersisted = false
  const writer = randomId(random, 9)
  const notices = createNotices()
  const receipts = createReceipts()
  const tabs = createLine(lineName(scope), settings.channel, settings.locks, hint => {
    if (hint) log.hear(hint as Hint)
    else void log.refill()
  })
  const log = createLog(
    { database: settings.database, scope, writer, limits, clock, randomId: newId },
    {
      changed: refresh,
      forgotten: abandon,
      rung(next, error) {
        const hadError = storageError !== undefined
        rung = next
        storageError = error === undefined ? undefined : storageFailed(error)
        // Taking a rung for granted costs nothing; a change has to be shown.
        if (hadError || storageError) show()
      },
      tell: tabs.tell,
    },
  )
  const commandListeners = createListeners<Command>()
  const shelf = createShelf({
    settings,
    log,
    notices,
    receipts,
    exclusively,
    start,
    changed: show,
    gave: commandListeners.tell,
  })
  const { publish, ...stores } = createStores(snapshot(), limits.lineKey)
  const stopListening =
    settings.database && typeof document !== 'undefined' ? listenToPage({ wake, hide, freeze, online }) : () => {}
  const ready = log.load().then(open)
  const gate = createGate({
    settings,
    ready,
    active: shelf.active,
    checkUsable,
  })

  const askToPersist = createPersistence(options.persist, isGranted => {
    isPersisted = isGranted
    show()
  })

  function newId(): string {
    return randomId(random)
  }

  // Every tab of a log begins it with the same session, also when none of them has heard of another.
  function firstId(): string {
    const { active, mark } = log.state()
    return options.integrationId ?? (active || !mark ? newId() : mark)
  }

  function exclusively<Result>(integrationId: string, job: () => Promise<Result>): Promise<Result> {
    return tabs.exclusively(integrationId, async hadToWait => {
      // Another tab may have been first to name the session, or to send what is owed.
      await log.named()
      if (hadToWait) await log.refill()
      await log.sending(integrationId)
      return job()
    })
  }

  function phaseOf(phase: Status['phase'] = 'local'): Status['phase'] {
    if (isDisposed) return 'stopped'
    return isLoaded ? phase : 'loading'
  }

  function snapshot(): Snapshot {
    const active = shelf.active()
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
      effects: base.effects,
      status: {
        phase: phaseOf(outbox?.phase),
        pending: shelf.all().reduce((sum, book) => sum + book.pending().length, 0),
        online: isOnline && outbox?.reached !== false,
        storage: rung,
        persisted: isPersisted,
        lastSyncedAt: outbox?.syncedAt === undefined ? undefined : new Date(outbox.syncedAt).toISOString(),
        error: outbox?.error ?? storageError,
      },
    }
  }

  function show(): void {
    shelf.sweep()
    publish(snapshot())
  }

  // Another tab, or what was read, brought something.
  function refresh(moved?: string): void {
    if (!isLoaded || isDisposed) return
    shelf.sync(moved)
    notices.follow(log.state(), clock.now())
    show()
  }

  // Nothing of what was is anybody's business any more.
  function abandon(): void {
    notices.clear()
    receipts.abandon(forgotten())
    shelf.abandon(log.state().mark || newId())
  }

  function wake(): void {
    tabs.open()
    void log.refill()
    wakeBooks()
  }

  // Also those of sessions that were left: one may wait for a sign-in.
  function wakeBooks(): void {
    for (const book of shelf.all()) book.outbox()?.wake()
  }

  function hide(): void {
    for (const book of shelf.all()) book.outbox()?.hide()
  }

  // A page put aside keeps no connection, line or lock from anybody.
  function freeze(): void {
    tabs.release()
    log.release()
  }

  function online(next: boolean): void {
    isOnline = next
    show()
  }

  function checkUsable(isFresh = false): void {
    if (isDisposed) throw disposed()
    if (shelf.active().base().gone && !isFresh) {
      throw new SessionCartError('session-gone', 'The server does not know this session any more: call startSession().')
    }
  }

  function give<Name extends MutationName>(name: Name, args: MutationArgs[Name]): Receipt {
    checkUsable()
    const receipt = shelf.active().give(name, args)
    askToPersist(receipt)
    return receipt
  }

  function open(): void {
    // What was given to a cart that was disposed meanwhile is saved all the same.
    isLoaded = !isDisposed
    shelf.open(sessionToOpen(log, options.profileId, limits) ?? firstId())
    log.open()
    refresh()
    if (isLoaded) wakeBooks()
  }

  const commands = createCommands(give, () => (isLoaded ? shelf.active().view().cartItems : undefined), settings)
  return {
    ...stores,
    ...commands,
    ready,
    startSession({ keep = false } = {}) {
      checkUsable(true)
      const { cartItems, profileId } = shelf.active().view()
      const kept = keep ? { profileId, items: cartItems.map(toInput) } : { items: undefined }
      const args = parseArgs('start', { ...start, ...kept })
      shelf.start(newId())
      return shelf.active().give('start', args)
    },
    flush: gate.flush,
    async refresh() {
      await ready
      await log.refill()
      wakeBooks()
      await gate.attempt()
    },
    onCommand: commandListeners.add,
    inspect: () => ({ ...settings, sessions: shelf.all() }),
    dismiss(noticeId) {
      if (!notices.hide(noticeId)) return
      log.dismiss(noticeId)
      show()
    },
    async forget() {
      checkUsable(true)
      await ready
      checkUsable(true)
      const erased = log.forget()
      abandon()
      refresh()
      await erased.catch((cause: unknown) => {
        throw storageFailed(cause)
      })
    },
    dispose() {
      if (isDisposed) return
      isDisposed = true
      stopListening()
      for (const book of shelf.all()) book.close()
      receipts.abandon(disposed())
      log.close()
      void log.saved().then(freeze)
      show()
    },
    format: createFormat(options.locale, limits.currency),
  }
}
