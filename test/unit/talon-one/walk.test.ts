import { describe, expect, test } from 'vitest'
import type { SessionState } from '../../../src/session/session.ts'
import { nextMove } from '../../../src/talon-one/moves.ts'
import {
  cannotMove,
  createScript,
  empty,
  sessionOf,
  standing,
  START,
  type Answer,
  type Script,
} from '../../support/scripted-talon-one.ts'

const LATENESS = 30_000
const open = sessionOf()
const closed = sessionOf({ state: 'closed' })
const cancelled = sessionOf({ state: 'cancelled' })

function returned(...quantities: (number | undefined)[]): ReturnType<typeof sessionOf> {
  const cartItems = open.cartItems.map((item, index) => ({ ...item, returnedQuantity: quantities[index] }))
  return sessionOf({ state: 'partially_returned', cartItems })
}

/** The session as Talon.One tells it, in the state it was last sent. */
function mirrored({ calls }: Script, fields: object = {}): Answer {
  const { customerSession } = calls.findLast(({ body }) => body?.customerSession?.cartItems)!.body
  return standing(customerSession.state, { ...customerSession, ...fields })
}

/** A bridge that has led a session to a state. */
async function scriptAt(state: SessionState): Promise<Script> {
  const script = createScript()
  if (state === 'cancelled') {
    script.answer(empty)
    await script.ask(open)
  }
  script.answer(empty)
  const first = state === 'open' || state === 'cancelled' ? sessionOf({ state }) : closed
  await script.ask(first)
  if (state === 'partially_returned') {
    script.answer(mirrored(script), empty)
    await script.ask(returned(1))
  }
  script.deeds()
  return script
}

describe('each move of the state table', () => {
  test('new → open', async () => {
    const script = createScript()
    script.answer(empty)
    const result = await script.ask(open)
    expect(script.deeds()).toEqual(['PUT open'])
    expect(result).toMatchObject({ discounts: {}, rejected: [], effects: [] })
    expect(result.estimated).toBeUndefined()
    expect(result.again).toBeUndefined()
  })

  test('new → closed', async () => {
    const script = createScript()
    script.answer(empty)
    await script.ask(closed)
    expect(script.deeds()).toEqual(['PUT closed'])
  })

  test('open → open, whole each time', async () => {
    const script = await scriptAt('open')
    script.answer(empty)
    await script.ask(sessionOf({ coupon: 'HELLO' }))
    expect(script.deeds()).toEqual(['PUT open'])
    expect(script.calls.at(-1)!.body.customerSession).toMatchObject({ couponCodes: ['HELLO'], referralCode: '' })
    script.answer(empty)
    await script.ask(sessionOf({ cartItems: [] }))
    expect(script.calls.at(-1)!.body.customerSession).toMatchObject({ couponCodes: [], cartItems: [] })
  })

  test('open → closed', async () => {
    const script = await scriptAt('open')
    script.answer(empty)
    await script.ask(closed)
    expect(script.deeds()).toEqual(['PUT closed'])
  })

  test('open → cancelled, with what it held in the end', async () => {
    const script = await scriptAt('open')
    script.answer(empty)
    await script.ask(sessionOf({ state: 'cancelled', coupon: 'LAST' }))
    expect(script.deeds()).toEqual(['PUT cancelled'])
    expect(script.calls.at(-1)!.body.customerSession.couponCodes).toEqual(['LAST'])
  })

  test.each(['closed', 'partially_returned'] as const)('%s → cancelled says nothing but the state', async state => {
    const script = await scriptAt(state)
    script.answer({ body: { effects: [{ effectType: 'rollbackDiscount', props: { name: 'A', value: 3 } }] } })
    expect((await script.ask(cancelled)).discounts).toEqual({})
    expect(script.deeds()).toEqual(['PUT cancelled'])
    expect(script.calls.at(-1)!.body.customerSession).toEqual({ state: 'cancelled' })
  })

  test('closed → partially_returned, after reading what came back', async () => {
    const script = await scriptAt('closed')
    script.answer(mirrored(script), empty)
    await script.ask(returned(1, 1))
    expect(script.deeds()).toEqual(['GET', 'POST /returns'])
    expect(script.calls.at(-1)!.body.return.returnedCartItems).toEqual([
      { position: 0, quantity: 1 },
      { position: 1, quantity: 1 },
    ])
  })

  test('partially_returned → partially_returned: the difference alone', async () => {
    const script = await scriptAt('partially_returned')
    const cartItems = [
      { sku: 'MUG-01', position: 0, returnedQuantity: 1 },
      { sku: 'TEA-09', position: 1 },
    ]
    script.answer(mirrored(script, { state: 'partially_returned', cartItems }), empty)
    await script.ask(returned(2))
    expect(script.deeds()).toEqual(['GET', 'POST /returns'])
    expect(script.calls.at(-1)!.body.return.returnedCartItems).toEqual([{ position: 0, quantity: 1 }])
  })

  test('closed → open by reopening, then the state that is stored', async () => {
    const script = await scriptAt('closed')
    script.answer(empty, empty)
    await script.ask(open)
    expect(script.deeds()).toEqual(['PUT /reopen', 'PUT open'])
  })

  test('closed with something else: reopened and closed anew', async () => {
    const script = await scriptAt('closed')
    script.answer(empty, empty)
    await script.ask(sessionOf({ state: 'closed', coupon: 'OTHER' }))
    expect(script.deeds()).toEqual(['PUT /reopen', 'PUT closed'])
  })

  test('new → partially_returned goes through closed', async () => {
    const script = createScript()
    script.answer(empty, call => standing('closed', { cartItems: [], at: call.url }), empty)
    await script.ask(returned(1))
    expect(script.deeds()).toEqual(['PUT closed', 'GET', 'POST /returns'])
  })

  test('new → cancelled: nothing is said of what upstream has never heard of', async () => {
    const script = createScript()
    await script.ask(cancelled)
    expect(script.deeds()).toEqual([])
  })

  test('closed → closed: read, never closed again', async () => {
    const script = await scriptAt('closed')
    script.answer(standing('closed', {}, [{ effectType: 'setDiscount', props: { name: 'A', value: 2 } }]))
    expect((await script.ask(closed)).discounts).toEqual({ A: 2 })
    expect(script.deeds()).toEqual(['GET'])
  })
})

