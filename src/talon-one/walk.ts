import { canonicalJson } from '../session/json.ts'
import type { SessionState } from '../session/session.ts'
import type { UpstreamResult } from '../session/upstream.ts'
import type { Evaluation } from './answer.ts'
import { digest } from './digest.ts'
import { TalonOneError } from './error.ts'
import { holds, toV1 } from './mapping.ts'
import type { Standing } from './memory.ts'
import { nextMove, type Move } from './moves.ts'
import { checkTotal, finish, finishWithout, wait } from './outcome.ts'
import { missingReturns } from './returns.ts'
import { bodyOf, change, pathOf, tellOnce, type Deed, type Trip } from './trip.ts'

// Look, reopen, close, look, return, and one more look where a move was refused.
const MAX_STEPS = 8

const STATE_AFTER = { open: 'open', close: 'closed', cancel: 'cancelled' } as const

// Source: the official Salesforce Commerce Cloud cartridge knows the answer by this text.
const CANNOT_MOVE = /cannot move session to state/i

/** What one walk has found out, beyond what is remembered. */
interface Findings {
  /** What upstream said when it was asked last; `undefined` once something was done since. */
  seen: Evaluation | undefined
  /** Whether upstream was asked what became of a call of whose end nobody heard. */
  isDoubtGone: boolean
  /** Whether a move was refused that the state upstream does not allow. */
  isSurprised: boolean
  /** What the walk ends with. */
  result: UpstreamResult | undefined
}

const NOTHING: Evaluation = { effects: [], customerSession: undefined }

function isBlank({ session }: Trip): boolean {
  return session.cartItems.length === 0 && session.coupon === '' && session.referral === ''
}

const saysCannotMove = ({ message }: TalonOneError): boolean => CANNOT_MOVE.test(message)

function lose(trip: Trip): void {
  trip.memory = { ...trip.memory, standing: 'lost', content: undefined }
  tellOnce(trip, new TalonOneError('session-lost', 'Talon.One has forgotten a session that it knew.'))
}

/**
 * Asks upstream how things stand, and believes it.
 *
 * @param isTaken Whether a session that somebody else has closed is taken as it is.
 */
async function look(trip: Trip, isTaken: boolean): Promise<Evaluation> {
  const { session, sent, content, doubt } = trip
  const reply = await trip.call({ method: 'GET', path: pathOf(session) })
  if (reply.kind === 'refused') {
    if (reply.error.status !== 404) throw reply.error
    if (trip.memory.standing !== undefined) lose(trip)
    return NOTHING
  }
  const { customerSession } = reply.evaluation
  const standing = customerSession && toV1(customerSession).state
  if (!standing) throw new TalonOneError('unreadable', 'Talon.One does not tell the state of a session.')
  // Rules can change attributes: what we have put there ourselves, and nobody after us, is not compared.
  const isKnown = doubt === undefined && trip.memory.content === content
  const isSame = isTaken || isKnown || holds(customerSession, sent)
  trip.memory = { ...trip.memory, standing, content: isSame ? content : undefined }
  return reply.evaluation
}

// The identifiers are left out: another device makes a refused state no better.
async function fingerprintOf({ sent }: Trip, move: Move): Promise<string> {
  return digest(canonicalJson([move, { ...sent, identifiers: null }]))
}

const moved = ({ message, ...rest }: TalonOneError): TalonOneError =>
  new TalonOneError('moved-elsewhere', message, rest)

async function refuse(trip: Trip, move: Move, error: TalonOneError): Promise<UpstreamResult> {
  trip.context.report(saysCannotMove(error) ? moved(error) : error)
  trip.memory = { ...trip.memory, refused: await fingerprintOf(trip, move) }
  return finishWithout(trip)
}

function advance(trip: Trip, standing: Standing | undefined, content?: string): void {
  trip.memory = { ...trip.memory, standing, content, refused: undefined }
}

/**
 * What to do about a refusal: have a look and go on from there, where the state upstream is not what it was taken for. An open
 * session that turns out to be closed, where no call of our own may have done it, was closed by somebody else; it stays so.
 */
async function recover(trip: Trip, findings: Findings, move: Move, error: TalonOneError): Promise<boolean> {
  if (move === 'reopen' && error.status === 404) {
    lose(trip)
    return true
  }
  const isOurs = trip.doubt !== undefined
  if (!saysCannotMove(error) || findings.isSurprised || (move === 'open' && !isOurs)) return false
  findings.isSurprised = true
  findings.isDoubtGone = true
  findings.seen = await look(trip, !isOurs && move === 'close')
  if (!isOurs) tellOnce(trip, moved(error))
  return true
}

