import { SessionCartError, type SessionCartErrorCode } from '../errors.ts'
import type { Command } from './insight.ts'
import type { Notices } from './notices.ts'
import { burned, foldable, refusalOf, refused, untold } from './outcomes.ts'
import type { Settings } from './options.ts'
import { randomId } from './random.ts'
import type { Receipt, Receipts } from './receipts.ts'
import { apply, replay } from '../session/apply.ts'
import { keepLines } from '../session/identity.ts'
import { LOCAL_EPOCH, accept, emptyBase, isAcked, run, type Accepted, type Base } from '../session/ledger.ts'
import type { Mutation, MutationArgs, MutationName } from '../session/mutations.ts'
import { ackedOf, mergeAcked, type Acked, type SyncAnswer } from '../session/protocol.ts'
import type { CustomerSession, LineInput } from '../session/session.ts'
import type { Log } from '../storage/log-types.ts'
import type { Outbox } from '../sync/outbox-types.ts'
import { createOutbox } from '../sync/outbox.ts'

/** One session on this device: its base, what is pending, its receipts, and the outbox that sends it. */
export interface Book {
  /** Settled once the book is open. */
  integrationId(): string
  /** The base with the log replayed on top: what the stores show. */
  view(): CustomerSession
  base(): Base
  pending(): readonly Mutation[]
  /** Undefined until the book is open, and for a cart without an endpoint. */
  outbox(): Outbox | undefined
  /** Gives a mutation its number and queues it, or throws before anything changes. */
  give<Name extends MutationName>(name: Name, args: MutationArgs[Name], isUrgent?: boolean): Receipt
  /**
   * Adds the lines of a session that was left behind with its log. Every tab of that log gives the same mutations, which
   * count once.
   *
   * @param log The name of the log.
   */
  bring(log: string, lines: readonly LineInput[]): void
  /** Goes on from what the disk has, under the id that stands there; commands given before stay on top of it. */
  open(integrationId: string): void
  /** Takes in what other tabs changed. */
  sync(): void
  /** Folds the log of a cart without an endpoint into its base, and so settles what waits. */
  checkpoint(): Promise<void>
  /** No timer and no answer has an effect any more. */
  close(): void
}

/** What the books of a cart share. */
export interface BookContext {
  readonly settings: Settings
  readonly log: Log
  readonly notices: Notices
  readonly receipts: Receipts
  /** Runs a job that other tabs need not do at the same time. */
  readonly exclusively: <Result>(integrationId: string, job: () => Promise<Result>) => Promise<Result>
  /** What a session begins with when nobody has begun it. */
  readonly start: MutationArgs['start']
  /** The book changed: show it. */
  readonly changed: () => void
  /** A command was given, and is shown. */
  readonly gave: (command: Command) => void
  /** Whether a session is the one that is shown. */
  readonly isActive: (integrationId: string) => boolean
}

const CHECKPOINT_WAIT_MS = 250
const WATCH_MS = 2000

// Wrong whatever the session holds. Before the stored session is loaded nothing else is held against a command.
const ARGUMENT_CODES = /^(invalid-item|currency-mismatch|limit-exceeded)$/

// A shopper waits for the answer to these.
const URGENT = /^(apply|remove)(Coupon|Referral)$|Session$|^(returnItems|adopt)$/

/**
 * Creates the book of a session.
 *
 * @param early The id its commands are queued under until the book is open; empty when nobody knows yet whose they are.
 */