describe('the table of moves', () => {
  const legal: Record<string, string> = {
    'unknown open': 'open',
    'unknown closed': 'close',
    'unknown partially_returned': 'close',
    'unknown cancelled': 'keep',
    'open open': 'open',
    'open closed': 'close',
    'open partially_returned': 'close',
    'open cancelled': 'cancel',
    'closed open': 'reopen',
    'closed closed': 'stay',
    'closed partially_returned': 'return',
    'closed cancelled': 'cancel',
    'partially_returned partially_returned': 'return',
    'partially_returned cancelled': 'cancel',
    'cancelled cancelled': 'stay',
    'lost open': 'open',
    'lost closed': 'keep',
    'lost partially_returned': 'keep',
    'lost cancelled': 'keep',
  }
  const from = ['unknown', 'lost', 'open', 'closed', 'partially_returned', 'cancelled'] as const
  const to = ['open', 'closed', 'partially_returned', 'cancelled'] as const
  test.each(from.flatMap(one => to.map(other => [one, other] as const)))('%s → %s', (one, other) => {
    const move = nextMove(other, one === 'unknown' ? undefined : one, true)
    // There is no way out of cancelled, and none from partially_returned but to cancelled.
    expect(move).toBe(legal[`${one} ${other}`] ?? 'stuck')
  })
})

describe('what costs no call', () => {
  test('an open session with nothing in it that upstream does not know', async () => {
    const script = createScript()
    expect(await script.ask(sessionOf({ cartItems: [], attributes: { page: 3 } }))).toEqual({})
    expect(script.deeds()).toEqual([])
  })

  test.each([{ coupon: 'A' }, { referral: 'B' }])('but %o is something', async fields => {
    const script = createScript()
    script.answer(empty)
    await script.ask(sessionOf({ cartItems: [], ...fields }))
    expect(script.deeds()).toEqual(['PUT open'])
  })

  test('an emptied one that upstream knows is emptied there', async () => {
    const script = await scriptAt('open')
    script.answer(empty)
    await script.ask(sessionOf({ cartItems: [] }))
    expect(script.deeds()).toEqual(['PUT open'])
  })
})

