import { SessionCartError, type SessionCartErrorCode } from '../errors.ts'
import type { Settings } from './options.ts'
import { createReceipts, type Receipt } from './receipts.ts'
import { apply, replay } from '../session/apply.ts'
import { keepIdentity } from '../session/identity.ts'
import { LOCAL_EPOCH, accept, emptyBase, noticeOf, run, type Base } from '../session/ledger.ts'
import type { Mutation, MutationArgs, MutationName } from '../session/mutations.ts'
import { mergeAcked, type Acked, type Notice, type SyncAnswer } from '../session/protocol.ts'
import type { CustomerSession } from '../session/session.ts'
import type { Log } from '../storage/log.ts'
import type { StoredSession } from '../storage/stored.ts'
import type { Outbox } from '../sync/outbox-types.ts'
import { createOutbox } from '../sync/outbox.ts'

/** One session on this device: its base, what is pending, its notices and receipts, and the outbox that sends it. */
export interface Book {
  /** Settled once the book is open. */
  integrationId(): string
  /** The base with the log replayed on top: what the stores show. */
  view(): CustomerSession
  base(): Base
  pending(): readonly Mutation[]
  notices(): readonly Notice[]
  /** Undefined until the book is open, and for a cart without an endpoint. */
  outbox(): Outbox | undefined
  /** Gives a mutation its number and queues it, or throws before anything changes. */
  give<Name extends MutationName>(name: Name, args: MutationArgs[Name], isUrgent?: boolean): Receipt
  /** Goes on from what the disk has; commands given before stay on top of it. */
  open(
    integrationId: string,
    stored?: StoredSession,
    notices?: readonly Notice[],
    dismissed?: ReadonlySet<string>,
  ): void
  /** Shows a notice of the device's own. */
  note(notice: Notice): void
  dismiss(id: string): void
  /** Takes over the notices of a session left behind, so that they are still told. */
  inherit(notices: readonly Notice[]): void
  /** Folds the log of a cart without an endpoint into its base, and so settles what waits. */
  checkpoint(): Promise<void>
  /** No timer and no answer has an effect any more; receipts that wait reject with the error. */
  close(error: SessionCartError): void
}

/** What the books of a cart share. */
export interface BookContext {
  readonly settings: Settings
  readonly writer: string
  readonly log: Log
  /** What a session begins with when nobody has begun it. */
  readonly start: MutationArgs['start']
  /** The book changed: show it. */
  readonly changed: () => void
  /** Whether a session is the one that is shown. */
  readonly isActive: (integrationId: string) => boolean
}

const CHECKPOINT_WAIT_MS = 250

// Wrong whatever the session holds. Before the stored session is loaded nothing else is held against a command.
const ARGUMENT_CODES = /^(invalid-item|currency-mismatch|limit-exceeded)$/

// A shopper waits for the answer to these.
const URGENT = /^(apply|remove)(Coupon|Referral)$|Session$|^returnItems$/

/**
 * Creates the book of a session.
 *
 * @param early The id its commands are queued under until the book is open.
 */
