import { SessionCartError } from '../errors.ts'
import { isText, type Attributes } from '../session/json.ts'
import { parseArgs, parseMutation, type Mutation, type MutationArgs, type MutationName } from '../session/mutations.ts'
import type { Rejection } from '../session/protocol.ts'
import type { CustomerSession } from '../session/session.ts'
import { totalsOf, type Totals } from '../session/totals.ts'
import { sessionGone } from './admission.ts'
import { commit, foresee } from './commit.ts'
import { CLOSED_TEXTS, isUnchangedSince, type SessionName, type Stored } from './document.ts'
import { load } from './load.ts'
import { lastOf } from './numbering.ts'
import type { Settings } from './options.ts'
import { isMutationName } from './policy.ts'
import { SessionProblem } from './problem.ts'
import { randomId } from './random.ts'
import { isIntegrationId } from './route.ts'

/** A mutation without a number: what the backend's own code gives. */
export type Command = {
  readonly [Name in MutationName]: { readonly name: Name; readonly args: MutationArgs[Name] }
}[MutationName]

/** How a call of the backend's own goes. */
export interface ApplyOptions {
  /**
   * The version the session has to have, else `precondition` is thrown; 0: it must not exist. Writes that only noted a call
   * upstream do not count. @defaultValue any
   */
  readonly ifVersion?: number | undefined
  /**
   * Names this call, such as `order-1044`: 1 to 50 letters, digits, `-` or `_`. Calls of the same name take effect once,
   * whichever process makes them and whatever became of the first. @defaultValue every call is another one
   */
  readonly key?: string | undefined
}

/** Which sessions have expired. */
export interface ExpireOptions {
  /** Milliseconds since the last write. Longer than a shopper may stay away and still find the cart. */
  readonly idleFor: number
  /** Whether closed ones go too. @defaultValue false: they belong to orders, and what they hold may be returned */
  readonly closed?: boolean | undefined
}

/** A session, as the backend's own code sees it. */
export interface SessionSnapshot {
  readonly epoch: string
  /** Counts the writes, from 1. */
  readonly version: number
  readonly currency: string
  /** Whether promotions are still to come. */
  readonly estimated: boolean
  /** What upstream said beyond discounts, untouched. */
  readonly effects: readonly Attributes[]
  readonly session: CustomerSession
  /** Its sums; `payable` is what is to be paid. */
  readonly totals: Totals
  /** The session that took its lines over, if one did. */
  readonly adoptedBy: SessionName | undefined
}

/** What became of a call. */
export interface AppliedSnapshot extends SessionSnapshot {
  /** What was not accepted; `n` counts the commands of the call, from 1. Empty when all was. */
  readonly rejected: readonly Rejection[]
}

/**
 * The sessions, for the backend's own code: no policy and no `authorize` apply, and its prices are believed. Browsers hear
 * of the change at their next sync.
 *
 * Every method that changes something throws {@link SessionProblem} `session-gone` when there is no such session,
 * `precondition` when it has another version, and SessionCartError when a command is not one. What the session's state does
 * not allow comes back in `rejected`.
 */
export interface Sessions {
  /** The session as it was last written, or `undefined`; `precondition` is thrown when it has another version. */
  get(id: string, options?: Pick<ApplyOptions, 'ifVersion'>): Promise<SessionSnapshot | undefined>
  /**
   * Applies commands, all in one write. A missing session is created when the first is `start`. Whole mutations with
   * writers and numbers of their own are taken too, each once.
   *
   * @example
   * await handler.sessions.apply('s1', [{ name: 'removeItem', args: { line: 'MUG-01' } }], { ifVersion: 41 })
   */
  apply(id: string, commands: readonly (Command | Mutation)[], options?: ApplyOptions): Promise<AppliedSnapshot>
  /** Closes the session: it was paid. */
  close(id: string, options?: ApplyOptions): Promise<AppliedSnapshot>
  /** Cancels the session. */
  cancel(id: string, options?: ApplyOptions): Promise<AppliedSnapshot>
  /** Takes units of a closed session back. */
  returnItems(id: string, items: MutationArgs['returnItems']['items'], options?: ApplyOptions): Promise<AppliedSnapshot>
  /** Opens a closed session again. */
  reopen(id: string, options?: ApplyOptions): Promise<AppliedSnapshot>
  /**
   * What would become of the session if the commands were applied: its lines, total, discounts and what would be rejected.
   * Nothing is written, and an upstream that keeps sessions keeps nothing of it. `version` is the one that is stored.
   *
   * @example
   * const { rejected, session } = await handler.sessions.preview('s1', [{ name: 'applyCoupon', args: { code: 'HELLO' } }])
   */
  preview(id: string, commands: readonly Command[]): Promise<AppliedSnapshot>
  /** Asks upstream for promotions that are still to come, if there are any. */
  catchUp(id: string): Promise<SessionSnapshot>
  /**
   * Deletes sessions that nobody has written to for long; call it from a job of yours, once a day. A browser that still has
   * such a session hears `session-gone` and may take its lines on. Returns how many rows there were.
   *
   * @example
   * await handler.sessions.expire({ idleFor: 180 * 24 * 60 * 60 * 1000 })
   */
  expire(options: ExpireOptions): Promise<number>
}

