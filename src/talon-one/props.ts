import { isMap, isText, type Attributes, type Json } from '../session/json.ts'

/** The props of an effect; empty where there are none. */
export function propsOf({ props }: Attributes): Attributes {
  return isMap(props) ? props : {}
}

// Such texts stay with the session, and it must not grow without end.
const MAX_LENGTH = 1000

/** A text that says something, cut where it gets long, or `undefined`. */
export function worded(value: Json | undefined): string | undefined {
  if (!isText(value) || value === '') return
  // Cut in the middle of a surrogate pair, half of it would be no text.
  return value.length > MAX_LENGTH ? value.slice(0, MAX_LENGTH).replace(/[\uD800-\uDBFF]$/, '') : value
}
