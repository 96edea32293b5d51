import type { IntroducedCode, Upstream, UpstreamContext, UpstreamResult } from '../session/upstream.ts'
import { pause, within } from './clock.ts'
import type { SessionDocument } from './document.ts'
import type { Settings } from './options.ts'
import { toUpstreamResult } from './promotions.ts'

/** How upstream is asked about a document. */
export interface Question {
  readonly introduced: readonly IntroducedCode[]
  readonly request: Request | undefined
  /** How long it may take, in ms. */
  readonly limit: number
  /** Asks what it would say. @defaultValue false */
  readonly preview?: boolean | undefined
}

function contextOf(settings: Settings, document: SessionDocument, question: Question): Omit<UpstreamContext, 'signal'> {
  const { clock, random, report } = settings
  const { integrationId } = document.session
  const { memory, interrupted } = document.upstream ?? {}
  return {
    introduced: question.introduced.map(({ kind, code, writer, n }) => ({ kind, code, writer, n })),
    currency: document.currency,
    epoch: document.epoch,
    memory,
    interrupted,
    request: question.request,
    now: () => clock.now(),
    pause: ms => pause(clock, ms),
    chance: () => (random(1)[0] ?? 0) / 256,
    report(error) {
      report(error, integrationId)
    },
  }
}

function previewOf(upstream: Upstream): Upstream {
  if (upstream.preview) return upstream.preview
  if (upstream.serialize) throw new TypeError('This upstream keeps sessions and has no preview.')
  return upstream
}

/**
 * Asks upstream about a document, and checks what it says.
 *
 * @throws What upstream throws, an Error when it takes too long, ValiError or TypeError when it says what it may not.
 */
export async function ask(
  settings: Settings,
  upstream: Upstream,
  document: SessionDocument,
  question: Question,
): Promise<UpstreamResult> {
  const context = contextOf(settings, document, question)
  const { session } = document
  const job = question.preview ? previewOf(upstream) : upstream
  const said = await within(settings.clock, question.limit, async signal => job(session, { ...context, signal }))
  return bounded(settings, document, toUpstreamResult(said))
}

// They go into the document with all else; what a session says may fill what is left of its size.
function bounded(
  { maxSessionSize, report }: Settings,
  { session }: SessionDocument,
  said: UpstreamResult,
): UpstreamResult {
  const size = JSON.stringify(said.effects ?? []).length
  if (size <= maxSessionSize / 2) return said
  report(new Error(`Effects of ${size} characters are too many to be kept and are left out.`), session.integrationId)
  return { ...said, effects: [] }
}