function snapshotOf({ version, document }: Stored): SessionSnapshot {
  const { epoch, currency, estimated, effects, session, adoptedBy } = document
  const totals = totalsOf(session, !estimated)
  return { epoch, version, currency, estimated, effects, session, totals, adoptedBy }
}

function checkId(id: string): void {
  if (!isIntegrationId(id))
    throw new SessionCartError('invalid-argument', `${JSON.stringify(id)} cannot be a session's id.`)
}

function writerOf({ key }: ApplyOptions, { random }: Settings): string {
  if (key === undefined) return `backend-${randomId(random)}`
  if (isText(key) && /^[\w-]{1,50}$/.test(key)) return `backend-${key}`
  throw new SessionCartError(
    'invalid-argument',
    `${JSON.stringify(key)} cannot be a key: 1 to 50 letters, digits, - or _.`,
  )
}

function numbered(commands: readonly (Command | Mutation)[], writer: string): Mutation[] {
  let n = 0
  return commands.map(command => {
    if ('writer' in command) {
      const mutation = parseMutation(command)
      if (mutation) return mutation
    } else if (isMutationName(command.name)) {
      // Its time is the server's, like that of every mutation.
      return { writer, n: ++n, name: command.name, args: parseArgs(command.name, command.args), at: '' }
    }
    throw new SessionCartError('invalid-argument', `${command.name} is not a mutation that can be applied.`)
  })
}

function isTaken({ document }: Stored, { writer, n }: Mutation): boolean {
  return lastOf(document, writer) >= n
}

function checkVersion(stored: Stored | undefined, ifVersion: number | undefined): void {
  if (ifVersion === undefined) return
  const version = stored?.version ?? 0
  if (stored ? isUnchangedSince(stored, ifVersion) : ifVersion === 0) return
  throw new SessionProblem('precondition', `The session is at version ${version}, not ${ifVersion}.`, {
    members: { version },
  })
}

function appliedOf(stored: Stored, mutations: readonly Mutation[]): AppliedSnapshot {
  const own = new Set(mutations.map(({ writer, n }) => `${writer}.${n}`))
  const rejected = stored.document.rejected.map(({ entry }) => entry)
  return { ...snapshotOf(stored), rejected: rejected.filter(({ writer, n }) => own.has(`${writer}.${n}`)) }
}

/** Makes the methods for the backend's own code. */
export function createSessions(settings: Settings): Sessions {
  async function apply(
    id: string,
    commands: readonly (Command | Mutation)[],
    options: ApplyOptions = {},
  ): Promise<AppliedSnapshot> {
    checkId(id)
    const mutations = numbered(commands, writerOf(options, settings))
    const committed = await commit(settings, {
      integrationId: id,
      mutations,
      access: { trusted: true },
      admit(stored) {
        // What has been done already needs no permission: this may be the same call once more.
        if (!stored || !mutations.every(mutation => isTaken(stored, mutation))) checkVersion(stored, options.ifVersion)
        if (!stored && mutations[0]?.name !== 'start') throw sessionGone(`There is no session ${id}.`)
      },
    })
    return appliedOf(committed, mutations)
  }

  async function preview(id: string, commands: readonly Command[]): Promise<AppliedSnapshot> {
    checkId(id)
    const mutations = numbered(commands, writerOf({}, settings))
    const stored = await load(settings, id)
    if (!stored) throw sessionGone(`There is no session ${id}.`)
    return appliedOf({ version: stored.version, document: await foresee(settings, stored, mutations) }, mutations)
  }

  return {
    async get(id, { ifVersion } = {}) {
      checkId(id)
      const stored = await load(settings, id)
      checkVersion(stored, ifVersion)
      return stored && snapshotOf(stored)
    },
    apply,
    preview,
    close: (id, options) => apply(id, [{ name: 'closeSession', args: {} }], options),
    cancel: (id, options) => apply(id, [{ name: 'cancelSession', args: {} }], options),
    returnItems: (id, items, options) => apply(id, [{ name: 'returnItems', args: { items } }], options),
    reopen: (id, options) => apply(id, [{ name: 'reopenSession', args: {} }], options),
    catchUp: id => apply(id, []),
    async expire({ idleFor, closed = false }) {
      const { store, clock } = settings
      if (!(Number.isFinite(idleFor) && idleFor > 0)) {
        throw new SessionCartError('invalid-argument', `idleFor is ${idleFor}; it has to be milliseconds above 0.`)
      }
      if (!store.expire) throw new SessionCartError('invalid-option', 'The store has no expire.')
      return store.expire(new Date(clock.now() - idleFor), closed ? [] : CLOSED_TEXTS)
    },
  }
}
