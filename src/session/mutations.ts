import { array, custom, optional, safeParse, strictObject, type GenericSchema } from 'valibot'
import { SessionCartError, quote, type SessionCartErrorCode } from '../errors.ts'
import { copyJson, isText, type Attributes } from './json.ts'
import { attributes, count, itemChanges, itemInput, lineInput, name, notNegative, text, whole } from './schemas.ts'
import type { ItemChanges, ItemInput, LineInput } from './session.ts'

/** Which line holds where two sessions that become one both have it: see `previewAdopt`. */
export type AdoptRule = 'sum' | 'max' | 'mine' | 'theirs'

/** The arguments of every mutation, by its name. `line` is always a line key. */
export interface MutationArgs {
  /** Begins the session; on one that has begun all of it is a no-op. `items` are seeded or kept lines. */
  start: {
    readonly currency: string
    readonly profileId?: string | undefined
    readonly attributes?: Attributes | undefined
    readonly items?: readonly LineInput[] | undefined
  }
  addItem: { readonly item: ItemInput; readonly quantity: number }
  changeQuantity: { readonly line: string; readonly by: number }
  setQuantity: { readonly line: string; readonly quantity: number }
  updateItem: { readonly line: string; readonly changes: ItemChanges }
  removeItem: { readonly line: string }
  clearItems: Record<never, never>
  /** The undo of a removal: the line comes back at its index. */
  restoreItem: { readonly item: LineInput; readonly index: number }
  applyCoupon: { readonly code: string }
  removeCoupon: Record<never, never>
  applyReferral: { readonly code: string }
  removeReferral: Record<never, never>
  /** Merged shallowly; `null` deletes. */
  setAttributes: { readonly changes: Attributes }
  setIdentifiers: { readonly identifiers: readonly string[] }
  setProfile: { readonly profileId: string }
  closeSession: Record<never, never>
  cancelSession: Record<never, never>
  reopenSession: Record<never, never>
  returnItems: { readonly items: readonly { readonly line: string; readonly quantity: number }[] }
  /** Takes the lines of another open session over. What comes of it only the server knows. */
  adopt: { readonly from: { readonly integrationId: string; readonly epoch: string }; readonly rule: AdoptRule }
  /** Uses up a number whose mutation is lost; it has no effect. */
  burn: Record<never, never>
}

/** The names of all mutations of protocol version 1. */
export type MutationName = keyof MutationArgs

/**
 * One intent of the shopper. A name this release does not know is kept and sent, and has no effect here: it comes from a
 * newer release of the page.
 */
export interface Mutation {
  /** The page load that gave it: one writer for each of its sessions. */
  readonly writer: string
  /** 1, 2, 3, … for each writer in each session. */
  readonly n: number
  /** What to do. */
  readonly name: string
  /** With what; the shape stands in {@link MutationArgs}. */
  readonly args: object
  /** When, ISO 8601, by the clock of the device. For people; no order is taken from it. */
  readonly at: string
}

const line = name
const rules: readonly unknown[] = ['sum', 'max', 'mine', 'theirs']
const none = /* @__PURE__ */ strictObject({})
const code = /* @__PURE__ */ strictObject({ code: name })

const schemas: { readonly [Name in MutationName]: GenericSchema<unknown, MutationArgs[Name]> } =
  /* @__PURE__ */ (() => ({
    start: strictObject({
      currency: name,
      profileId: optional(text),
      attributes: optional(attributes),
      items: optional(array(lineInput)),
    }),
    addItem: strictObject({ item: itemInput, quantity: count }),
    changeQuantity: strictObject({ line, by: whole }),
    setQuantity: strictObject({ line, quantity: notNegative }),
    updateItem: strictObject({ line, changes: itemChanges }),
    removeItem: strictObject({ line }),
    clearItems: none,
    restoreItem: strictObject({ item: lineInput, index: notNegative }),
    applyCoupon: code,
    removeCoupon: none,
    applyReferral: code,
    removeReferral: none,
    setAttributes: strictObject({ changes: attributes }),
    setIdentifiers: strictObject({ identifiers: array(name) }),
    setProfile: strictObject({ profileId: text }),
    closeSession: none,
    cancelSession: none,
    reopenSession: none,
    returnItems: strictObject({ items: array(strictObject({ line, quantity: count })) }),
    adopt: strictObject({
      from: strictObject({ integrationId: name, epoch: name }),
      rule: custom<AdoptRule>(value => rules.includes(value), rules.join(' or ')),
    }),
    burn: none,
  }))()

function isKnown(name: string): name is MutationName {
  return Object.hasOwn(schemas, name)
}

function codeFor(name: MutationName, path: readonly string[]): SessionCartErrorCode {
  if (path.at(-1) === 'quantity' || path.at(-1) === 'by') return 'invalid-quantity'
  if (path.includes('attributes') || name === 'setAttributes') return 'invalid-attributes'
  return /^(item|items|changes)$/.test(path[0] ?? '') ? 'invalid-item' : 'invalid-argument'
}

// A getter of the app's object may throw, or give another value the second time.
function read<Value>(job: () => Value): Value {
  try {
    return job()
  } catch (cause) {
    throw new SessionCartError('invalid-argument', 'The argument cannot be read: give plain data.', cause)
  }
}

/**
 * Checks the arguments of a mutation and returns the frozen copy that goes into the log.
 *
 * @throws SessionCartError with code `invalid-quantity`, `invalid-attributes`, `invalid-item` or `invalid-argument`.
 */
export function parseArgs<Name extends MutationName>(name: Name, args: unknown): MutationArgs[Name] {
  const result = read(() => safeParse(schemas[name], args, { abortEarly: true }))
  if (result.success) return read(() => copyJson(result.output)) as unknown as MutationArgs[Name]
  const { path = [], message, input, expected } = result.issues[0]
  const keys = path.map(({ key }) => String(key))
  const needs = expected === 'never' ? 'left out, it is no field here' : message
  throw new SessionCartError(
    codeFor(name, keys),
    `${name}: ${keys.join('.')} is ${quote(input)}; it has to be ${needs}.`,
  )
}

/**
 * A mutation out of stored bytes or a request, or `undefined` when it does not parse. An unknown name passes, with any
 * object as its arguments.
 */
export function parseMutation(value: unknown): Mutation | undefined {
  const { writer, n, name, args, at } = (value ?? {}) as Record<keyof Mutation, unknown>
  if (!isWriter(writer) || !Number.isSafeInteger(n) || (n as number) < 1) return
  if (!isText(name) || !isText(at) || typeof args !== 'object' || args === null) return
  try {
    const checked = isKnown(name) ? parseArgs(name, args) : (copyJson(args) as object)
    return Object.freeze({ writer, n: n as number, name, args: checked, at })
  } catch {
    return
  }
}

/** Ids that are safe as a key in any language and as a part of an ETag or a path: 1 to 64 URL-safe characters. */
function isWriter(value: unknown): value is string {
  return isText(value) && /^[\w-]{1,64}$/.test(value)
}