export function createBook(context: BookContext, early: string): Book {
  const { settings, log, notices, receipts, exclusively, start, changed, gave, isActive } = context
  const { limits, clock, random, timeout, transport, options } = settings
  // One for each session of a page, so that a number and the id of a notice name one mutation wherever they turn up.
  const writer = randomId(random, 9)
  let integrationId = early
  let isOpen = false
  let base = emptyBase('')
  let pending: Mutation[] = []
  // Numbers the server misses although it had them once.
  let burns: Mutation[] = []
  let view: CustomerSession = base.session
  let n = 0
  // The time that was last written out: all commands of a burst have it.
  let lastTime = NaN
  let lastAt = ''
  let outbox: Outbox | undefined
  let cancelCheckpoint: (() => void) | undefined
  let folding: Promise<void> | undefined
  let isClosed = false

  function mutationOf<Name extends MutationName>(name: Name, args: MutationArgs[Name], number: number): Mutation {
    const time = clock.now()
    if (time !== lastTime) lastAt = new Date((lastTime = time)).toISOString()
    return Object.freeze({ writer, n: number, name, args, at: lastAt })
  }

  const isBegun = (): boolean => base.session.created !== '' || pending.length > 0

  function rebuild(): void {
    let next = replay(base.session, pending, limits)
    // Until the first command nobody has begun the session; what it would begin with is shown all the same.
    if (isOpen && !isBegun()) next = apply(next, mutationOf('start', start, n + 1), limits).session
    view = keepLines(view, next, limits.lineKey)
  }

  function derivePending(): void {
    pending = log.mutations(integrationId).filter(mutation => !isAcked(base.acked, mutation))
    for (const burn of burns) {
      const first = pending.findIndex(mutation => mutation.writer === burn.writer)
      pending.splice(Math.max(0, first), 0, burn)
    }
  }

  function take(answer: SyncAnswer, result: Accepted): void {
    const before = base
    // What is one object need not be compared again.
    base = { ...result.base, session: keepLines(view, result.base.session, limits.lineKey) }
    pending = [...result.pending]
    const told = [...answer.notices, ...burned(burns)]
    burns = []
    const fresh = notices.add([...told, ...untold(result.settled, told)])
    void log.confirm(base, fresh, !answer.session && base.version > before.version ? answer : undefined)
    if (base.epoch !== before.epoch && isActive(integrationId)) log.activate(integrationId, base.epoch)
    for (const { mutation, outcome } of result.settled) {
      receipts.settle(mutation, outcome.status === 'accepted' ? accepted() : outcome)
    }
    rebuild()
    changed()
  }

  const accepted = (): Awaited<Receipt['synced']> => ({ status: base.epoch === LOCAL_EPOCH ? 'local' : 'accepted' })

  // Another tab has heard the answer: what it rejected is in the notices.
  function settleCovered(): void {
    for (const id of receipts.waiting()) {
      const [author = '', number] = id.split('.')
      const mutation = { writer: author, n: Number(number) }
      if (mutation.n > ackedOf(base.acked, author)) continue
      receipts.settle(mutation, refusalOf(mutation, log.state().notices) ?? accepted())
    }
  }

  // The device's own word on mutations that no answer will settle.
  function refuse(mutations: readonly Mutation[], code: SessionCartErrorCode, message: string): void {
    void log.confirm(base, notices.add(mutations.map(mutation => refused(mutation, { code, message }))))
    rebuild()
    for (const mutation of mutations) receipts.settle(mutation, { status: 'rejected', code, message })
    changed()
  }

  // Who asks in the same tick is covered by it.
  function checkpoint(): Promise<void> {
    cancelCheckpoint?.()
    cancelCheckpoint = undefined
    return (folding ??= foldPlaced())
  }

  async function foldPlaced(): Promise<void> {
    await Promise.resolve()
    folding = undefined
    await log.placing()
    const { mutations: placed, key } = log.placed(integrationId)
    const mutations = foldable(base, placed, pending)
    if (isClosed || !pending.length) return
    // What has no place yet is folded later.
    if (mutations.length < pending.length) sendLater()
    if (!mutations.length) return
    const acked: Acked = Object.fromEntries(new Map(mutations.map(mutation => [mutation.writer, mutation.n])))
    const answer: SyncAnswer = {
      ...run(base.session, mutations, limits),
      epoch: LOCAL_EPOCH,
      version: Math.max(key, base.version + 1),
      currency: limits.currency,
      acked,
      estimated: false,
      effects: [],
      changes: undefined,
      check: '',
    }
    const result = accept(base, pending, answer, limits)
    if (typeof result !== 'string') take(answer, result)
  }

  function openOutbox(): Outbox | undefined {
    if (!transport) return
    const isNamed = options.integrationId === integrationId
    return createOutbox(
      {
        read: () => ({ base, pending }),
        accept: take,
        burn(mutation, code) {
          void log.append(integrationId, Object.freeze({ ...mutation, name: 'burn', args: {} }))
          derivePending()
          refuse([mutation], code, `The server does not take this ${mutation.name} (${code}).`)
        },
        burnMissing(author, number) {
          burns.push({ ...mutationOf('burn', {}, number), writer: author })
          derivePending()
        },
        gone() {
          const refused = pending
          const numbers = Object.fromEntries(new Map(refused.map(({ writer: author, n: number }) => [author, number])))
          base = { ...base, session: view, gone: true, acked: mergeAcked(base.acked, numbers) }
          pending = []
          refuse(refused, 'session-gone', 'The server does not know this session any more.')
        },
        changed,
        exclusively: job => exclusively(integrationId, job),
        isVisible: () => typeof document === 'undefined' || document.visibilityState === 'visible',
      },
      { integrationId, writer, isNamed, limits, transport, clock, timeout, random, isGone: base.gone },
    )
  }

  function queue(mutation: Mutation): Promise<Awaited<Receipt['saved']>> {
    n = mutation.n
    pending.push(mutation)
    return log.append(integrationId, mutation)
  }

  function sendSoon(name: string): void {
    if (outbox) outbox.push(URGENT.test(name))
    else if (!isOpen || isClosed || transport) return
    // In memory (on a server, say) there is nothing to spare and no timer may be started.
    else if (!settings.database) void checkpoint()
    else cancelCheckpoint ??= clock.after(CHECKPOINT_WAIT_MS, () => void checkpoint())
  }

  // What another tab gave is for that tab to send, unless it is gone.
  function sendLater(): void {
    if (outbox) outbox.watch()
    else if (!transport)
      cancelCheckpoint ??= clock.after(WATCH_MS + random.number() * WATCH_MS, () => void checkpoint())
  }

  return {
    integrationId: () => integrationId,
    view: () => view,
    base: () => base,
    pending: () => pending,
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
      gave({ mutation, before: opened, after: session, receipt })
      return receipt
    },
    bring(from, lines) {
      lines.forEach(({ quantity, ...item }, index) => {
        const mutation = Object.freeze({ ...mutationOf('addItem', { item, quantity }, index + 1), writer: from })
        pending.push(mutation)
        void log.append(integrationId, mutation)
      })
      rebuild()
      if (lines.length) sendSoon('addItem')
    },
    open(id) {
      outbox?.stop()
      integrationId = id
      isOpen = true
      base = log.state().bases.get(id)?.base ?? emptyBase(id)
      derivePending()
      settleCovered()
      rebuild()
      if (!isClosed) outbox = openOutbox()
      if (start.items?.length && !isBegun()) void queue(mutationOf('start', start, n + 1))
      if (pending.length) sendSoon('')
    },
    sync() {
      if (!isOpen || isClosed) return
      const before = pending
      const old = base
      base = log.state().bases.get(integrationId)?.base ?? emptyBase(integrationId)
      derivePending()
      if (base === old && before.every((mutation, index) => pending[index] === mutation)) {
        view = replay(view, pending.slice(before.length), limits)
      } else {
        settleCovered()
        rebuild()
      }
      if (pending.length > before.length) sendLater()
    },
    checkpoint,
    close() {
      isClosed = true
      cancelCheckpoint?.()
      outbox?.stop()
    },
  }
}
