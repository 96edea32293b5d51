import { array, custom, fallback, looseObject, nullish, optional, safeParse, type GenericSchema } from 'valibot'
import { isMap, isText, type Attributes } from '../session/json.ts'
import type { TalonOneErrorDetail } from './error.ts'

/** The parts that are used of an answer that went well. */
export interface Evaluation {
  /** All of them, also those of a type that is not known yet. */
  readonly effects: readonly Attributes[]
  readonly customerSession: Attributes | undefined
}

/** The parts that are used of an answer that went wrong. */
export interface Complaint {
  readonly message: string
  readonly errors: readonly TalonOneErrorDetail[]
}

const map = custom<Attributes>(isMap)

// Strings and lists can be null, fields can be missing, new ones come with nearly every release.
const evaluation = looseObject({
  effects: nullish(array(custom<unknown>(() => true)), []),
  customerSession: nullish(map),
})

const words: GenericSchema<unknown, string | undefined> = fallback(optional(custom<string>(isText)), undefined)

const detail = looseObject({
  title: words,
  details: words,
  source: fallback(nullish(looseObject({ pointer: words })), undefined),
})

const complaint = looseObject({
  message: words,
  errors: fallback(nullish(array(custom<unknown>(() => true)), []), []),
})

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return
  }
}

/** What Talon.One makes of a session, or `undefined` when the text is something else: a proxy's page, half an answer. */
export function readEvaluation(text: string): Evaluation | undefined {
  const body = parseJson(text)
  if (!isMap(body)) return
  const result = safeParse(evaluation, body)
  if (!result.success) return
  const { effects, customerSession } = result.output
  return { effects: effects.filter(isMap), customerSession: customerSession ?? undefined }
}

/** What Talon.One complains of, or `undefined` when it is somebody else who does. */
export function readComplaint(text: string): Complaint | undefined {
  const body = parseJson(text)
  if (!isMap(body)) return
  const { message = '', errors } = safeParse(complaint, body).output as { message?: string; errors: unknown[] }
  const details = errors.flatMap(entry => {
    const result = safeParse(detail, entry)
    if (!result.success) return []
    const { title, details, source } = result.output
    return { title, details, pointer: source?.pointer }
  })
  return { message, errors: details }
}
