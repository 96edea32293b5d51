import type { Value } from './values.ts'

type Test = (value: Value, wanted: Value) => boolean

const TESTS: { readonly [operator: string]: Test } = {
  '=': (value, wanted) => value === wanted,
  '!=': (value, wanted) => value !== wanted,
  '<': (value, wanted) => Number(value) < Number(wanted),
  '<=': (value, wanted) => Number(value) <= Number(wanted),
  '>': (value, wanted) => Number(value) > Number(wanted),
  '>=': (value, wanted) => Number(value) >= Number(wanted),
}

function wantedOf(text: string): Value {
  if (text === 'true' || text === 'false') return text === 'true'
  return text.trim() === '' || Number.isNaN(Number(text)) ? text.replace(/^(['"])(.*)\1$/, '$2') : Number(text)
}

/** A condition, taken apart: `name`, `!name`, or a comparison such as `quantity > 0`. */
export interface Condition {
  readonly name: string
  readonly holds: (value: Value) => boolean
}

/** Reads a condition; undefined when it is none. */
export function parseCondition(text: string): Condition | undefined {
  const [, not, name, operator, right] = /^\s*(!?)\s*([\w.-]+)\s*(?:(=|!=|<=|>=|<|>)\s*(.*?))?\s*$/.exec(text) ?? []
  if (name === undefined || (not && operator)) return
  if (operator === undefined) return { name, holds: value => Boolean(value) !== Boolean(not) }
  if (right === '') return
  const [test, wanted] = [TESTS[operator] as Test, wantedOf(right ?? '')]
  return { name, holds: value => test(value, wanted) }
}
