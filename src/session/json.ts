/** Anything JSON can carry. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }

/** Free attributes of a session or an item: a flat or nested map of JSON values. */
export type Attributes = { readonly [name: string]: Json }

// Deeper data is refused before it can exhaust the stack, here and in every reader after us.
const MAX_DEPTH = 32

/** Text every party can store: PostgreSQL refuses U+0000, and a lone surrogate has no UTF-8 form. */
export function isText(value: unknown): value is string {
  return typeof value === 'string' && !/[\0\p{Surrogate}]/u.test(value)
}

/**
 * A frozen copy of plain JSON data, so that nothing the app does to its own object later reaches the session. Members
 * that are `undefined` are left out and −0 becomes 0, as JSON does.
 *
 * @throws TypeError on anything else: functions, dates, cycles, lone surrogates, non-finite numbers, data over 32 deep.
 */
export function copyJson(value: unknown, depth = 0): Json {
  if (value === null || typeof value === 'boolean' || isText(value)) return value
  if (Number.isFinite(value)) return (value as number) + 0
  if (depth < MAX_DEPTH && typeof value === 'object') {
    if (Array.isArray(value)) return Object.freeze(Array.from(value, entry => copyJson(entry, depth + 1)))
    const prototype: unknown = Object.getPrototypeOf(value)
    // Another frame's plain object has a foreign Object.prototype, whose own prototype is null all the same.
    if (prototype === null || Object.getPrototypeOf(prototype) === null) {
      const members: [string, Json][] = []
      for (const [name, member] of Object.entries(value)) {
        if (!isText(name)) throw new TypeError('a name with U+0000 or a lone surrogate')
        if (member !== undefined) members.push([name, copyJson(member, depth + 1)])
      }
      // fromEntries defines members and never assigns them: `__proto__` stays a name like any other.
      return Object.freeze(Object.fromEntries(members))
    }
  }
  throw new TypeError('not plain JSON data')
}

/** The members that say something, frozen: an absent, an undefined and a null member have one form, they are not there. */
export function present(value: object): Attributes {
  return Object.freeze(Object.fromEntries(Object.entries(value).filter(([, member]) => member != null)))
}

/**
 * One text for equal data: members sorted by UTF-16 code unit, `null` and `undefined` members left out.
 *
 * @param value JSON data.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join()}]`
  if (typeof value === 'object' && value !== null) {
    const members = Object.keys(value).sort()
    const texts: string[] = []
    for (const name of members) {
      const member = (value as Record<string, unknown>)[name]
      if (member != null) texts.push(`${JSON.stringify(name)}:${canonicalJson(member)}`)
    }
    return `{${texts.join()}}`
  }
  return JSON.stringify(value) ?? 'null'
}
