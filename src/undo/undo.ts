import { atom, batch, computed } from 'nanostores'
import { changesBack, commandFor, type Change } from './changes.ts'
import { NO_HISTORY, alterEntries, readHistory, writeHistory, type Entry, type History, type Step } from './history.ts'
import { createKeeping, type UndoStorage } from './keeping.ts'
import {
  ERROR_CODES,
  SessionCartError,
  isSessionCartError,
  type Command,
  type CustomerSession,
  type LineInput,
  type Notice,
  type ReadableAtom,
  type Receipt,
  type SessionCart,
} from '../index.ts'
import { lineChanges } from '../session/line-changes.ts'
import { ackedOf } from '../session/protocol.ts'
import { toInput } from '../session/schemas.ts'
import { report } from '../store/report.ts'

/** How an undo is made. */
export interface UndoOptions {
  /** How many steps can be undone. @defaultValue 100 */
  readonly depth?: number | undefined
  /** Keeps the history across a reload, in place of the tab's `sessionStorage`. */
  readonly storage?: UndoStorage | undefined
}

/** A step, for a label such as "Undo: remove Mug". */
export interface UndoStep {
  /** The command: `addItem`, `removeItem`, `applyCoupon`, … Of several in one step the first. */
  readonly name: string
  /** The line that command was about. */
  readonly item: LineInput | undefined
  /** How many commands the step has. */
  readonly count: number
}

/** What can be undone and redone now. */
export interface UndoState {
  readonly canUndo: boolean
  readonly canRedo: boolean
  /** What `undo()` would take back. */
  readonly undo: UndoStep | undefined
  /** What `redo()` would do again. */
  readonly redo: UndoStep | undefined
}

/** Undo and redo of what the shopper did in this tab. */
export interface Undo {
  /** For the two buttons and their labels. It changes with the cart: what does not fit any more is not offered. */
  readonly $undo: ReadableAtom<UndoState>
  /**
   * Takes the latest step back that still fits; steps above it that do not fit are dropped. Never throws for a cart that has
   * changed: what does not fit is left out.
   *
   * @returns the receipts of the commands given; none when there was nothing to undo
   */
  undo(): readonly Receipt[]
  /** Does again what was undone last. Returns like {@link undo}. */
  redo(): readonly Receipt[]
  /** Makes one step of the commands that `job` gives before it returns. Commands of one tick are one step anyway. */
  group<Result>(job: () => Result): Result
  /** Forgets the history. */
  clear(): void
  /** Stops listening. What was done stays in the storage, for the next `createUndo` in this tab. */
  dispose(): void
}

type Side = keyof History

// Nothing from before them is the shopper's to take back.
const ENDS = /^(start|setProfile|adopt|closeSession|cancelSession|reopenSession|returnItems)$/

const REJECTIONS: readonly string[] = ERROR_CODES

/** Units that a limit of the server took from a command are no units to take back. */
function withLimit(entry: Entry, { line, from, to }: Notice): Entry {
  if (entry.limited || typeof from !== 'number' || typeof to !== 'number') return entry
  const changes = entry.changes.flatMap((change): Change | [] => {
    if (change.kind !== 'quantity' || change.line !== line) return change
    const by = change.by + from - to
    return by ? { ...change, by } : []
  })
  return { ...entry, changes, limited: true }
}

/** The session has the mutation: it is pending, or the base covers it. */
function knows(cart: SessionCart, id: string): boolean {
  const [session] = cart.inspect().sessions
  const [writer = '', number] = id.split('.')
  if (!session) return false
  const isCovered = Number(number) <= ackedOf(session.base().acked, writer)
  return isCovered || session.pending().some(one => `${one.writer}.${one.n}` === id)
}

/**
 * Lets the shopper undo and redo what was done in this tab: what stands where, with its attributes, across a reload. What other
 * tabs and the server did meanwhile stays: units are counted back, values go back only where they are still the ones that were
 * put in. A new session, a bought one, a login and `cart.forget()` end the history.
 *
 * It records the commands on items, coupon, referral and attributes. One of it for each cart of a page is enough.
 *
 * @throws SessionCartError with code `invalid-option` for a depth that is not a whole number from 1.
 *
 * @example
 * const undo = createUndo(cart)
 * cart.removeItem('MUG-01')
 * undo.$undo.get().canUndo // true
 * undo.undo()
 * cart.$quantity.get() // 1
 */