describe('what was forgotten or moved by somebody else', () => {
  test('a closed session that upstream has forgotten is never closed again', async () => {
    const script = await scriptAt('closed')
    const session = sessionOf({ state: 'closed', discounts: { A: 2 } })
    script.answer({ status: 404, body: { message: 'not found' } })
    expect((await script.ask(session)).discounts).toEqual({ A: 2 })
    await script.ask(session)
    await script.ask(returned(1))
    await script.ask(cancelled)
    expect(script.deeds()).toEqual(['GET'])
    expect(script.reports.map(({ code }) => code)).toEqual(['session-lost'])
  })

  test('one that is reopened here begins anew there', async () => {
    const script = await scriptAt('closed')
    script.answer({ status: 404, body: {} }, empty)
    await script.ask(open)
    expect(script.deeds()).toEqual(['PUT /reopen', 'PUT open'])
    expect(script.reports.map(({ code }) => code)).toEqual(['session-lost'])
  })

  test('an open one that somebody has closed stays closed', async () => {
    const script = await scriptAt('open')
    const session = sessionOf({ coupon: 'LATE' })
    script.answer(cannotMove('open', 'closed'))
    const result = await script.ask(session)
    expect(result).toMatchObject({ discounts: {} })
    expect(result.estimated).toBeUndefined()
    // The same is not sent again.
    await script.ask(session)
    expect(script.deeds()).toEqual(['PUT open'])
    expect(script.reports.map(({ code, status }) => [code, status])).toEqual([['moved-elsewhere', 400]])
  })

  test('one that somebody has closed before we did is taken as it is', async () => {
    const script = await scriptAt('open')
    const theirs = standing('closed', { couponCodes: ['THEIRS'] }, [
      { effectType: 'setDiscount', props: { name: 'A', value: 2 } },
    ])
    script.answer(cannotMove('closed', 'closed'), theirs)
    expect((await script.ask(closed)).discounts).toEqual({ A: 2 })
    script.answer(theirs)
    await script.ask(closed)
    expect(script.deeds()).toEqual(['PUT closed', 'GET', 'GET'])
    expect(script.reports.map(({ code }) => code)).toEqual(['moved-elsewhere'])
  })

  test.each(['cancelled', 'partially_returned'])('one that is %s there is closed no more', async state => {
    const script = await scriptAt('open')
    script.answer(cannotMove('closed', state), standing(state))
    await script.ask(closed)
    script.answer(standing(state))
    await script.ask(closed)
    expect(script.deeds()).toEqual(['PUT closed', 'GET', 'GET'])
    expect(script.reports.map(({ code }) => code)).toEqual(['moved-elsewhere'])
  })

  test('one that somebody has reopened is not reopened again', async () => {
    const script = await scriptAt('closed')
    script.answer(cannotMove('open', 'open'), standing('open'), empty)
    await script.ask(open)
    expect(script.deeds()).toEqual(['PUT /reopen', 'GET', 'PUT open'])
  })

  test('a move that is refused again and again ends', async () => {
    const script = await scriptAt('closed')
    script.answer(mirrored(script), cannotMove('partially_returned', 'closed'), mirrored(script), cannotMove('x', 'y'))
    expect((await script.ask(returned(1))).estimated).toBeUndefined()
    expect(script.deeds()).toEqual(['GET', 'POST /returns', 'GET', 'POST /returns'])
    expect(script.reports.map(({ code }) => code)).toContain('moved-elsewhere')
  })
})

