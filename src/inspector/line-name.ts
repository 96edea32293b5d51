/** What the line between the tabs of a scope is called; the names of its locks begin with it. */
export function lineName(scope: string): string {
  return `session-cart:${scope}`
}
