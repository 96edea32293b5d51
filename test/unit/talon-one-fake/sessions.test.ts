import { expect, test } from 'vitest'
import { createTalonOneWorld, KEYS } from '../../support/talon-one-client.ts'

const mug = { sku: 'MUG', quantity: 2, price: 99.99 }

test('a session comes into being with its first update, open, and counts its updates', async () => {
  const { put, deeds, clock } = createTalonOneWorld()
  const first = await put('c', {})
  expect(first.status).toBe(200)
  expect(first.body).toMatchObject({ effects: [], createdCoupons: [], createdReferrals: [] })
  const { id, ...session } = first.body.customerSession
  expect(id).toBeTypeOf('number')
  expect(session).toEqual({
    integrationId: 'c',
    applicationId: 7,
    profileId: '',
    state: 'open',
    couponCodes: [],
    referralCode: '',
    cartItems: [],
    identifiers: null,
    attributes: {},
    firstSession: true,
    updateCount: 1,
    created: '2026-11-23T10:00:00.000Z',
    updated: '2026-11-23T10:00:00.000Z',
    total: 0,
    cartItemTotal: 0,
    additionalCostTotal: 0,
    cartItemAdditionalCostTotal: 0,
  })
  await clock.advance(1000)
  const second = await put('c', {})
  expect(second.body.customerSession).toMatchObject({
    id,
    updateCount: 2,
    created: '2026-11-23T10:00:00.000Z',
    updated: '2026-11-23T10:00:01.000Z',
  })
  expect(deeds()).toEqual(['c created', 'c updated'])
})

test('only what is asked for comes back, and a name nobody knows brings nothing', async () => {
  const { send } = createTalonOneWorld()
  const ask = async (responseContent?: unknown[]) => {
    const { body } = await send('PUT', '/v2/customer_sessions/c', { customerSession: {}, responseContent })
    return Object.keys(body)
  }
  const always = ['effects', 'createdCoupons', 'createdReferrals']
  expect(await ask()).toEqual(always)
  expect(await ask(['loyalty', 'newest', '__proto__', 'event'])).toEqual([...always, 'loyalty', 'event'])
})

test('what is left out stays, lists are replaced, and so are the attributes of an item', async () => {
  const { put } = createTalonOneWorld()
  await put('c', {
    profileId: 'p',
    couponCodes: ['A', 'B'],
    referralCode: 'R',
    identifiers: ['i'],
    cartItems: [{ ...mug, attributes: { Color: 'red' } }],
    additionalCosts: { shipping: { price: 5 } },
  })
  const kept = await put('c', { state: 'open' })
  expect(kept.body.customerSession).toMatchObject({
    profileId: 'p',
    couponCodes: ['A', 'B'],
    referralCode: 'R',
    identifiers: ['i'],
    cartItems: [{ sku: 'MUG', position: 0, attributes: { Color: 'red' } }],
    additionalCosts: { shipping: { price: 5 } },
  })
  const replaced = await put('c', { couponCodes: [], referralCode: '', cartItems: [{ ...mug, attributes: {} }] })
  expect(replaced.body.customerSession).toMatchObject({ couponCodes: [], referralCode: '' })
  expect(replaced.body.customerSession.cartItems).toEqual([{ ...mug, position: 0, attributes: {} }])
})

test('attributes that are not named stay, or go where an account does so', async () => {
  for (const [sessionAttributes, left] of [
    ['merge', { City: 'Bonn', Age: 3 }],
    ['replace', { Age: 3 }],
  ] as const) {
    const { put } = createTalonOneWorld({ sessionAttributes })
    await put('c', { attributes: { City: 'Bonn' } })
    const { body } = await put('c', { attributes: { Age: 3, City: null } })
    expect(body.customerSession.attributes).toEqual(left)
  }
})

test('totals are sums before discounts, in doubles', async () => {
  const { put } = createTalonOneWorld()
  const giftWrap = { giftWrap: { price: 3 } }
  const session = {
    cartItems: [
      { sku: 'A', quantity: 3, price: 9.9, additionalCosts: giftWrap },
      { sku: 'B', quantity: 1 },
    ],
    additionalCosts: { shipping: { price: 5 } },
  }
  const { body } = await put('c', session)
  expect(body.customerSession).toMatchObject({
    cartItemTotal: 29.700000000000003,
    additionalCostTotal: 5,
    cartItemAdditionalCostTotal: 3,
    total: 37.7,
  })
  const perUnit = await createTalonOneWorld({ itemCosts: 'unit' }).put('c', session)
  expect(perUnit.body.customerSession.cartItemAdditionalCostTotal).toBe(9)
})

test('the first session of a profile is one, and every one without a profile is', async () => {
  const { put } = createTalonOneWorld()
  const isFirst = async (id: string, session: object) =>
    (await put(id, session)).body.customerSession.firstSession as boolean
  expect(await isFirst('a', { profileId: 'p' })).toBe(true)
  expect(await isFirst('b', { profileId: 'p' })).toBe(false)
  expect(await isFirst('a', {})).toBe(true)
  expect(await isFirst('c', {})).toBe(true)
  expect(await isFirst('d', {})).toBe(true)
})

test('an open session may change its profile', async () => {
  const { put } = createTalonOneWorld()
  await put('a', { profileId: 'p' })
  expect((await put('b', { profileId: 'guest' })).body.customerSession.firstSession).toBe(true)
  const { body } = await put('b', { profileId: 'p' })
  expect(body.customerSession).toMatchObject({ profileId: 'p', firstSession: false })
})