export function createBook({ settings, writer, log, start, changed, isActive }: BookContext, early: string): Book {
  const { limits, clock, random, timeout, transport, options } = settings
  const receipts = createReceipts()
  const dismissed = new Set<string>()
  let integrationId = early
  let isOpen = false
  let base = emptyBase('')
  let pending: Mutation[] = []
  let notices: readonly Notice[] = []
  let view: CustomerSession = base.session
  let n = 0
  let outbox: Outbox | undefined
  let cancelCheckpoint: (() => void) | undefined
  let isClosed = false

  function mutationOf<Name extends MutationName>(name: Name, args: MutationArgs[Name], number: number): Mutation {
    return Object.freeze({ writer, n: number, name, args, at: new Date(clock.now()).toISOString() })
  }

  function isBegun(): boolean {
    return base.session.created !== '' || pending.length > 0
  }

  function rebuild(): void {
    let next = replay(base.session, pending, limits)
    // Until the first command nobody has begun the session; what it would begin with is shown all the same.
    if (isOpen && !isBegun()) next = apply(next, mutationOf('start', start, n + 1), limits).session
    const cartItems = kept(next.cartItems)
    view = cartItems === next.cartItems ? next : Object.freeze({ ...next, cartItems })
  }

  // An app's line key may fail on a line of another device.
  function kept(items: CustomerSession['cartItems']): CustomerSession['cartItems'] {
    try {
      return keepIdentity(view.cartItems, items, limits.lineKey)
    } catch {
      return items
    }
  }

  function addNotices(added: readonly Notice[]): readonly Notice[] {
    const fresh = added.filter(({ id }) => !dismissed.has(id) && !notices.some(notice => notice.id === id))
    if (fresh.length) notices = Object.freeze([...notices, ...fresh])
    return fresh
  }

  function take(answer: SyncAnswer): 'accepted' | 'stale' | 'diverged' {
    const before = base
    const result = accept(base, pending, answer, limits)
    if (typeof result === 'string') return result
    base = result.base
    pending = [...result.pending]
    const isSmall = !answer.session && base.version > before.version
    void log.confirm(base, addNotices(answer.notices), isSmall ? answer : undefined)
    if (base.epoch !== before.epoch && isActive(integrationId)) log.activate(integrationId, base.epoch)
    const isLocal = base.epoch === LOCAL_EPOCH
    for (const { mutation, outcome } of result.settled) {
      receipts.settle(mutation, isLocal && outcome.status === 'accepted' ? { status: 'local' } : outcome)
    }
    rebuild()
    changed()
    return 'accepted'
  }

  // The device's own word on mutations that no answer will settle.
  function refuse(refused: readonly Mutation[], code: SessionCartErrorCode, message: string): void {
    const fresh = addNotices(refused.map(mutation => noticeOf(mutation, { code, message })))
    void log.confirm(base, fresh)
    rebuild()
    for (const mutation of refused) receipts.settle(mutation, { status: 'rejected', code, message })
    changed()
  }

  async function checkpoint(): Promise<void> {
    cancelCheckpoint = undefined
    await log.saved()
    if (isClosed || !pending.length) return
    const acked: Acked = Object.fromEntries(new Map(pending.map(mutation => [mutation.writer, mutation.n])))
    take({
      ...run(base.session, pending, limits),
      epoch: LOCAL_EPOCH,
      version: Math.max(log.lastKey(integrationId), base.version + 1),
      currency: limits.currency,
      acked,
      estimated: false,
      effects: [],
      changes: undefined,
      check: '',
    })
  }

  function openOutbox(): Outbox | undefined {
    if (!transport) return
    const isNamed = options.integrationId === integrationId
    return createOutbox(
      {
        read: () => ({ base, pending }),
        accept: take,
        burn(mutation, code) {
          const burn: Mutation = Object.freeze({ ...mutation, name: 'burn', args: {} })
          pending = pending.map(other => (other === mutation ? burn : other))
          void log.append(integrationId, burn)
          refuse([mutation], code, `The server does not take this ${mutation.name} (${code}).`)
        },
        burnMissing(author, number) {
          const first = pending.findIndex(mutation => mutation.writer === author)
          pending.splice(first, 0, { ...mutationOf('burn', {}, number), writer: author })
        },
        gone() {
          const refused = pending
          const numbers = Object.fromEntries(new Map(refused.map(({ writer: author, n: number }) => [author, number])))
          base = { ...base, session: view, gone: true, acked: mergeAcked(base.acked, numbers) }
          pending = []
          refuse(refused, 'session-gone', 'The server does not know this session any more.')
        },
        changed,
        isVisible: () => typeof document === 'undefined' || document.visibilityState === 'visible',
      },
      { integrationId, writer, isNamed, transport, clock, timeout, random: () => random.number(), isGone: base.gone },
    )
  }

  function queue(mutation: Mutation): Promise<Awaited<Receipt['saved']>> {
    n = mutation.n
    pending.push(mutation)
    return log.append(integrationId, mutation)
  }

  function sendSoon(name: string): void {
    if (outbox) outbox.push(URGENT.test(name))
    else if (!isOpen || transport) return
    // In memory (on a server, say) there is nothing to spare and no timer may be started.
    else if (!settings.database) void checkpoint()
    else cancelCheckpoint ??= clock.after(CHECKPOINT_WAIT_MS, () => void checkpoint())
  }

  return {
    integrationId: () => integrationId,
    view: () => view,
    base: () => base,
    pending: () => pending,
    notices: () => notices,
    outbox: () => outbox,
    give(name, args) {
      const opening = isBegun() || name === 'start' ? undefined : mutationOf('start', start, n + 1)
      const mutation = mutationOf(name, args, n + (opening ? 2 : 1))
      // What is shown of a session that has not begun is only what it would begin with.
      const before = isBegun() ? view : base.session
      const opened = opening ? apply(before, opening, limits).session : before
      const { session, outcome } = apply(opened, mutation, limits)
      if (outcome.status === 'rejected' && (isOpen || ARGUMENT_CODES.test(outcome.code))) {
        throw new SessionCartError(outcome.code, outcome.message ?? `${name} does not fit the session.`)
      }
      if (opening) void queue(opening)
      const receipt = receipts.give(mutation, queue(mutation))
      view = session
      changed()
      sendSoon(name)
      return receipt
    },
    open(id, stored, known = [], hidden) {
      hidden?.forEach(notice => dismissed.add(notice))
      integrationId = id
      isOpen = true
      base = stored?.base ?? emptyBase(id)
      pending = [...(stored?.pending ?? []), ...pending]
      addNotices(known)
      rebuild()
      outbox = openOutbox()
      if (start.items?.length && !isBegun()) void queue(mutationOf('start', start, n + 1))
      if (pending.length) sendSoon('')
    },
    note(notice) {
      addNotices([notice])
      changed()
    },
    dismiss(id) {
      if (!notices.some(notice => notice.id === id)) return
      dismissed.add(id)
      notices = Object.freeze(notices.filter(notice => notice.id !== id))
      log.dismiss(id)
      changed()
    },
    checkpoint() {
      cancelCheckpoint?.()
      return checkpoint()
    },
    inherit(known) {
      addNotices(known)
    },
    close(error) {
      isClosed = true
      cancelCheckpoint?.()
      outbox?.stop()
      receipts.abandon(error)
    },
  }
}
