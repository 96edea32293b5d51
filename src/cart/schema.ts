import { SessionCartError } from '../errors.ts'
import { isMap, type Attributes } from '../session/json.ts'

/**
 * The part of the Standard Schema interface that is used: any schema of valibot, Zod or ArkType, as long as it is
 * synchronous. Source: https://standardschema.dev (version 1)
 */
export interface SyncSchema<Input = unknown, Output = unknown> {
  readonly '~standard': {
    readonly version: 1
    readonly validate: (value: unknown) => unknown
    readonly types?: { readonly input: Input; readonly output: Output } | undefined
  }
}

type Known<Type> = unknown extends Type ? Attributes : Type

/** What a schema takes; any attributes when there is none. */
export type InputOf<Schema> = Schema extends SyncSchema<infer Input> ? Known<Input> : Attributes

/** What a schema gives; any attributes when there is none. */
export type OutputOf<Schema> = Schema extends SyncSchema<unknown, infer Output> ? Known<Output> : Attributes

/** Some of a schema's attributes; `null` deletes one. */
export type ChangesOf<Schema> = { readonly [Name in keyof InputOf<Schema>]?: InputOf<Schema>[Name] | null }

/**
 * What the schema makes of a value; the value as it is without one.
 *
 * @throws SessionCartError with code `invalid-attributes`, or `invalid-option` when the schema is asynchronous.
 */
export function shaped<Value>(schema: SyncSchema | undefined, value: Value): Value {
  if (!schema || value == null) return value
  const result = schema['~standard'].validate(value) as { issues?: readonly { message: string }[]; value: Value }
  if (result instanceof Promise) {
    throw new SessionCartError('invalid-option', 'The schema is asynchronous; a command has to know at once.')
  }
  if (result.issues) {
    throw new SessionCartError('invalid-attributes', `The attributes do not fit: ${result.issues[0]?.message}.`)
  }
  return result.value
}

/** Like {@link shaped}; what is deleted is not the schema's to judge. */
export function shapedChanges(schema: SyncSchema | undefined, changes: unknown): unknown {
  if (!schema || !isMap(changes)) return shaped(schema, changes)
  const entries = Object.entries(changes)
  const given = entries.filter(([, value]) => value !== null)
  const deleted = entries.filter(([, value]) => value === null)
  return { ...(shaped(schema, Object.fromEntries(given)) as object), ...Object.fromEntries(deleted) }
}
