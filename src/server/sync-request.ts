import { isText } from '../session/json.ts'
import { parseMutation, type Mutation } from '../session/mutations.ts'
import { PROTOCOL_VERSION, type SyncRequest } from '../session/protocol.ts'
import { SessionProblem } from './problem.ts'

function isOptionalText(value: unknown): boolean {
  return value === undefined || isText(value)
}

/**
 * Reads the body of a POST, the mutations still unparsed.
 *
 * @param maxBatch The most mutations it may have.
 * @throws SessionProblem `unsupported-version`, `too-large` or `malformed`.
 */
export function parseSyncRequest(body: unknown, maxBatch: number): SyncRequest {
  const { v, epoch, base, check, mutations } = (body ?? {}) as Partial<Record<keyof SyncRequest, unknown>>
  if (typeof v === 'number' && v !== PROTOCOL_VERSION) {
    throw new SessionProblem(
      'unsupported-version',
      `Version ${v} of the protocol is not spoken here, only ${PROTOCOL_VERSION}.`,
    )
  }
  const isSound =
    v === PROTOCOL_VERSION &&
    isOptionalText(epoch) &&
    isOptionalText(check) &&
    Number.isSafeInteger(base) &&
    (base as number) >= 0 &&
    Array.isArray(mutations)
  if (!isSound) throw new SessionProblem('malformed', 'The body is not { v, epoch?, base, check?, mutations }.')
  if (mutations.length > maxBatch) {
    throw new SessionProblem('too-large', `${mutations.length} mutations are more than ${maxBatch}.`)
  }
  return { v, base: base as number, mutations, epoch: epoch as string | undefined, check: check as string | undefined }
}

// The backend's own writers. A browser that wrote under their names could use up their numbers.
const RESERVED = /^backend(-|$)/

function malformed(value: unknown, index: number): SessionProblem {
  const { writer, n } = (value ?? {}) as { writer?: unknown; n?: unknown }
  const members = {
    index,
    ...(typeof writer === 'string' && { writer: writer.slice(0, 64) }),
    ...(Number.isSafeInteger(n) && { n }),
  }
  return new SessionProblem('malformed', `The mutation at index ${index} is not one that can be understood.`, {
    members,
  })
}

/**
 * Parses the mutations of a browser one by one.
 *
 * @returns The mutations, and the problem of the first that is none.
 */
export function parseMutations(values: readonly unknown[]): {
  mutations: readonly Mutation[]
  problem?: SessionProblem
} {
  const mutations: Mutation[] = []
  let problem: SessionProblem | undefined
  for (const [index, value] of values.entries()) {
    const mutation = parseMutation(value)
    if (mutation && !RESERVED.test(mutation.writer)) mutations.push(mutation)
    else problem ??= malformed(value, index)
  }
  return problem ? { mutations, problem } : { mutations }
}
