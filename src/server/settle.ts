// An upstream that keeps sessions itself is asked about what is stored, and one call at a time is made for a session, whatever
// server makes it. The session's document says who makes one: that comes with the write of the change and goes with the write
// of what was said, so a call costs two writes and no more. Whoever finds a call that somebody else makes waits for it: it
// may say what he wants to know, and if more was written meanwhile, one call more is for all who wait.
import type { Upstream } from '../session/upstream.ts'
import { ask } from './ask.ts'
import { crowded, MAX_ATTEMPTS, stepAside } from './contention.ts'
import { followed, type SessionDocument, type Stored } from './document.ts'
import { exclusively, lookAgain } from './lease.ts'
import { load } from './load.ts'
import type { Settings } from './options.ts'
import { inForce } from './promotions.ts'
import { randomId } from './random.ts'
import { calling, ended, endOf, heard, isDue, isOpen, isOwn, isUnderWay, told, type Turn } from './turn.ts'

/** An upstream that keeps sessions. */
export type Keeper = Upstream & { readonly serialize: NonNullable<Upstream['serialize']> }

/** Whether upstream keeps sessions of its own. */
export function isKeeper(upstream: Upstream | undefined): upstream is Keeper {
  return upstream?.serialize !== undefined
}

/** A turn that begins now. A request that begins anew goes on under its token: what is stored may be its own. */
export function turnOf(
  { clock, random, upstreamTimeout }: Settings,
  request: Request | undefined,
  token: string = randomId(random),
): Turn {
  return { token, deadline: clock.now() + upstreamTimeout, request }
}

// Changes what is stored as long as a condition holds, over again when another write came first.
async function update(
  settings: Settings,
  id: string,
  isMeant: (document: SessionDocument) => boolean,
  change: (stored: Stored) => SessionDocument,
): Promise<Stored | undefined> {
  for (let count = 1; count <= MAX_ATTEMPTS; count++) {
    const stored = await load(settings, id)
    if (!stored || !isMeant(stored.document)) return stored
    const document = followed(stored, change(stored))
    if (await settings.store.write(id, stored.version, JSON.stringify(document))) {
      return { version: stored.version + 1, document }
    }
    await stepAside(settings, count)
  }
  throw crowded()
}

// Of the time of a call. With less it would be given up, and nobody would know what became of it.
const LEAST_SHARE = 1 / 4

function isTooLate({ clock, upstreamTimeout }: Settings, { deadline }: Turn): boolean {
  return deadline - clock.now() < upstreamTimeout * LEAST_SHARE
}

// Calls upstream for what is stored, which has the call noted as this turn's, and writes what was said.
async function call(
  settings: Settings,
  upstream: Keeper,
  turn: Turn,
  document: SessionDocument,
): Promise<Stored | undefined> {
  const { clock, report } = settings
  const { session } = document
  const change = (to: (stored: Stored) => SessionDocument): Promise<Stored | undefined> =>
    update(settings, session.integrationId, now => isOwn(now, turn), to)
  try {
    const lease = { token: turn.token, until: endOf(turn) }
    const said = await exclusively(settings, upstream.serialize(session), lease, turn.deadline, async () => {
      if (isTooLate(settings, turn)) return
      const introduced = inForce(heard(document, clock.now()), session)
      const limit = turn.deadline - clock.now()
      return ask(settings, upstream, document, { introduced, request: turn.request, limit })
    })
    return await change(stored =>
      said ? told(stored, document, said, turn, clock.now()) : ended(stored.document, turn),
    )
  } catch (error) {
    report(error, session.integrationId)
    return change(stored => ended({ ...stored.document, estimated: true }, turn, { interrupted: clock.now() }))
  }
}

/**
 * Sees to it that upstream has been asked about what is stored, as far as the turn's time allows.
 *
 * @param stored The session as it was last read or written.
 * @returns The session as it is then; `estimated` when upstream has not said anything by the deadline.
 */
export async function settle(settings: Settings, upstream: Keeper, turn: Turn, stored: Stored): Promise<Stored> {
  const { clock } = settings
  const { integrationId } = stored.document.session
  const isTheirs = (document: SessionDocument): boolean => isUnderWay(document, turn, clock.now())
  let latest: Stored | undefined = stored
  while (latest && isDue(latest.document, clock.now()) && clock.now() < turn.deadline) {
    stored = latest
    if (isOwn(stored.document, turn)) {
      latest = await call(settings, upstream, turn, stored.document)
      // Upstream has nothing to say now, and waiting would not help.
      if (!latest || !isOwn(latest.document, turn)) break
    } else if (isTheirs(stored.document)) {
      await lookAgain(settings)
      latest = await load(settings, integrationId)
    } else if (isTooLate(settings, turn)) break
    else {
      const isFree = (document: SessionDocument): boolean => !isTheirs(document)
      latest = await update(settings, integrationId, isFree, ({ document }) => calling(document, turn))
    }
  }
  // Its time is over: for what was written last somebody else may call, and a code that is about to be answered as taken is
  // turned down by nobody, whatever his clock says.
  const isStillOpen = (document: SessionDocument): boolean => isOpen(document, turn)
  if (latest && isStillOpen(latest.document)) {
    latest = await update(settings, integrationId, isStillOpen, ({ document }) => ended(document, turn))
  }
  return latest ?? stored
}
