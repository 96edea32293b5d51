import { canonicalJson } from '../session/json.ts'

/** What a check throws when the server did something else than the protocol says. */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly expected: string
  readonly came: string

  constructor(expected: string, came: unknown) {
    super(`expected ${expected}`)
    this.expected = expected
    this.came = shown(came)
  }
}

/** What a check throws when this server gives it nothing to judge. */
export class Skip extends Error {
  override readonly name = 'Skip'
}

const LONGEST = 400

/** A value as a report can show it. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing')
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}… (${text.length} characters)` : text
}

/** @throws Failure unless the condition holds. */
export function holds(condition: boolean, expected: string, came: unknown): asserts condition {
  if (!condition) throw new Failure(expected, came)
}

/** Whether JSON data is equal; as in the protocol, a member that is null is one that is absent. */
export function isSame(one: unknown, other: unknown): boolean {
  return canonicalJson(one ?? null) === canonicalJson(other ?? null)
}

/** @throws Failure unless JSON data is equal. */
export function same(what: string, came: unknown, expected: unknown): void {
  holds(isSame(came, expected), `${what}: ${shown(expected)}`, came)
}

function has(value: unknown, members: object): boolean {
  return Object.entries(members).every(([name, member]) => isSame(memberOf(value, name), member))
}

/** @throws Failure unless the members of `expected` are in the map; others may be there, too. */
export function includes(what: string, came: unknown, expected: object): void {
  holds(has(came, expected), `${what}: with ${shown(expected)}`, came)
}

/** @throws Failure unless one of the list has the members of `expected`. */
export function among(what: string, came: readonly unknown[], expected: object): void {
  holds(
    came.some(entry => has(entry, expected)),
    `${what}: one with ${shown(expected)}`,
    came,
  )
}

/** A member of JSON data that may be anything. */
export function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
  return (value as { readonly [name: string]: unknown })[name]
}
