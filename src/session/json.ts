/** Anything JSON can carry. */
export type Json = null | boolean | number | string | readonly Json[] | Attributes

/** Free attributes of a session or an item: a flat or nested map of JSON values. One that is `undefined` is left out. */
export type Attributes = { readonly [name: string]: Json | undefined }

// Deeper data is refused before it can exhaust the stack, here and in every reader after us.
const MAX_DEPTH = 32

const OBJECT = Object.prototype

/** Text every party can store: PostgreSQL refuses U+0000, and a lone surrogate has no UTF-8 form. */
export function isText(value: unknown): value is string {
  if (typeof value !== 'string' || value.includes('\0')) return false
  // Younger than the other things that are used here, and several times as fast as the pattern in code that is cold.
  const { isWellFormed } = value as { isWellFormed?: () => boolean }
  return isWellFormed ? isWellFormed.call(value) : !/\p{Surrogate}/u.test(value)
}

/** Whether JSON data is a map of names to values. */
export function isMap(value: unknown): value is Attributes {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * A frozen copy of plain JSON data, so that nothing the app does to its own object later reaches the session. Members
 * that are `undefined` are left out and −0 becomes 0, as JSON does.
 *
 * @throws TypeError on anything else: functions, dates, cycles, lone surrogates, non-finite numbers, data over 32 deep.
 */
export function copyJson(value: unknown, depth = 0): Json {
  // A page shows no cart before a thousand lines went through here, in code that is still cold: an iterator or a list of
  // the names for each of them would take most of the time.
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return value + 0
  } else if (value === null || typeof value === 'boolean' || isText(value)) return value
  else if (depth < MAX_DEPTH && typeof value === 'object') {
    if (Array.isArray(value)) {
      const copy: Json[] = []
      for (let index = 0; index < value.length; index++) copy.push(copyJson(value[index], depth + 1))
      return Object.freeze(copy)
    }
    const prototype: unknown = Object.getPrototypeOf(value)
    // Another frame's plain object has a foreign Object.prototype, whose own prototype is null all the same.
    if (prototype === null || Object.getPrototypeOf(prototype) === null) return copyMap(value, depth)
  }
  throw new TypeError('not plain JSON data')
}

// Assigned, `__proto__` would be no name like any other, nor `constructor` where a page has frozen Object.prototype.
function put(map: { [name: string]: Json }, name: string, member: Json): void {
  if (name in OBJECT) Object.defineProperty(map, name, { value: member, enumerable: true })
  else map[name] = member
}

function copyMap(value: object, depth: number): Json {
  const copy: { [name: string]: Json } = {}
  for (const name in value) {
    const member = (value as { readonly [name: string]: unknown })[name]
    if (member === undefined || !Object.hasOwn(value, name)) continue
    if (!isText(name)) throw new TypeError('a name with U+0000 or a lone surrogate')
    const own = copyJson(member, depth + 1)
    put(copy, name, own)
  }
  return Object.freeze(copy)
}

/** The members that say something, frozen: an absent, an undefined and a null member have one form, they are not there. */
export function present(value: object): Attributes {
  const copy: { [name: string]: Json } = {}
  for (const name of Object.keys(value)) {
    const member = (value as { readonly [name: string]: Json | undefined })[name]
    if (member != null) put(copy, name, member)
  }
  return Object.freeze(copy)
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
