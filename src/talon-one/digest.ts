/** SHA-256 of a text, as 64 hexadecimal digits. */
export async function digest(text: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
}

/**
 * A digest in the form of a UUID whose bits are its maker's own.
 *
 * Source: https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-8
 */
export function toUuid(hex: string): string {
  const [, a, b, c, d, e] = /^(.{8})(.{4}).(.{3}).(.{3})(.{12})/.exec(hex) as unknown as string[]
  return `${a}-${b}-8${c}-8${d}-${e}`
}
