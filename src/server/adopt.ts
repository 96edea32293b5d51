import { previewAdopt } from '../session/adopt.ts'
import { Refusal, remarkPrice, replay, type Adopting } from '../session/apply.ts'
import type { Limits } from '../session/limits.ts'
import type { Mutation, MutationArgs } from '../session/mutations.ts'
import { noticed, type SessionName, type Stored } from './document.ts'
import { isIntegrationId } from './route.ts'

/** Sessions that a batch wants to adopt, by id. One that is not there is missing. */
export type Sources = ReadonlyMap<string, Stored>

/** The ids of the sessions that a batch wants to adopt, each once. */
export function sourcesIn(mutations: readonly Mutation[]): string[] {
  const ids = mutations
    .filter(({ name }) => name === 'adopt')
    .map(({ args }) => (args as MutationArgs['adopt']).from.integrationId)
  return [...new Set(ids)].filter(isIntegrationId)
}

/**
 * Carries out an `adopt`.
 *
 * @param source The session whose lines are to be taken over.
 * @param mutation The `adopt`.
 */
export function adoptingOf(source: Stored | undefined, { args }: Mutation): Adopting {
  return context => {
    const { from, rule } = args as MutationArgs['adopt']
    const { limits, session: own } = context
    if (from.integrationId === own.integrationId) {
      throw new Refusal('invalid-argument', 'adopt: a session cannot take over its own lines.')
    }
    const refuse = (message: string): never => {
      throw new Refusal('adopt-rejected', message)
    }
    if (source?.document.epoch !== from.epoch) return refuse('There is no such session to take lines from.')
    const { session, currency, adoptedBy } = source.document
    if (adoptedBy) return refuse('The lines of that session were taken over before.')
    if (session.state !== 'open') return refuse(`The other session is ${session.state}.`)
    if (currency !== limits.currency) {
      throw new Refusal('currency-mismatch', `The other session is in ${currency}, this one in ${limits.currency}.`)
    }
    const cartItems = previewAdopt(own.cartItems, session.cartItems, rule, limits.lineKey)
    for (const [position, { price }] of own.cartItems.entries()) {
      const line = cartItems[position]
      if (line) remarkPrice(context, limits.lineKey(line), price, line.price)
    }
    return { cartItems }
  }
}

/**
 * What is left of a session whose lines were taken over: it is cancelled and empty for good, and its devices are told.
 *
 * @param adoptedBy Who took them over.
 * @param at The moment, by the server's clock.
 */
export function emptied({ version, document }: Stored, adoptedBy: SessionName, at: string, limits: Limits): Stored {
  const stamp = { version: version + 1, at }
  const ends = ['clearItems', 'cancelSession'].map(name => ({ writer: '', n: 0, name, args: {}, at }))
  const session = replay(document.session, ends, limits)
  const notice = { id: `${document.epoch}.${stamp.version}.adopted`, code: 'adopted', at }
  return { version: stamp.version, document: noticed({ ...document, session, adoptedBy }, [notice], stamp) }
}
