import type { Change } from './changes.ts'
import { isText } from '../session/json.ts'
import { parseArgs } from '../session/mutations.ts'
import type { LineInput } from '../session/session.ts'

/** One command, and what takes it back. */
export interface Entry {
  /** `writer.n` of its mutation. */
  readonly id: string
  readonly changes: readonly Change[]
  /** The server has limited its quantity, and that is counted in. */
  readonly limited?: boolean | undefined
}

/** What is undone at once. */
export interface Step {
  /** The first command of it. */
  readonly name: string
  /** The line that one was about. */
  readonly item?: LineInput | undefined
  readonly entries: readonly Entry[]
}

/** What can be undone and redone, the latest last. */
export interface History {
  readonly past: readonly Step[]
  readonly future: readonly Step[]
}

/** Nothing to undo. */
export const NO_HISTORY: History = /* @__PURE__ */ Object.freeze({ past: [], future: [] })

/** The steps with every entry replaced by what `alter` makes of it; what becomes undefined goes. */
export function alterEntries({ past, future }: History, alter: (entry: Entry) => Entry | undefined): History {
  const altered = (steps: readonly Step[]): Step[] =>
    steps.flatMap(step => {
      const entries = step.entries.flatMap(entry => alter(entry) ?? [])
      return entries.length ? { ...step, entries } : []
    })
  return { past: altered(past), future: altered(future) }
}

function refuse(): never {
  throw new TypeError('not a history')
}

function listOf<Member>(value: unknown, read: (member: unknown) => Member): Member[] {
  return Array.isArray(value) ? value.map(read) : refuse()
}

// Each goes through the check of the command that it becomes.
function readChange(value: unknown): Change {
  const { kind, line, by, from, to, item, index } = value as Record<string, unknown>
  switch (kind) {
    case 'quantity':
      return { kind, ...parseArgs('changeQuantity', { line, by }) }
    case 'line':
      return { kind, ...parseArgs('restoreItem', { item, index }) }
    case 'fields': {
      const { changes } = parseArgs('updateItem', { line, changes: to })
      return { kind, line: line as string, from: parseArgs('updateItem', { line, changes: from }).changes, to: changes }
    }
    case 'attributes': {
      const { changes } = parseArgs('setAttributes', { changes: to })
      return { kind, from: parseArgs('setAttributes', { changes: from }).changes, to: changes }
    }
    case 'coupon':
    case 'referral':
      return isText(from) && isText(to) ? { kind, from, to } : refuse()
    default:
      return refuse()
  }
}

function readEntry(value: unknown): Entry {
  const { id, changes, limited } = value as Record<string, unknown>
  return isText(id) ? { id, changes: listOf(changes, readChange), limited: limited === true } : refuse()
}

function readStep(value: unknown): Step {
  const { name, item, entries } = value as Record<string, unknown>
  if (!isText(name)) refuse()
  const line = item === undefined ? undefined : parseArgs('restoreItem', { item, index: 0 }).item
  return { name, item: line, entries: listOf(entries, readEntry) }
}

/**
 * Reads the text that {@link writeHistory} made, or anything else that stands in its place: whoever can run script in the
 * page can write there, and so could an older release.
 *
 * @param integrationId The session it has to be of.
 */
export function readHistory(text: string, integrationId: string): History {
  try {
    const stored: unknown = JSON.parse(text)
    const { session, past, future } = stored as Record<string, unknown>
    if (session !== integrationId) return NO_HISTORY
    return { past: listOf(past, readStep), future: listOf(future, readStep) }
  } catch {
    return NO_HISTORY
  }
}

/** The text of a history. */
export function writeHistory(history: History, integrationId: string): string {
  return JSON.stringify({ session: integrationId, ...history })
}
