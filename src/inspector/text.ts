const LONGEST = 240

/** A text as far as a table can show it. */
export function clip(text: string, length: number = LONGEST): string {
  return text.length > length ? `${text.slice(0, length)}…` : text
}

/** A value as JSON; empty for `undefined`. What lies in a database may be anything that can be cloned, which is more than JSON knows. */
export function jsonOf(value: unknown, indent?: number): string {
  try {
    return JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part), indent) ?? ''
  } catch {
    return '{…}'
  }
}

/** The time of day of an ISO 8601 time, where the page is. */
export function timeOf(at: string): string {
  const date = new Date(at)
  return Number.isNaN(date.getTime()) ? at : `${date.toTimeString().slice(0, 8)}.${date.toISOString().slice(20, 23)}`
}

/** Now, in ISO 8601. */
export function now(): string {
  return new Date().toISOString()
}

/** An error in a few words. */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return clip(String(error))
  return clip(`${error.name}: ${error.message}`)
}

/** A field of something nobody has checked. */
export function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
}

/** A list in a field of something nobody has checked. */
export function listOf(value: unknown, name: string): readonly unknown[] {
  const list = fieldOf(value, name)
  return Array.isArray(list) ? list : []
}

/** What a mutation is called, wherever it comes from. */
export function mutationText(mutation: unknown): string {
  const [writer, n, name] = ['writer', 'n', 'name'].map(field =>
    clip(jsonOf(fieldOf(mutation, field)).replaceAll('"', ''), 40),
  )
  return `${writer}.${n} ${name}`
}
