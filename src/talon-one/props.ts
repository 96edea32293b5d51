import { isMap, isText, type Attributes, type Json } from '../session/json.ts'

/** The props of an effect; empty where there are none. */
export function propsOf({ props }: Attributes): Attributes {
  return isMap(props) ? props : {}
}

/** A text that says something, or `undefined`. */
export function worded(value: Json | undefined): string | undefined {
  return isText(value) && value !== '' ? value : undefined
}
