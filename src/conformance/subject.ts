import { canonicalJson, type Attributes } from '../session/json.ts'
import { lineKey } from '../session/line-key.ts'
import type { Mutation } from '../session/mutations.ts'
import { PROBLEM_TYPE, PROBLEMS, PROTOCOL_VERSION, parseAnswer, type ProblemName } from '../session/protocol.ts'
import type { SyncAnswer } from '../session/protocol.ts'
import type { CartItem } from '../session/session.ts'
import { holds, memberOf, same } from './expecting.ts'
import type { Http, Reply } from './http.ts'

/** An answer as a client understands it, and as it came. */
export interface Answer extends SyncAnswer {
  readonly reply: Reply
  /** The `session` as it came. */
  readonly fields: { readonly [name: string]: unknown }
}

/** A session of the server that is judged, its id new and random. */
export interface Subject {
  readonly id: string
  /** Sends mutations; `fields` go into the body beside them. Without any the session is created or joined. */
  post(mutations: readonly unknown[], fields?: object, headers?: HeadersInit): Promise<Reply>
  /** Sends a body as it is. */
  postText(body: string | Uint8Array<ArrayBuffer>, headers?: HeadersInit): Promise<Reply>
  /** Sends mutations. @throws Failure when no answer of the protocol comes. */
  send(mutations: readonly unknown[], fields?: object): Promise<Answer>
  /** Takes a reply for an answer. @throws Failure when it is none. */
  understand(reply: Reply): Answer
  /** Asks for the session; `etag` goes into `If-None-Match`. */
  get(etag?: string): Promise<Reply>
  /** Asks for the session. @throws Failure when no answer of the protocol comes. */
  read(etag?: string): Promise<Answer>
}

const JSON_TYPE = { 'content-type': 'application/json' }

/** A name that nothing had before. */
export function randomName(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12))
  return `conformance-${Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')}`
}

/** The body of a request. */
export function bodyOf(mutations: readonly unknown[], fields: object = {}): string {
  return JSON.stringify({ v: PROTOCOL_VERSION, base: 0, mutations, ...fields })
}

/** Makes the subject of a check. */
export function createSubject(http: Http, id: string): Subject {
  const path = `/${encodeURIComponent(id)}`
  const subject: Subject = {
    id,
    post: (mutations, fields, headers = {}) => subject.postText(bodyOf(mutations, fields), headers),
    postText: (body, headers = {}) =>
      http.send(`${path}/mutations`, {
        method: 'POST',
        headers: [...new Headers({ ...JSON_TYPE, ...Object.fromEntries(new Headers(headers)) })],
        body,
      }),
    send: async (mutations, fields) => subject.understand(await subject.post(mutations, fields)),
    understand(reply) {
      holds(reply.status === 200, 'a 200 with an answer', `${reply.status} ${reply.text}`)
      const parsed = parseAnswer(reply.body, id)
      holds(parsed !== undefined, `an answer as § The answer has it, for the session ${id}`, reply.text)
      return { ...parsed, reply, fields: memberOf(reply.body, 'session') as Answer['fields'] }
    },
    get: etag => http.send(path, etag === undefined ? {} : { headers: { 'if-none-match': etag } }),
    read: async etag => subject.understand(await subject.get(etag)),
  }
  return subject
}

/** A mutation as a page sends it. */
export function mutation(writer: string, n: number, name: string, args: object = {}): Mutation {
  return { writer, n, name, args, at: '2026-11-23T10:00:00Z' }
}

/** `addItem`; one unit at 2.5, unless told otherwise. */
export function adding(writer: string, n: number, sku: string, quantity = 1, item: object = {}): Mutation {
  return mutation(writer, n, 'addItem', { item: { sku, price: 2.5, ...item }, quantity })
}

/** A mutation that every server rejects with `line-not-found`. */
export function hopeless(writer: string, n: number): Mutation {
  return mutation(writer, n, 'changeQuantity', { line: 'NO-SUCH-LINE', by: 1 })
}

/** What a client that has this answer says of its base; with `check` it asks for a small answer. */
export function on({ epoch, version, check }: Answer, isSmall = false): object {
  return { epoch, base: version, ...(isSmall && { check }) }
}

/** The lines of a whole answer. @throws Failure when it is a small one. */
export function linesOf({ fields, reply }: Answer): readonly CartItem[] {
  holds(Array.isArray(fields.cartItems), 'a whole answer, with cartItems', reply.text)
  return fields.cartItems as CartItem[]
}

/** How many units each line has, by its key. */
export function unitsOf(answer: Answer): { readonly [line: string]: unknown } {
  return Object.fromEntries(linesOf(answer).map(item => [lineKey(item), item.quantity]))
}

/** The line of a key. */
export function lineOf(answer: Answer, key: string): CartItem | undefined {
  return linesOf(answer).find(item => lineKey(item) === key)
}

/** The codes of the rejections of a writer, by number. */
export function codesOf({ rejected }: Answer, writer: string): Attributes {
  return Object.fromEntries(rejected.filter(entry => entry.writer === writer).map(({ n, code }) => [n, code]))
}

/** @throws Failure unless the reply is that problem. */
export function isProblem(
  what: string,
  reply: Reply,
  name: ProblemName,
  statuses: readonly number[] = [PROBLEMS[name]],
): void {
  const isIt = statuses.includes(reply.status) && memberOf(reply.body, 'type') === `${PROBLEM_TYPE}${name}`
  holds(isIt, `${what}: ${statuses.join(' or ')} ${PROBLEM_TYPE}${name}`, `${reply.status} ${reply.text}`)
}

/** @throws Failure unless the session is as it was. */
export async function isUntouched(subject: Subject, before: Answer): Promise<void> {
  const now = await subject.read()
  same('nothing applied: the version', now.version, before.version)
  same('nothing applied: the lines', linesOf(now), linesOf(before))
  const numbers = { ...now.acked }
  holds(
    Object.keys(numbers).every(writer => Object.hasOwn(before.acked, writer)),
    `no number taken: ${canonicalJson(before.acked)}`,
    now.acked,
  )
}

/** @throws Failure when the session exists. */
export async function isMissing(subject: Subject): Promise<void> {
  isProblem('no session created', await subject.get(), 'session-gone', [404, 410])
}
