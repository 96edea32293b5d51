import { isAcked } from '../session/ledger.ts'
import { toInput } from '../session/schemas.ts'
import { createBook, type Book, type BookContext } from './book.ts'

/** The books of a cart: the session that is shown, and those that were left and still owe something. */
export interface Shelf {
  active(): Book
  /** The shown one first. */
  all(): readonly Book[]
  isActive(integrationId: string): boolean
  /** Begins another session. */
  start(integrationId: string): void
  /** Goes on from what is stored. Until then every session that was started keeps its commands. */
  open(integrationId: string): void
  /**
   * Takes in what other tabs or a reading brought.
   *
   * @param moved The name of the log so far, when the store turned out to have another: what was shown comes along.
   */
  sync(moved?: string): void
  /** Lets go of sessions that owe nothing any more. */
  sweep(): void
  /** Ends all of them and begins anew. */
  abandon(integrationId: string): void
}

/** Creates the shelf with the session that commands are given to before what is stored is known. */
export function createShelf(context: Omit<BookContext, 'isActive'>): Shelf {
  const { log, settings } = context
  const { transport } = settings
  const others = new Set<Book>()
  const create = (id: string): Book => createBook({ ...context, isActive }, id)
  let isOpen = false
  let active = create('')
  let unopened = [active]

  function isActive(integrationId: string): boolean {
    return active.integrationId() === integrationId
  }

  // Names the session with its first row, unless it has its name.
  function claim(book: Book): void {
    const named = log.state().active
    if (!named?.k || named.integrationId !== book.integrationId()) log.activate(book.integrationId())
  }

  // Another session took its place: what it owes is still sent.
  function leave(book: Book): void {
    if (!book.pending().length) return book.close()
    others.add(book)
    if (!transport) void book.checkpoint()
  }

  // Goes on with the session that another tab has begun, or was first to name, or that another log has.
  function follow(integrationId: string, moved: string | undefined): void {
    const previous = active
    if (log.ownerOf(previous.integrationId()) === integrationId) return previous.open(integrationId)
    active = [...others].find(book => book.integrationId() === integrationId) ?? create(integrationId)
    if (!others.delete(active)) active.open(integrationId)
    leave(previous)
    // What was put in while the database did not answer, or into one that is no more, comes along.
    if (moved) active.bring(moved, previous.view().cartItems.map(toInput))
  }

  // Another tab was first to name it: what was given here is in the session that has its place.
  function rename(book: Book): void {
    const owner = log.ownerOf(book.integrationId())
    const isFree = !shelf.all().some(other => other.integrationId() === owner)
    if (isFree && log.mutations(owner).length) book.open(owner)
  }

  function adoptOwing(): void {
    const known = new Set(shelf.all().map(book => book.integrationId()))
    for (const id of log.sessions()) {
      const base = log.state().bases.get(id)?.base
      if (known.has(id) || !transport || base?.gone) continue
      if (log.mutations(id).every(mutation => isAcked(base?.acked ?? {}, mutation))) continue
      const book = create(id)
      book.open(id)
      others.add(book)
    }
  }

  const shelf: Shelf = {
    active: () => active,
    all: () => [active, ...others],
    isActive,
    start(integrationId) {
      const previous = active
      active = create(integrationId)
      if (!isOpen) {
        unopened.push(active)
        return
      }
      claim(active)
      active.open(integrationId)
      leave(previous)
    },
    open(integrationId) {
      isOpen = true
      const [oldest, ...later] = unopened as [Book, ...Book[]]
      log.settle('', integrationId)
      oldest.open(integrationId)
      claim(oldest)
      log.settle(integrationId, integrationId)
      for (const book of later) {
        claim(book)
        book.open(book.integrationId())
      }
      for (const book of unopened) if (book !== active) leave(book)
      unopened = []
    },
    sync(moved) {
      const named = log.state().active
      if (named && !isActive(named.integrationId)) follow(named.integrationId, moved)
      else claim(active)
      for (const book of others) rename(book)
      adoptOwing()
      for (const book of shelf.all()) book.sync()
    },
    sweep() {
      for (const book of others) {
        if (book.pending().length) continue
        others.delete(book)
        book.close()
      }
    },
    abandon(integrationId) {
      for (const book of shelf.all()) book.close()
      others.clear()
      active = create(integrationId)
      active.open(integrationId)
    },
  }
  return shelf
}