describe('returns are never doubled', () => {
  test('what upstream has already is not returned', async () => {
    const script = await scriptAt('closed')
    script.answer(standing('partially_returned', { cartItems: [{ returnedQuantity: 1 }, {}] }))
    await script.ask(returned(1))
    expect(script.deeds()).toEqual(['GET'])
  })

  test('it goes by the position that is told, and by what remains', async () => {
    const script = await scriptAt('closed')
    const cartItems = [
      { position: 1, returnedQuantity: 1 },
      { position: 0, quantity: 2, remainingQuantity: 1 },
    ]
    script.answer(standing('partially_returned', { cartItems }), empty)
    await script.ask(returned(2, 1))
    expect(script.calls.at(-1)!.body.return.returnedCartItems).toEqual([{ position: 0, quantity: 1 }])
  })

  test.each([
    ['no items', standing('closed')],
    ['nothing of what came back', standing('partially_returned', { cartItems: [{ sku: 'MUG-01' }, {}] })],
  ])('an answer with %s is no ground to return anything', async (_, answer) => {
    const script = await scriptAt('closed')
    script.answer(answer)
    await expect(script.ask(returned(1))).rejects.toMatchObject({ code: 'unreadable' })
    expect(script.deeds()).toEqual(['GET'])
  })

  test('the discounts are those before, less what was rolled back', async () => {
    const script = await scriptAt('closed')
    const before = [
      { effectType: 'setDiscountPerItem', props: { name: 'Mug#0', value: 0.1, position: 0, subPosition: 0 } },
      { effectType: 'setDiscountPerItem', props: { name: 'Mug#0', value: 0.2, position: 0, subPosition: 1 } },
      { effectType: 'setDiscount', props: { name: 'Once', value: 1 } },
    ]
    const rolledBack = [
      { effectType: 'rollbackDiscount', props: { name: 'Mug#0', value: 0.1, cartItemPosition: 0 } },
      { effectType: 'rollbackDiscount', props: { name: 'Once', value: 1 } },
    ]
    script.answer(standing('closed', { cartItems: [{}, {}] }, before), { body: { effects: rolledBack } })
    expect((await script.ask(returned(1))).discounts).toEqual({ Mug: 0.2 })
  })

  test('a rule that has changed an attribute does not make it another session', async () => {
    const script = await scriptAt('closed')
    script.answer(standing('closed', { attributes: { x: 1 }, profileId: 'changed', cartItems: [{}, {}] }), empty)
    await script.ask(returned(1))
    expect(script.deeds()).toEqual(['GET', 'POST /returns'])
  })
})

