import { expect, test } from 'vitest'
import type { Campaign } from '../../support/talon-one/types.ts'
import { createTalonOneWorld, effectsOf, tenthOff, type TalonOneWorld } from '../../support/talon-one-client.ts'

const deal: Campaign[] = [
  ...tenthOff(),
  {
    id: 2,
    name: 'Deal',
    rules: [{ name: 'Deal', when: { sku: 'MUG' }, effects: [{ type: 'setDiscountPerItem', name: 'Deal', value: 2 }] }],
  },
]
const mug = { sku: 'MUG', quantity: 3, price: 10 }
const tea = { sku: 'TEA', quantity: 2, price: 5 }

async function closed(cartItems: object[] = [mug, tea]): Promise<TalonOneWorld> {
  const world = createTalonOneWorld({ campaigns: deal })
  await world.put('c', { cartItems, couponCodes: ['TEN'], state: 'closed' })
  return world
}
const back = (position: number, subPosition: number) => [
  'rollbackDiscount',
  { name: `Deal#${position}`, value: 2, cartItemPosition: position, cartItemSubPosition: subPosition },
]
const quantities = (body: any) =>
  body.customerSession.cartItems.map(({ returnedQuantity, remainingQuantity }: any) => [
    returnedQuantity,
    remainingQuantity,
  ])

test('units come back by their position, each with what it had off, and what remains is counted', async () => {
  const { returns, get, deeds } = await closed()
  const first = await returns('c', [{ position: 0, quantity: 1 }])
  expect(effectsOf(first)).toEqual([back(0, 0)])
  expect(first.body.customerSession).toMatchObject({ state: 'partially_returned', total: 40, updateCount: 2 })
  expect(quantities(first.body)).toEqual([
    [1, 2],
    [undefined, undefined],
  ])
  const second = await returns('c', [{ position: 0, quantity: 2 }, { position: 1 }])
  expect(effectsOf(second)).toEqual([back(0, 1), back(0, 2)])
  expect(quantities(second.body)).toEqual([
    [3, 0],
    [2, 0],
  ])
  expect(effectsOf(await get('c')).map(([type]: any) => type)).toEqual(['acceptCoupon', 'setDiscount'])
  expect(deeds().slice(3)).toEqual(['c returned 1 of 0', 'c returned 2 of 0 2 of 1'])
})

test('units come back by their sku, from the first line that has some left', async () => {
  const { returns } = await closed([{ ...mug, quantity: 1 }, tea, { ...mug, quantity: 2 }])
  const { body } = await returns('c', [{ sku: 'MUG', quantity: 2 }])
  expect(quantities(body)).toEqual([
    [1, 0],
    [undefined, undefined],
    [1, 1],
  ])
})

test.for([
  ['more than are there', [{ position: 0, quantity: 4 }]],
  [
    'more than are there, taken together',
    [
      { position: 0, quantity: 2 },
      { sku: 'MUG', quantity: 2 },
    ],
  ],
  ['of a line that is not there', [{ position: 9, quantity: 1 }]],
  ['of a sku that is not there', [{ sku: 'NOPE' }]],
  ['of a line of another sku', [{ position: 0, sku: 'TEA' }]],
  ['of no line at all', [{ quantity: 1 }]],
  ['nothing', []],
] as const)('a return of %s changes nothing', async ([, items]) => {
  const { returns, get } = await closed()
  expect((await returns('c', [{ position: 1 }, ...items])).status).toBe(items.length === 0 ? 200 : 400)
  const before = items.length === 0 ? 'partially_returned' : 'closed'
  expect((await get('c')).body.customerSession.state).toBe(before)
  expect((await returns('c', items)).status).toBe(400)
})

test('only what is closed comes back', async () => {
  const { put, returns } = createTalonOneWorld()
  await put('c', { cartItems: [mug] })
  const answer = await returns('c', [{ position: 0 }])
  expect([answer.status, answer.body.message]).toEqual([
    400,
    'Cannot move session to state "partially_returned" from state "open"',
  ])
  expect((await returns('nobody', [{ position: 0 }])).status).toBe(404)
})

test('a dry return says what it would do', async () => {
  const { returns, get } = await closed()
  const { body } = await returns('c', [{ position: 0, quantity: 1 }], { query: '?dry=true&runRuleEngine=true' })
  expect([body.effects.length, body.customerSession.state]).toEqual([1, 'partially_returned'])
  expect((await get('c')).body.customerSession.state).toBe('closed')
})

test('earlier returns are told of, and what a return may not ask for is refused', async () => {
  const { returns, send } = await closed()
  await returns('c', [{ position: 0, quantity: 1 }])
  const ask = (responseContent: string[]) =>
    send('POST', '/v2/customer_sessions/c/returns', {
      return: { returnedCartItems: [{ position: 1, quantity: 1 }] },
      responseContent,
    })
  const { body } = await ask(['previousReturns'])
  expect(body.previousReturns).toMatchObject([
    { sessionIntegrationId: 'c', returnedCartItems: [{ position: 0, quantity: 1 }] },
    { returnedCartItems: [{ position: 1, quantity: 1 }] },
  ])
  expect((await ask(['ruleFailureReasons'])).body.errors[0].title).toBe('enum')
})

test('what was returned in part can be cancelled, and takes the rest back', async () => {
  const { put, returns, talonOne, deeds } = await closed([{ ...mug, quantity: 2 }])
  await returns('c', [{ position: 0, quantity: 1 }])
  expect(effectsOf(await put('c', { state: 'cancelled' }))).toEqual([
    ['rollbackCoupon', { value: 'TEN' }],
    ['rollbackDiscount', { name: 'Tenth', value: 2 }],
    back(0, 1),
  ])
  expect(talonOne.coupon('TEN')).toMatchObject({ usageCounter: 0 })
  expect(deeds().slice(-2)).toEqual(['c cancelled', 'c coupon rolled back TEN'])
})