function putBody({ sent, memory }: Trip, state: SessionState): string {
  // What is no longer open does not change, so nothing else is said of it.
  const isFixed = state === 'cancelled' && memory.standing !== 'open'
  return bodyOf(isFixed ? { state } : { ...sent, state })
}

// What upstream made of it; `undefined` where it was refused, and the walk goes on or ends otherwise.
async function make(
  trip: Trip,
  findings: Findings,
  move: Move,
  deed: Deed,
  body?: string,
): Promise<Evaluation | undefined> {
  if (trip.memory.refused === (await fingerprintOf(trip, move))) {
    findings.result = finishWithout(trip)
    return
  }
  const reply = await change(trip, deed, body)
  if (reply.kind === 'done') return reply.evaluation
  if (!(await recover(trip, findings, move, reply.error))) findings.result = await refuse(trip, move, reply.error)
  return undefined
}

async function put(trip: Trip, findings: Findings, move: keyof typeof STATE_AFTER): Promise<void> {
  const state = STATE_AFTER[move]
  const evaluation = await make(trip, findings, move, '', putBody(trip, state))
  if (!evaluation) return
  advance(trip, state, trip.content)
  findings.seen = undefined
  if (state !== trip.session.state) return
  if (state !== 'cancelled') checkTotal(trip, evaluation)
  findings.result = await finish(trip, evaluation)
}

async function reopen(trip: Trip, findings: Findings): Promise<void> {
  if (!(await make(trip, findings, 'reopen', '/reopen'))) return
  findings.seen = undefined
  advance(trip, 'open')
}

async function takeBack(trip: Trip, findings: Findings, seen: Evaluation): Promise<void> {
  const returnedCartItems = missingReturns(trip.session, seen.customerSession ?? {})
  if (returnedCartItems.length === 0) findings.result = await finish(trip, seen)
  // The first call may be still on its way, and would return the same once more.
  else if (trip.isEarly) findings.result = wait(trip)
  else {
    const body = JSON.stringify({ return: { returnedCartItems }, responseContent: ['customerSession'] })
    const evaluation = await make(trip, findings, 'return', '/returns', body)
    if (!evaluation) return
    advance(trip, 'partially_returned', trip.memory.content)
    // What was in force before, and what of it was rolled back now.
    const effects = [...seen.effects, ...evaluation.effects]
    findings.result = await finish(trip, { ...evaluation, effects })
  }
}

/** Makes one move; `seen` is what upstream says where the move needs to know. */
async function step(trip: Trip, findings: Findings, move: Move, seen: Evaluation): Promise<void> {
  const { standing } = trip.memory
  switch (move) {
    case 'open':
    case 'close':
    case 'cancel':
      return put(trip, findings, move)
    case 'reopen':
      return reopen(trip, findings)
    case 'return':
      return takeBack(trip, findings, seen)
    case 'stuck':
      tellOnce(trip, new TalonOneError('moved-elsewhere', `Upstream the session is ${standing}.`))
      findings.result = await finish(trip, seen)
      return
    case 'stay':
      findings.result = await finish(trip, seen)
      return
    case 'keep':
      findings.result = finishWithout(trip, standing === 'lost' ? trip.session.discounts : {})
  }
}

/**
 * Leads upstream from where it stands to what is stored: by the state that is to be, not by what has happened.
 *
 * @throws TalonOneError with code `unavailable` or `unreadable` when it is not known what became of a call; Unsent when
 * surely nothing did.
 */
export async function walk(trip: Trip): Promise<UpstreamResult> {
  const { session, doubt, content } = trip
  const findings: Findings = {
    seen: undefined,
    isDoubtGone: doubt === undefined,
    isSurprised: false,
    result: undefined,
  }
  for (let count = 0; count < MAX_STEPS; count++) {
    const { memory } = trip
    const move = nextMove(session.state, memory.standing, memory.content === content)
    if (move === 'open' && memory.standing === undefined && doubt === undefined && isBlank(trip)) {
      return { memory: trip.context.memory }
    }
    const isUnseen = /^(return|stay|stuck)$/.test(move) && !findings.seen
    if (isUnseen || (move !== 'open' && !findings.isDoubtGone)) {
      findings.seen = await look(trip, false)
      findings.isDoubtGone = true
      continue
    }
    await step(trip, findings, move, findings.seen ?? NOTHING)
    if (findings.result) return findings.result
  }
  throw new TalonOneError('unavailable', `Talon.One does not lead the session to ${session.state}.`)
}
