import { isSessionCartError, type Notice, type Receipt, type SessionCart, type SessionCartError } from '../index.ts'
import { wordsOf, type Words } from './words.ts'

/** What is under way and what went wrong, by place: a line's key, `coupon`, `referral` or `checkout`. */
export interface Marks {
  isPending(place: string): boolean
  /** What to tell the shopper there. */
  errorOf(place: string): string | undefined
  /**
   * Gives a command, and keeps what becomes of it.
   *
   * @returns the error, when it was refused at once
   */
  give(place: string, command: () => Receipt | Promise<unknown>): SessionCartError | undefined
  /** The places where something changed since this was last asked. */
  takeTouched(): ReadonlySet<string>
  /** Hears of nothing any more. */
  stop(): void
}

const COUPON = ['coupon-rejected', 'coupon-not-applied']

function placeOf({ code, line }: Notice): string | undefined {
  if (COUPON.includes(code)) return 'coupon'
  return code === 'referral-rejected' ? 'referral' : line
}

/** @param changed Called when something is to be shown anew. */
export function createMarks(cart: SessionCart, words: Words, changed: () => void): Marks {
  const pending = new Map<string, number>()
  const errors = new Map<string, SessionCartError>()
  let touched = new Set<string>()

  function touch(place: string): void {
    touched.add(place)
    changed()
  }

  const stop = cart.$notices.listen((now, before = []) => {
    for (const notice of [...now, ...before]) {
      const place = placeOf(notice)
      if (place !== undefined && now.includes(notice) !== before.includes(notice)) touch(place)
    }
  })

  function count(place: string, by: number): void {
    const sum = (pending.get(place) ?? 0) + by
    if (sum > 0) pending.set(place, sum)
    else pending.delete(place)
    touch(place)
  }

  function fail(place: string, error: unknown): SessionCartError {
    if (!isSessionCartError(error)) throw error
    errors.set(place, error)
    touch(place)
    return error
  }

  return {
    stop,
    isPending: place => pending.has(place),
    errorOf(place) {
      const about = errors.get(place) ?? cart.$notices.get().findLast(notice => placeOf(notice) === place)
      return about && wordsOf(words, about, cart)
    },
    takeTouched() {
      const taken = touched
      touched = new Set()
      return taken
    },
    give(place, command) {
      errors.delete(place)
      // Who tries again has read what was said before.
      for (const notice of cart.$notices.get()) if (placeOf(notice) === place) cart.dismiss(notice.id)
      let result: Receipt | Promise<unknown>
      try {
        result = command()
      } catch (error) {
        return fail(place, error)
      }
      count(place, 1)
      // What became of a command a notice tells; only a gate has nobody else to say that it failed.
      const end = 'synced' in result ? result.synced.catch(() => {}) : result
      end.catch((error: unknown) => fail(place, error)).finally(() => count(place, -1))
      return
    },
  }
}
