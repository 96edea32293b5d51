import type { Line, SessionCart } from './api.ts'
import { SessionCartError, quote } from '../errors.ts'
import type { Settings } from './options.ts'
import type { Receipt } from './receipts.ts'
import { shaped, shapedChanges } from './schema.ts'
import type { LineKey } from '../session/line-key.ts'
import { positionOf } from '../session/lines.ts'
import { parseArgs, type MutationArgs, type MutationName } from '../session/mutations.ts'
import { toInput } from '../session/schemas.ts'
import type { CartItem, LineInput } from '../session/session.ts'

/** The members of a cart that become one mutation each. */
export type Commands = Pick<SessionCart, Exclude<MutationName, 'start' | 'burn'>>

type Give = <Name extends MutationName>(name: Name, args: MutationArgs[Name]) => Receipt

/**
 * Makes the commands.
 *
 * @param give Queues a mutation whose arguments are checked.
 * @param lines The lines that are shown, or undefined while none are known yet.
 */
export function createCommands(give: Give, lines: () => readonly CartItem[] | undefined, settings: Settings): Commands {
  const { limits, options } = settings
  const keyOf: LineKey = limits.lineKey

  // What is no line goes on as it is, for the schema to say so.
  function toKey(line: Line): string {
    if (typeof line !== 'object' || line === null) return line
    const { sku, attributes } = parseArgs('addItem', {
      item: { sku: line.sku, attributes: line.attributes },
      quantity: 1,
    }).item
    return keyOf({ sku, attributes })
  }

  function command<Name extends MutationName>(name: Name, args: unknown): Receipt {
    return give(name, parseArgs(name, args))
  }

  // A replay takes the removal of what another tab removed for done; a command with a wrong key is a mistake.
  function onLine<Name extends MutationName>(name: Name, line: Line, args?: object): Receipt {
    const parsed = parseArgs(name, { line: toKey(line), ...args }) as MutationArgs[Name] & { line: string }
    const items = lines()
    if (items && positionOf(items, parsed.line, keyOf) < 0) {
      throw new SessionCartError('line-not-found', `${name}: there is no line ${quote(parsed.line)} in the cart.`)
    }
    return give(name, parsed)
  }

  function withSchema<Item>(item: Item): Item {
    const attributes = (item as LineInput | undefined)?.attributes
    return attributes ? { ...item, attributes: shaped(options.itemAttributes, attributes) } : item
  }

  return {
    addItem: (item, quantity = 1) => command('addItem', { item: withSchema(item), quantity }),
    changeQuantity: (line, by) => onLine('changeQuantity', line, { by }),
    setQuantity: (line, quantity) => onLine('setQuantity', line, { quantity }),
    updateItem: (line, changes) => onLine('updateItem', line, { changes: withSchema(changes) }),
    removeItem: line => onLine('removeItem', line),
    clearItems: () => command('clearItems', {}),
    restoreItem: (item, index) => command('restoreItem', { item: item && toInput(item), index }),
    applyCoupon: code => command('applyCoupon', { code }),
    removeCoupon: () => command('removeCoupon', {}),
    applyReferral: code => command('applyReferral', { code }),
    removeReferral: () => command('removeReferral', {}),
    setAttributes: changes => command('setAttributes', { changes: shapedChanges(options.attributes, changes) }),
    setIdentifiers: identifiers => command('setIdentifiers', { identifiers }),
    setProfile: profileId => command('setProfile', { profileId }),
    closeSession: () => command('closeSession', {}),
    cancelSession: () => command('cancelSession', {}),
    reopenSession: () => command('reopenSession', {}),
    returnItems: items =>
      command('returnItems', {
        items: Array.isArray(items) ? items.map(entry => ({ ...entry, line: toKey(entry?.line) })) : items,
      }),
    adopt(integrationId, options) {
      if (!settings.transport) {
        throw new SessionCartError('invalid-option', 'adopt needs an endpoint.')
      }
      return command('adopt', { from: { integrationId, epoch: options?.epoch }, rule: options?.rule })
    },
  }
}
