import { PROBLEMS, PROBLEM_TYPE, type ProblemName } from '../session/protocol.ts'

/** What a {@link SessionProblem} says beyond its kind. */
export interface ProblemDetails {
  /** Overrides the usual status of the problem; required without a kind. */
  readonly status?: number | undefined
  /** Further members of the problem's body, such as `acked`. */
  readonly members?: object | undefined
  /** Further headers of the answer. */
  readonly headers?: Readonly<Record<string, string>> | undefined
}

/**
 * Why a request, or a call of the backend's own, was not carried out. The handler answers it as
 * `application/problem+json`; `sessions.apply` and its siblings throw it.
 *
 * @example
 * try {
 *   await handler.sessions.close('s1', { ifVersion: 41 })
 * } catch (error) {
 *   if (isSessionProblem(error, 'precondition')) askAgain()
 *   else throw error
 * }
 */
export class SessionProblem extends Error {
  override readonly name = 'SessionProblem'
  /** The kind of the problem; undefined for one that the protocol gives no meaning. */
  readonly problem: ProblemName | undefined
  /** The HTTP status it is answered with. */
  readonly status: number
  /** Further members of the body. */
  readonly members: object
  /** Further headers of the answer. */
  readonly headers: Readonly<Record<string, string>>

  /**
   * @param problem The kind, or undefined.
   * @param message What happened, for people; it is sent as `detail`.
   * @param details Status, members and headers where they differ from the usual.
   */
  constructor(problem: ProblemName | undefined, message: string, details: ProblemDetails = {}) {
    super(message)
    this.problem = problem
    this.status = details.status ?? (problem ? PROBLEMS[problem] : 500)
    this.members = details.members ?? {}
    this.headers = details.headers ?? {}
  }
}

/**
 * Tells whether `error` is a {@link SessionProblem}, also one of another copy of the package.
 *
 * @param error Anything that was caught.
 * @param problem When given, the problem must be of this kind.
 */
export function isSessionProblem(error: unknown, problem?: ProblemName): error is SessionProblem {
  const candidate = error as SessionProblem | null | undefined
  return candidate?.name === 'SessionProblem' && (problem === undefined || candidate.problem === problem)
}

const UNTYPED_TITLES: Readonly<Record<number, string>> = {
  400: 'bad request',
  404: 'not found',
  405: 'method not allowed',
  415: 'unsupported media type',
  503: 'unavailable for the moment',
}

/** The answer for a problem, as RFC 9457 has it. What is no {@link SessionProblem} says nothing of its cause. */
export function toProblemResponse(error: unknown): Response {
  const known = isSessionProblem(error)
  const { problem, status, message, members, headers } = known
    ? error
    : new SessionProblem(undefined, 'Something went wrong here. The request may be sent again.')
  const body = {
    ...members,
    type: problem ? `${PROBLEM_TYPE}${problem}` : 'about:blank',
    title: problem?.replaceAll('-', ' ') ?? UNTYPED_TITLES[status] ?? 'server error',
    status,
    detail: message,
  }
  return new Response(JSON.stringify(body), {
    status,
    headers: { ...headers, 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
  })
}
