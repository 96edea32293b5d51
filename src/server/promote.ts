import type { Upstream } from '../session/upstream.ts'
import { ask } from './ask.ts'
import type { Introduction, SessionDocument, Stamp } from './document.ts'
import type { Settings } from './options.ts'
import { inForce, settlePromotions, withoutPromotions } from './promotions.ts'

// Each round after the first means that a code was turned down and an older one of the same batch came back.
const MAX_ROUNDS = 4

/** A change that upstream is asked about before it is written. */
export interface Promoting {
  readonly introduced: readonly Introduction[]
  readonly stamp: Stamp
  readonly request: Request | undefined
  /** Asks what upstream would say. @defaultValue false */
  readonly preview?: boolean | undefined
}

/**
 * Asks an upstream that keeps nothing, or for a preview, and makes what it says a part of the document. Without upstream
 * there is nothing to come.
 */
export async function promote(
  settings: Settings,
  upstream: Upstream | undefined,
  document: SessionDocument,
  { introduced, stamp, request, preview }: Promoting,
): Promise<SessionDocument> {
  if (!upstream) return { ...document, estimated: false }
  let next = { document, introduced, again: true }
  try {
    for (let round = 0; next.again && round < MAX_ROUNDS; round++) {
      const codes = inForce(next.introduced, next.document.session)
      const limit = settings.upstreamTimeout
      const said = await ask(settings, upstream, next.document, { introduced: codes, request, limit, preview })
      if (said.estimated) return withoutPromotions(next.document)
      next = settlePromotions(next.document, next.introduced, said, stamp)
    }
  } catch (error) {
    settings.report(error, document.session.integrationId)
    return withoutPromotions(next.document)
  }
  return next.again ? withoutPromotions(next.document) : next.document
}
