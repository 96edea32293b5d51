/** What the proofs ask of a cart. */
export type Command =
  | { readonly name: 'add'; readonly sku: string; readonly quantity: number }
  | { readonly name: 'change'; readonly sku: string; readonly by: number }

/** A line of a cart. */
export type Line = readonly [sku: string, quantity: number]

/** A cart in a page, however it is built: what a proof runs ours and the others through. */
export interface Contender {
  /** Resolves when what is stored has been read. */
  readonly ready: Promise<unknown>
  /** Resolves when the command is saved, with whether the cart calls it safe for good. */
  give(command: Command): Promise<boolean>
  lines(): readonly Line[]
}

/** Opens a cart over what is stored under a scope of its own. */
export type OpenContender = (scope: string) => Contender

/** The cart that a naive one writes as a whole. */
export function applyTo(lines: readonly Line[], command: Command): readonly Line[] {
  const by = command.name === 'add' ? command.quantity : command.by
  if (lines.some(([sku]) => sku === command.sku)) {
    return lines.map(([sku, quantity]) => [sku, sku === command.sku ? quantity + by : quantity])
  }
  return command.name === 'add' ? [...lines, [command.sku, by]] : lines
}