describe('after a call of whose end nobody heard', () => {
  const interrupted = START
  const early = { interrupted }

  test('an open session is sent at once, and once more when the call can no longer arrive', async () => {
    const script = createScript()
    script.answer(empty)
    const result = await script.ask(open, early)
    expect(result.again).toBe(START + LATENESS)
    expect(result.estimated).toBeUndefined()
    script.now = result.again!
    script.answer(empty)
    expect((await script.ask(open, early)).again).toBeUndefined()
    expect(script.deeds()).toEqual(['PUT open', 'PUT open'])
    const [first, second] = script.calls.map(({ headers }) => headers['idempotency-key'])
    expect(first).not.toBe(second)
  })

  test('the memory keeps it, whoever forgets to say it', async () => {
    const script = createScript()
    script.answer({ status: 429 })
    expect(await script.ask(open, early)).toMatchObject({ estimated: true, again: START + LATENESS })
    script.now += 1000
    script.answer(empty)
    expect((await script.ask(open)).again).toBe(START + LATENESS)
  })

  test('before any other move upstream is asked, and believed', async () => {
    const script = createScript()
    script.answer({ status: 404, body: {} }, empty)
    expect((await script.ask(closed, early)).again).toBe(START + LATENESS)
    expect(script.deeds()).toEqual(['GET', 'PUT closed'])
  })

  test('a close that has arrived is not made again', async () => {
    const script = createScript()
    script.answer(call => standing('closed', { couponCodes: ['hello'], at: call.url }))
    await script.ask(sessionOf({ state: 'closed', coupon: 'HELLO' }), early)
    expect(script.deeds()).toEqual(['GET'])
  })

  test('a close of something else that has arrived is undone', async () => {
    const script = createScript()
    script.answer(standing('closed', { couponCodes: ['OLD'], cartItems: null }), empty, empty)
    await script.ask(closed, early)
    expect(script.deeds()).toEqual(['GET', 'PUT /reopen', 'PUT closed'])
  })

  test('a close that arrives in between is recognised', async () => {
    const script = await scriptAt('open')
    script.answer(standing('open'), cannotMove('closed', 'closed'), mirrored(script, { state: 'closed' }))
    await script.ask(closed, early)
    expect(script.deeds()).toEqual(['GET', 'PUT closed', 'GET'])
    expect(script.reports).toEqual([])
  })

  test('a close of our own is reopened, where the session is open again', async () => {
    const script = await scriptAt('open')
    script.answer(cannotMove('open', 'closed'), standing('closed'), empty, empty)
    expect((await script.ask(open, early)).again).toBe(START + LATENESS)
    expect(script.deeds()).toEqual(['PUT open', 'GET', 'PUT /reopen', 'PUT open'])
    expect(script.reports).toEqual([])
  })

  test('a return waits until the call can no longer arrive', async () => {
    const script = await scriptAt('closed')
    script.answer(mirrored(script))
    expect(await script.ask(returned(1), early)).toMatchObject({ estimated: true, again: START + LATENESS })
    expect(script.deeds()).toEqual(['GET'])
    script.now = START + LATENESS
    script.answer(mirrored(script), empty)
    expect(await script.ask(returned(1), early)).not.toHaveProperty('estimated')
    expect(script.deeds()).toEqual(['GET', 'POST /returns'])
  })

  test('a return that has arrived is not made again', async () => {
    const script = await scriptAt('closed')
    script.answer(mirrored(script, { state: 'partially_returned', cartItems: [{ returnedQuantity: 1 }, {}] }))
    expect((await script.ask(returned(1), early)).again).toBe(START + LATENESS)
    expect(script.deeds()).toEqual(['GET'])
  })

  test('a cancelled session of which upstream may hear yet is looked for once more', async () => {
    const script = createScript()
    script.answer({ status: 404, body: {} })
    expect((await script.ask(cancelled, early)).again).toBe(START + LATENESS)
    script.now = START + LATENESS
    script.answer(standing('open'), empty)
    expect((await script.ask(cancelled, early)).again).toBeUndefined()
    expect(script.deeds()).toEqual(['GET', 'GET', 'PUT cancelled'])
  })

  test('a session that upstream knew and has forgotten is not closed', async () => {
    const script = await scriptAt('open')
    script.answer({ status: 404, body: {} })
    await script.ask(closed, early)
    expect(script.deeds()).toEqual(['GET'])
    expect(script.reports.map(({ code }) => code)).toEqual(['session-lost'])
  })

  test('a memory that cannot be read is no knowledge: upstream is asked', async () => {
    const script = createScript()
    script.memory = { calls: 'many' }
    script.answer(standing('closed'))
    await script.ask(closed)
    expect(script.deeds()).toEqual(['GET'])
  })

  test('an answer that tells no state is no ground for a move', async () => {
    const script = createScript()
    script.answer({ body: { effects: [] } })
    await expect(script.ask(closed, early)).rejects.toMatchObject({ code: 'unreadable' })
  })
})

describe('the key of a call', () => {
  async function keyAfter(change: (script: Script) => void, session = open): Promise<string> {
    const script = createScript()
    change(script)
    script.answer(empty)
    await script.ask(session, { interrupted: START })
    return script.calls.at(-1)!.headers['idempotency-key']!
  }
  const ignore = (): void => {}

  test('is the same for the same call after a crash', async () => {
    expect(await keyAfter(ignore)).toBe(await keyAfter(script => (script.now += 1000)))
  })

  test('is another for another state, after an answer, and when the first call can no longer arrive', async () => {
    const keys = await Promise.all([
      keyAfter(ignore),
      keyAfter(ignore, sessionOf({ coupon: 'A' })),
      keyAfter(script => (script.memory = { calls: 1, identifiers: [] })),
      keyAfter(script => (script.now += LATENESS)),
    ])
    expect(new Set(keys).size).toBe(keys.length)
  })

  test('is another for another epoch', async () => {
    const script = createScript()
    script.answer(empty, empty)
    await script.upstream(open, script.context())
    await script.upstream(open, script.context({ epoch: 'e2' }))
    const [first, second] = script.calls.map(({ headers }) => headers['idempotency-key'])
    expect(first).not.toBe(second)
  })
})