const MOVES = {
  open: { open: 200, closed: 200, cancelled: 200 },
  closed: { open: 400, closed: 400, cancelled: 200 },
  cancelled: { open: 400, closed: 400, cancelled: 400 },
  partially_returned: { open: 400, closed: 400, cancelled: 200 },
}
const rows = Object.entries(MOVES).flatMap(([from, list]) =>
  Object.entries(list).map(([to, status]) => [from, to, status] as const),
)

test.for(rows)('a PUT moves a session from %s to %s: %i', async ([from, to, status]) => {
  const { put, returns } = createTalonOneWorld()
  await put('c', { cartItems: [mug] })
  if (from !== 'open') await put('c', { state: from === 'cancelled' ? 'cancelled' : 'closed' })
  if (from === 'partially_returned') await returns('c', [{ position: 0, quantity: 1 }])
  const answer = await put('c', { state: to })
  expect(answer.status).toBe(status)
  if (status === 400)
    expect(answer.body).toEqual({ message: `Cannot move session to state "${to}" from state "${from}"` })
})

test('an update that names no state asks for an open session, which a closed one cannot become', async () => {
  const { put, get, deeds } = createTalonOneWorld()
  await put('c', { state: 'closed', cartItems: [mug] })
  const late = await put('c', { cartItems: [] })
  expect([late.status, late.body]).toEqual([
    400,
    { message: 'Cannot move session to state "open" from state "closed"' },
  ])
  expect((await get('c')).body.customerSession).toMatchObject({ state: 'closed', cartItems: [mug], updateCount: 1 })
  expect(deeds()).toEqual(['c created', 'c closed'])
})

test('a session cannot be created cancelled', async () => {
  const { put, deeds, talonOne } = createTalonOneWorld()
  expect((await put('c', { state: 'cancelled' })).status).toBe(400)
  expect([deeds(), talonOne.session('c')]).toEqual([[], undefined])
})

test('what a cancelling update brings along for a session that is closed is not looked at', async () => {
  const { put } = createTalonOneWorld()
  await put('c', { state: 'closed', cartItems: [mug] })
  const { body } = await put('c', { state: 'cancelled', cartItems: [] })
  expect(body.customerSession).toMatchObject({ state: 'cancelled', cartItems: [mug] })
})

test('a closed session is reopened by a request of its own, without a body', async () => {
  const { put, reopen, send, deeds } = createTalonOneWorld()
  await put('c', { state: 'closed' })
  expect((await send('PUT', '/v2/customer_sessions/c/reopen', {})).status).toBe(400)
  const answer = await reopen('c')
  expect([answer.status, answer.body]).toEqual([200, { effects: [] }])
  expect((await put('c', {})).body.customerSession).toMatchObject({ state: 'open', updateCount: 3 })
  const again = await reopen('c')
  expect(again.body.message).toBe('Cannot move session to state "open" from state "open"')
  expect(deeds()).toEqual(['c created', 'c closed', 'c reopened', 'c updated'])
})

test('a dry update stores nothing, and does not build on what is stored', async () => {
  const { put, get, deeds, talonOne } = createTalonOneWorld()
  await put('c', { profileId: 'p', cartItems: [mug] })
  const { body } = await put('c', { profileId: 'q', state: 'closed' }, { query: '?dry=true' })
  expect(body.customerSession).toMatchObject({ state: 'closed', cartItems: [], profileId: 'q', firstSession: true })
  expect((await get('c')).body.customerSession).toMatchObject({ state: 'open', profileId: 'p', updateCount: 1 })
  await put('new', {}, { query: '?dry=true' })
  expect([deeds(), talonOne.session('new')]).toEqual([['c created'], undefined])
})

test('a key of a test environment makes every update a dry one', async () => {
  const { put, deeds } = createTalonOneWorld({ apiKeys: [{ ...KEYS[0]!, isTest: true }] })
  expect((await put('c', {})).status).toBe(200)
  expect(deeds()).toEqual([])
})

test('each Application has sessions of its own', async () => {
  const { put, talonOne } = createTalonOneWorld()
  await put('c', { cartItems: [mug] })
  const { body } = await put('c', {}, { key: 'cd34' })
  expect(body.customerSession).toMatchObject({ applicationId: 8, cartItems: [], updateCount: 1 })
  expect(talonOne.session('c', 7)).toMatchObject({ cartItems: [mug] })
})

test('a session that nobody touched for its time is unknown, and an update makes it anew', async () => {
  const { put, get, clock, deeds } = createTalonOneWorld({ retention: 2 })
  const first = await put('c', { profileId: 'p', state: 'closed' })
  await clock.advance(2 * 86_400_000 - 1)
  expect((await get('c')).status).toBe(200)
  await clock.advance(1)
  expect((await get('c')).status).toBe(404)
  const { body } = await put('c', {})
  expect(body.customerSession).toMatchObject({ state: 'open', profileId: '', updateCount: 1 })
  expect(body.customerSession.id).not.toBe(first.body.customerSession.id)
  expect(deeds()).toEqual(['c created', 'c closed', 'c created'])
})

test('an id is what its escapes say, up to 1000 characters', async () => {
  const { put, get, talonOne } = createTalonOneWorld()
  const id = 'ä/ö?#% ‰'
  await put(id, {})
  expect(talonOne.session(id)).toMatchObject({ integrationId: id })
  expect((await get(id)).body.customerSession.integrationId).toBe(id)
  expect((await put('x'.repeat(1000), {})).status).toBe(200)
  expect((await put('x'.repeat(1001), {})).status).toBe(400)
})
