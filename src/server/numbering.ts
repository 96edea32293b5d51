import type { Mutation } from '../session/mutations.ts'
import type { Acked } from '../session/protocol.ts'
import type { Burned, SessionDocument, WriterMark } from './document.ts'
import { SessionProblem } from './problem.ts'

/** The mutations of a batch whose numbers come next, and where the writers stand after them. */
export interface Numbered {
  readonly fresh: readonly Mutation[]
  readonly writers: SessionDocument['writers']
  readonly burned: readonly Burned[]
}

/** The last number of a writer; 0 for one that was never heard of. */
export function lastOf(document: SessionDocument, writer: string): number {
  // A writer may be called `constructor`.
  return Object.hasOwn(document.writers, writer) ? (document.writers[writer] as WriterMark)[0] : 0
}

/** Where the server stands with each writer of a batch. */
export function ackedIn(document: SessionDocument, mutations: readonly Mutation[]): Acked {
  return Object.fromEntries(mutations.map(({ writer }) => [writer, lastOf(document, writer)]))
}

/**
 * Sorts a batch by its numbers: what was taken before is left out, what comes next is fresh, a burn may jump. This is
 * what makes a batch safe to send again in any shape.
 *
 * @param version The version the write will have.
 * @throws SessionProblem `gap` when a number is missing, `forbidden` when there are too many writers.
 */
export function takeNumbers(
  document: SessionDocument,
  mutations: readonly Mutation[],
  version: number,
  maxWriters: number,
): Numbered {
  const marks = new Map<string, WriterMark>()
  const fresh: Mutation[] = []
  const burned: Burned[] = []
  for (const mutation of mutations) {
    const { writer, n, name } = mutation
    const last = marks.get(writer)?.[0] ?? lastOf(document, writer)
    if (n <= last) continue
    if (name === 'burn') burned.push({ writer, from: last + 1, n })
    else if (n > last + 1) {
      const members = { acked: ackedIn(document, mutations), writer, n }
      throw new SessionProblem('gap', `Writer ${writer} stands at ${last}; ${n} does not follow.`, { members })
    }
    marks.set(writer, [n, version])
    fresh.push(mutation)
  }
  if (fresh.length === 0) return { fresh, burned, writers: document.writers }
  const writers = Object.fromEntries([...Object.entries(document.writers), ...marks])
  const count = Object.keys(writers).length
  if (count > maxWriters && count > Object.keys(document.writers).length) {
    throw new SessionProblem('forbidden', `More than ${maxWriters} writers have written to this session.`)
  }
  return { fresh, writers, burned }
}
