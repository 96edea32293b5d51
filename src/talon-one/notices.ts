import type { Attributes } from '../session/json.ts'
import type { UpstreamNotice } from '../session/upstream.ts'
import { digest } from './digest.ts'
import type { Settings } from './options.ts'
import { propsOf, worded } from './props.ts'

const ofType = (effects: readonly Attributes[], type: string): readonly Attributes[] =>
  effects.filter(({ effectType }) => effectType === type)

// Made of what it says: an answer repeats it, and the shopper hears it once.
async function idOf(code: string, parts: readonly unknown[]): Promise<string> {
  return `${code}.${(await digest(JSON.stringify(parts))).slice(0, 16)}`
}

// A shop's own line key may need what only its own items have.
function lineOf(sku: string, { lineKey }: Settings, faults: string[]): string {
  try {
    return lineKey({ sku })
  } catch {
    faults.push(`a free item ${sku.slice(0, 80)} that lineKey does not take`)
    return sku
  }
}

function freeItems(effects: readonly Attributes[], settings: Settings, faults: string[]): Omit<UpstreamNotice, 'id'>[] {
  const units = new Map<string, { name: string | undefined; count: number }>()
  for (const effect of ofType(effects, 'addFreeItem')) {
    const { sku, name } = propsOf(effect)
    const key = worded(sku)
    if (key === undefined) continue
    units.set(key, { name: worded(name), count: (units.get(key)?.count ?? 0) + 1 })
  }
  return [...units].map(([sku, { name, count }]) => {
    return { code: 'free-item', line: lineOf(sku, settings, faults), message: name ?? sku, to: count }
  })
}

async function notification(effect: Attributes): Promise<UpstreamNotice[]> {
  const { notificationType, title, body } = propsOf(effect)
  const message = [worded(title), worded(body)].filter(Boolean).join('\n')
  if (message === '') return []
  const { campaignId, rulesetId, ruleIndex } = effect
  const id = await idOf('notification', [campaignId, rulesetId, ruleIndex, message])
  return [{ id, code: 'notification', reason: worded(notificationType), message }]
}

/** What effects have to say to the shopper; `faults` gets what could not be read. */
export async function noticesOf(
  settings: Settings,
  effects: readonly Attributes[],
  faults: string[],
): Promise<UpstreamNotice[]> {
  const free = freeItems(effects, settings, faults).map(async notice => ({
    ...notice,
    id: await idOf(notice.code, [notice.line, notice.to]),
  }))
  const told = ofType(effects, 'showNotification').map(notification)
  return [...(await Promise.all(free)), ...(await Promise.all(told)).flat()]
}
