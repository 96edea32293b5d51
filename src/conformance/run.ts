import { CHECKS } from './checks/index.ts'
import type { Check, World } from './check.ts'
import { Failure, Skip } from './expecting.ts'
import { createHttp } from './http.ts'
import { probe, type Withheld } from './probe.ts'
import { createSubject, mutation, randomName } from './subject.ts'

/** How {@link runConformance} asks. */
export interface ConformanceOptions {
  /** @defaultValue the global `fetch` */
  readonly fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined
  /** Sent with every request, such as `Authorization`. @defaultValue none */
  readonly headers?: HeadersInit | undefined
  /** Ids of checks, or what stands before the slash of a group of them. @defaultValue all */
  readonly only?: readonly string[] | undefined
  /** ISO 4217 code of the sessions that are made. @defaultValue `EUR` */
  readonly currency?: string | undefined
  /** How long an answer may take, in ms. @defaultValue 15000 */
  readonly timeout?: number | undefined
}

/** A rule of the protocol that is checked. */
export interface Rule {
  /** Never changes, such as `numbers/gap`. */
  readonly id: string
  /** The heading of docs/protocol.md under which the rule stands. */
  readonly section: string
  /** What the protocol asks. */
  readonly rule: string
}

/** What became of one check. */
export type Result = Rule &
  (
    | { readonly status: 'passed' }
    | { readonly status: 'failed'; readonly expected: string; readonly came: string }
    | { readonly status: 'skipped'; readonly reason: string }
  )

/** What {@link runConformance} found. */
export interface Report {
  readonly url: string
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  readonly results: readonly Result[]
}

/** Every rule that is checked, in order. */
export const conformanceRules: readonly Rule[] = /* @__PURE__ */ (() =>
  CHECKS.map(({ id, section, rule }) => ({ id, section, rule })))()

async function judge({ id, section, rule, needs = [], run }: Check, world: World, withheld: Withheld): Promise<Result> {
  const base = { id, section, rule }
  const reasons = (['everything', ...needs] as const).flatMap(ability => withheld.get(ability) ?? [])
  if (reasons.length > 0) return { ...base, status: 'skipped', reason: [...new Set(reasons)].join(' ') }
  try {
    await run(world)
    return { ...base, status: 'passed' }
  } catch (error) {
    if (error instanceof Skip) return { ...base, status: 'skipped', reason: error.message }
    if (error instanceof Failure) return { ...base, status: 'failed', expected: error.expected, came: error.came }
    // An answer that nobody foresaw is no reason to end the run.
    return { ...base, status: 'failed', expected: 'an answer that can be read', came: String(error) }
  }
}

function chosen(only: readonly string[] | undefined): readonly Check[] {
  if (!only) return CHECKS
  const isMeant = ({ id }: Check, name: string): boolean => id === name || id.startsWith(`${name}/`)
  const unknown = only.filter(name => !CHECKS.some(check => isMeant(check, name)))
  if (unknown.length > 0) throw new TypeError(`No check is called ${unknown.join(', ')}.`)
  return CHECKS.filter(check => only.some(name => isMeant(check, name)))
}

/**
 * Judges a server of the sync protocol from outside: by HTTP alone, check by check. Its sessions have fresh random ids that
 * begin with `conformance-`; they stay on the server.
 *
 * @param url The endpoint, as a cart is given it: `/{integrationId}` and `/{integrationId}/mutations` follow.
 * @param options Headers, a fetch of your own, which checks.
 * @throws TypeError when an option names no check, and an Error when nobody answers.
 *
 * @example
 * const handler = createSessionHandler({ store: memoryStore() })
 * const report = await runConformance('http://shop.example/api/sessions', {
 *   fetch: (url, init) => handler(new Request(url, init)),
 *   only: ['numbers'],
 * })
 * report.failed // 0
 */
export async function runConformance(url: string | URL, options: ConformanceOptions = {}): Promise<Report> {
  const { headers = {}, currency = 'EUR', timeout = 15_000, only } = options
  const checks = chosen(only)
  const http = createHttp(String(url), { fetch: options.fetch ?? globalThis.fetch, headers, timeout })
  const world: World = {
    http,
    currency,
    subject: (id = randomName()) => createSubject(http, id),
    start: (writer = 'a') => mutation(writer, 1, 'start', { currency }),
  }
  const withheld = await probe(world).catch((error: unknown) => {
    throw error instanceof Failure
      ? new Error(`Nobody answers at ${String(url)}: ${error.came}`, { cause: error })
      : error
  })
  const results: Result[] = []
  for (const check of checks) results.push(await judge(check, world, withheld))
  const count = (status: Result['status']): number => results.filter(result => result.status === status).length
  return {
    url: String(url),
    passed: count('passed'),
    failed: count('failed'),
    skipped: count('skipped'),
    results,
  }
}