export function createUndo(cart: SessionCart, options: UndoOptions = {}): Undo {
  const { depth = 100, storage } = options
  if (!Number.isSafeInteger(depth) || depth < 1) {
    throw new SessionCartError('invalid-option', `depth is ${depth}; it has to be a whole number from 1.`)
  }
  const { scope, limits } = cart.inspect()
  const keyOf = limits.lineKey
  const $history = atom<History>(NO_HISTORY)
  let integrationId = cart.$session.get().integrationId
  let isLoaded = false
  let isDisposed = false
  // Until the end of a tick, commands go into the latest step.
  let isOpen = false
  let ticks = 0
  // While a step is taken back, what it gives belongs to the other side.
  let collected: Entry[] | undefined

  const keeping = createKeeping(`session-cart:undo:${scope}`, storage, { leaves: put, returns: take })

  function fits(step: Step, session: CustomerSession): boolean {
    return step.entries.some(({ changes }) => changes.some(change => commandFor(change, session, keyOf)))
  }

  function isUsable(): boolean {
    const { phase } = cart.$status.get()
    return !isDisposed && phase !== 'gone' && phase !== 'stopped' && cart.$session.get().state === 'open'
  }

  function latest(side: Side): number {
    if (!isUsable()) return -1
    const steps = $history.get()[side]
    const session = cart.$session.get()
    let index = steps.length - 1
    while (index >= 0 && !fits(steps[index] as Step, session)) index--
    return index
  }

  let shown: UndoState = { canUndo: false, canRedo: false, undo: undefined, redo: undefined }
  const told = new WeakMap<Step, UndoStep>()

  function tell(side: Side): UndoStep | undefined {
    const step = $history.get()[side][latest(side)]
    if (!step) return
    let about = told.get(step)
    if (!about) told.set(step, (about = { name: step.name, item: step.item, count: step.entries.length }))
    return about
  }

  const $undo = computed([$history, cart.$session, cart.$status], () => {
    const [undo, redo] = [tell('past'), tell('future')]
    if (undo !== shown.undo || redo !== shown.redo) shown = { canUndo: !!undo, canRedo: !!redo, undo, redo }
    return shown
  })

  function put(): void {
    if (!isLoaded) return
    const { past, future } = $history.get()
    keeping.put(past.length + future.length ? writeHistory({ past, future }, integrationId) : undefined)
  }

  function known(history: History): History {
    return alterEntries(history, entry => (knows(cart, entry.id) ? entry : undefined))
  }

  function take(): void {
    const text = keeping.take()
    const stored = known(text === undefined ? NO_HISTORY : readHistory(text, integrationId))
    const { past } = isLoaded ? NO_HISTORY : $history.get()
    isLoaded = true
    isOpen &&= past.length > 0
    $history.set({ past: [...stored.past, ...past].slice(-depth), future: past.length ? [] : stored.future })
    cart.$notices.get().forEach(hear)
  }

  function end(): void {
    collected = undefined
    isOpen = false
    $history.set(NO_HISTORY)
    keeping.put(undefined)
  }

  function hear(notice: Notice): void {
    const { writer, n, code } = notice
    const isRejected = REJECTIONS.includes(code)
    if (writer === undefined || n === undefined || !(isRejected || code === 'quantity-limited')) return
    const id = `${writer}.${n}`
    $history.set(
      alterEntries($history.get(), entry => {
        if (entry.id !== id) return entry
        return isRejected ? undefined : withLimit(entry, notice)
      }),
    )
  }

  function drop(id: string): void {
    $history.set(alterEntries($history.get(), entry => (entry.id === id ? undefined : entry)))
  }

  // A tick is over when what waits in microtasks by then has run.
  function openStep(): void {
    isOpen = true
    const tick = ++ticks
    queueMicrotask(() => {
      if (tick === ticks) isOpen = false
    })
  }

  function record(command: Command): void {
    const { mutation, before, after, receipt } = command
    if (ENDS.test(mutation.name)) return end()
    const changes = changesBack(command, keyOf)
    if (!changes.length) return
    const entry: Entry = { id: receipt.id, changes }
    receipt.synced.then(
      ({ status }) => status === 'rejected' && drop(receipt.id),
      () => {},
    )
    if (collected) return void collected.push(entry)
    const { past } = $history.get()
    const step = isOpen ? past.at(-1) : undefined
    const [change] = lineChanges(before.cartItems, after.cartItems, keyOf)
    const line = change?.before ?? change?.after
    const next: Step = step
      ? { ...step, entries: [...step.entries, entry] }
      : { name: mutation.name, item: line && toInput(line), entries: [entry] }
    if (!step) openStep()
    $history.set({ past: [...(step ? past.slice(0, -1) : past), next].slice(-depth), future: [] })
  }

  // What a limit, a schema or another tab does not let through is left out.
  function give(change: Change): Receipt[] {
    try {
      const command = commandFor(change, cart.$session.get(), keyOf)
      return command ? [command(cart)] : []
    } catch (error) {
      if (!isSessionCartError(error)) report(error)
      return []
    }
  }

  function move(from: Side, to: Side): readonly Receipt[] {
    isOpen = false
    const index = collected ? -1 : latest(from)
    const step = $history.get()[from][index]
    if (!step) return []
    const mine: Entry[] = (collected = [])
    const receipts: Receipt[] = []
    $history.set({ ...$history.get(), [from]: $history.get()[from].slice(0, index) })
    try {
      // Shown at once, however many commands it takes.
      batch(() => {
        for (const { changes } of [...step.entries].reverse()) {
          for (const change of changes) receipts.push(...give(change))
        }
        // A session that began meanwhile has ended the history.
        if (collected !== mine || !mine.length) return
        const history = $history.get()
        $history.set({ ...history, [to]: [...history[to], { ...step, entries: mine }] })
      })
    } catch (error) {
      report(error)
    }
    collected = undefined
    return receipts
  }

  const stops = [
    cart.onCommand(record),
    cart.$notices.listen((now, before = []) => now.filter(notice => !before.includes(notice)).forEach(hear)),
    // Another session has none of the mutations; one that was only named anew has them all.
    cart.$session.listen(session => {
      if (session.integrationId === integrationId) return
      integrationId = session.integrationId
      if (!isLoaded) return
      $history.set(known($history.get()))
      keeping.put(undefined)
    }),
  ]
  void cart.ready.then(() => {
    if (isDisposed) return
    integrationId = cart.$session.get().integrationId
    take()
  })

  return {
    $undo,
    undo: () => move('past', 'future'),
    redo: () => move('future', 'past'),
    group(job) {
      isOpen = false
      try {
        return job()
      } finally {
        isOpen = false
      }
    },
    clear: end,
    dispose() {
      if (isDisposed) return
      put()
      isDisposed = true
      for (const stop of stops) stop()
      keeping.stop()
      $history.set(NO_HISTORY)
    },
  }
}
