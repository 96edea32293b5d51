import { expect, test } from 'vitest'
import type { Campaign, Rule } from '../../support/talon-one/types.ts'
import { createTalonOneWorld, effectsOf, tenthOff } from '../../support/talon-one-client.ts'

const campaign = (...rules: Rule[]): Campaign[] => [{ id: 5, name: 'Campaign', rules }]
const mugs = (quantity: number, price = 10) => ({ sku: 'MUG', quantity, price })

test('a discount is not rounded, and a coupon is named by its number', async () => {
  const { put, talonOne } = createTalonOneWorld({ campaigns: tenthOff() })
  const { body } = await put('c', { couponCodes: ['TEN'], cartItems: [mugs(1, 99.99)] })
  const triggeredByCoupon = talonOne.coupon('TEN')!.id
  const origin = { campaignId: 1, rulesetId: 11, ruleIndex: 0, ruleName: 'Tenth', triggeredByCoupon }
  expect(body.effects).toEqual([
    { ...origin, effectType: 'acceptCoupon', props: { value: 'TEN' } },
    { ...origin, effectType: 'setDiscount', props: { name: 'Tenth', value: 9.999 } },
  ])
})

test('a discount per item is one for each unit, with its line and its place in it', async () => {
  const { put } = createTalonOneWorld({
    campaigns: campaign({
      name: 'Deal',
      when: { sku: 'MUG', units: 3 },
      effects: [{ type: 'setDiscountPerItem', name: 'Deal', value: { EUR: 2, JPY: 300 } }],
    }),
  })
  expect((await put('c', { cartItems: [mugs(2)] })).body.effects).toEqual([])
  const cartItems = [mugs(2), { sku: 'TEA', quantity: 1, price: 5 }, mugs(1)]
  expect(effectsOf(await put('c', { cartItems }))).toEqual([
    ['setDiscountPerItem', { name: 'Deal#0', value: 2, position: 0, subPosition: 0 }],
    ['setDiscountPerItem', { name: 'Deal#0', value: 2, position: 0, subPosition: 1 }],
    ['setDiscountPerItem', { name: 'Deal#2', value: 2, position: 2, subPosition: 0 }],
  ])
  const inYen = await put('c', { cartItems: [mugs(3)] }, { key: 'cd34' })
  expect(inYen.body.effects[0].props.value).toBe(300)
})

test('each answer has all effects, not those that are new', async () => {
  const { put, get } = createTalonOneWorld({ campaigns: tenthOff() })
  const first = await put('c', { couponCodes: ['TEN'], cartItems: [mugs(1)] })
  const second = await put('c', { attributes: { City: 'Bonn' } })
  expect(second.body.effects).toEqual(first.body.effects)
  expect((await get('c')).body.effects).toEqual(first.body.effects)
})

test('a free item is an effect for each unit, from a threshold on; below it a notification says what is missing', async () => {
  const { put } = createTalonOneWorld({
    campaigns: campaign(
      { name: 'Gift', when: { from: 50 }, effects: [{ type: 'addFreeItem', sku: 'T', name: 'Twine', quantity: 2 }] },
      {
        name: 'Nearly',
        when: { from: 40, below: 50 },
        effects: [
          { type: 'showNotification', notificationType: 'Offer', title: 'Nearly', body: 'Only {missing} more.' },
        ],
      },
    ),
  })
  expect(effectsOf(await put('c', { cartItems: [mugs(4)] }))).toEqual([
    ['showNotification', { notificationType: 'Offer', title: 'Nearly', body: 'Only €10.00 more.' }],
  ])
  expect(effectsOf(await put('c', { cartItems: [mugs(5)] }))).toEqual([
    ['addFreeItem', { sku: 'T', name: 'Twine' }],
    ['addFreeItem', { sku: 'T', name: 'Twine' }],
  ])
  expect((await put('c', { cartItems: [mugs(3)] })).body.effects).toEqual([])
})

test('a type that nobody knows comes as it is', async () => {
  const props = { wild: [1, null] }
  const { put } = createTalonOneWorld({ campaigns: campaign({ name: 'New', effects: [{ type: 'newest', props }] }) })
  expect(effectsOf(await put('c', {}))).toEqual([['newest', props]])
})

test('points are promised while a session is open, and there when it is closed', async () => {
  const { put, talonOne, deeds, reopen } = createTalonOneWorld({
    campaigns: campaign({
      name: 'Points',
      when: { profile: true },
      effects: [{ type: 'addLoyaltyPoints', programId: 3, name: 'Points', per: 2 }],
    }),
  })
  expect((await put('c', { cartItems: [mugs(1)] })).body.effects).toEqual([])
  const promised = await put('c', { profileId: 'p' })
  expect(effectsOf(promised)).toMatchObject([['addLoyaltyPoints', { value: 20, recipientIntegrationId: 'p' }]])
  expect(talonOne.points('p', 3)).toBe(0)
  const closed = await put('c', { state: 'closed' })
  expect(closed.body.effects[0].props.transactionUUID).not.toBe(promised.body.effects[0].props.transactionUUID)
  expect(talonOne.points('p', 3)).toBe(20)
  expect(effectsOf(await reopen('c'))).toMatchObject([['rollbackAddedLoyaltyPoints', { programId: 3, value: 20 }]])
  expect(talonOne.points('p', 3)).toBe(0)
  expect(deeds().filter(deed => deed.includes('points'))).toEqual(['c points added 20', 'c points rolled back 20'])
})

test('there are no points for nobody', async () => {
  const { put, deeds } = createTalonOneWorld({
    campaigns: campaign({
      name: 'Points',
      effects: [{ type: 'addLoyaltyPoints', programId: 3, name: 'Points', per: 1 }],
    }),
  })
  expect((await put('c', { state: 'closed', cartItems: [mugs(1)] })).body.effects).toEqual([])
  expect(deeds()).toEqual(['c created', 'c closed'])
})

test('campaigns may change between two updates', async () => {
  const { put, talonOne } = createTalonOneWorld({ campaigns: tenthOff() })
  await put('c', { couponCodes: ['TEN'], cartItems: [mugs(1)], state: 'closed' })
  talonOne.setCampaigns([{ ...tenthOff()[0]!, isRunning: false }])
  const { body } = await put('d', { couponCodes: ['TEN'] })
  expect(body.effects[0].props.rejectionReason).toBe('CouponPartOfNotRunningCampaign')
  expect(talonOne.coupon('TEN')).toMatchObject({ usageCounter: 1 })
  talonOne.setCampaigns([])
  expect(effectsOf(await put('d', {}))).toEqual([['rejectCoupon', { value: 'TEN', rejectionReason: 'CouponNotFound' }]])
})

test('a dry update may run a campaign that is not running', async () => {
  const { send } = createTalonOneWorld({
    campaigns: [{ ...campaign()[0]!, isRunning: false, rules: [{ name: 'R', effects: [{ type: 'x', props: {} }] }] }],
  })
  const body = { customerSession: { evaluableCampaignIds: [5] } }
  expect((await send('PUT', '/v2/customer_sessions/c?dry=true', body)).body.effects).toHaveLength(1)
  expect((await send('PUT', '/v2/customer_sessions/c', body)).status).toBe(400)
  expect((await send('PUT', '/v2/customer_sessions/c', { customerSession: {} })).body.effects).toEqual([])
})
