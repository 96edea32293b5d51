import { PROBLEM_TYPE, parseAnswer, type SyncAnswer } from '../session/protocol.ts'
import type { Ability, World } from './check.ts'
import { memberOf, shown } from './expecting.ts'
import { adding, mutation, type Subject } from './subject.ts'

/** What the server withholds, and why a check that needs it is skipped; `everything` when no session can be had. */
export type Withheld = ReadonlyMap<Ability | 'everything', string>

const MOVES = ['closeSession', 'reopenSession', 'closeSession', 'returnItems', 'cancelSession'] as const

async function ask(subject: Subject, mutations: readonly unknown[]): Promise<SyncAnswer | string | undefined> {
  const { status, body, text } = await subject.post(mutations)
  const type = memberOf(body, 'type')
  if (type === `${PROBLEM_TYPE}unauthorized` || type === `${PROBLEM_TYPE}forbidden`) {
    return `The server needs authorization (${status}): give the headers of a shopper. It says: ${shown(text)}`
  }
  return status === 200 ? parseAnswer(body, subject.id) : undefined
}

function codeOf({ rejected }: SyncAnswer, n: number): string | undefined {
  return rejected.find(entry => entry.n === n)?.code
}

/**
 * Finds out what this server does not let a browser do. Only what it says in so many words counts: whatever else is wrong
 * with its answers is for the checks to find.
 */
export async function probe({ subject, start, currency }: World): Promise<Withheld> {
  const withheld = new Map<Ability | 'everything', string>()
  const said = await ask(subject(), [
    start(),
    adding('a', 2, 'A', 2, { additionalCosts: { deposit: { price: 0.25 } } }),
    mutation('a', 3, 'applyCoupon', { code: 'CONFORMANCE' }),
    mutation('a', 4, 'applyReferral', { code: 'CONFORMANCE' }),
    mutation('a', 5, 'setIdentifiers', { identifiers: ['conformance'] }),
  ])
  if (typeof said === 'string') return withheld.set('everything', said)
  if (!said) return withheld
  if (codeOf(said, 1) === 'currency-mismatch') {
    return withheld.set('everything', `The server takes no session in ${currency}: name another currency.`)
  }
  const told = new Set(said.notices.filter(({ n }) => n === 2).map(({ code }) => code))
  const lines = codeOf(said, 2) ?? (told.has('quantity-limited') ? 'quantity-limited' : undefined)
  if (lines) withheld.set('lines', `The server takes no made-up sku (${lines}).`)
  if (lines) withheld.set('prices', `The server takes no made-up sku (${lines}).`)
  else if (told.has('price-changed') || told.has('costs-changed')) {
    withheld.set('prices', 'The server sets prices of its own (price-changed).')
  }
  for (const n of [3, 4]) {
    const code = codeOf(said, n)
    if (code) withheld.set('codes', `The server takes no made-up code (${code}).`)
  }
  if (codeOf(said, 5) === 'forbidden')
    withheld.set('setIdentifiers', 'The policy of the server forbids setIdentifiers.')

  const moved = await ask(subject(), [
    start(),
    adding('a', 2, 'A', 2),
    ...MOVES.map((name, i) =>
      mutation('a', i + 3, name, name === 'returnItems' ? { items: [{ line: 'A', quantity: 1 }] } : {}),
    ),
  ])
  if (typeof moved !== 'object') return withheld
  for (const [i, name] of MOVES.entries()) {
    if (codeOf(moved, i + 3) === 'forbidden') withheld.set(name, `The policy of the server forbids ${name}.`)
  }
  return withheld
}
