import { expect, test } from 'vitest'
import type { Campaign } from '../../support/talon-one/types.ts'
import { createTalonOneWorld, effectsOf, tenthOff } from '../../support/talon-one-client.ts'

const rejected = (value: string, rejectionReason: string) => ['rejectCoupon', { value, rejectionReason }]

test.for([
  [{ startDate: '2026-11-23T10:00:01Z' }, 'CouponStartDateInFuture'],
  [{ expiryDate: '2026-11-23T10:00:00Z' }, 'CouponExpired'],
  [{ recipient: 'somebody' }, 'CouponRecipientDoesNotMatch'],
  [{ profileLimit: 1 }, 'ProfileRequired'],
] as const)('a coupon that is %o is rejected: %s', async ([coupon, reason]) => {
  const { put } = createTalonOneWorld({ campaigns: tenthOff(coupon) })
  const answer = await put('c', { couponCodes: ['TEN'] })
  expect([answer.status, effectsOf(answer)]).toEqual([200, [rejected('TEN', reason)]])
})

test('a code nobody knows is rejected by no campaign, and stays in the session', async () => {
  const { put } = createTalonOneWorld()
  const { body } = await put('c', { couponCodes: ['nope'] })
  expect(body.effects).toEqual([
    {
      campaignId: 0,
      rulesetId: 0,
      ruleIndex: 0,
      ruleName: '',
      effectType: 'rejectCoupon',
      props: { value: 'NOPE', rejectionReason: 'CouponNotFound' },
    },
  ])
  expect((await put('c', {})).body.customerSession.couponCodes).toEqual(['NOPE'])
})

test('a coupon whose rule does not hold is rejected by its condition', async () => {
  const [campaign] = tenthOff()
  const rules = campaign!.rules.map(rule => ({ ...rule, when: { ...rule.when, from: 10 } }))
  const { put } = createTalonOneWorld({ campaigns: [{ ...campaign!, rules }] })
  const answer = await put('c', { couponCodes: ['TEN'] })
  expect(effectsOf(answer)).toEqual([rejected('TEN', 'CouponRejectedByCondition')])
})

test('codes are matched in any case and come back as they are stored', async () => {
  const { put } = createTalonOneWorld({ campaigns: tenthOff({ code: 'Ten' }) })
  const { body } = await put('c', { couponCodes: ['tEn', 'TEN'], referralCode: 'who' })
  expect(body.customerSession).toMatchObject({ couponCodes: ['TEN'], referralCode: 'WHO' })
  expect(body.effects[0].props.value).toBe('TEN')
})

test('a coupon is redeemed when its session is closed, not before, and given back when that is cancelled', async () => {
  const { put, talonOne, deeds } = createTalonOneWorld({ campaigns: tenthOff({ usageLimit: 1 }) })
  await put('c', { couponCodes: ['TEN'], cartItems: [{ sku: 'A', quantity: 1, price: 10 }] })
  expect(talonOne.coupon('ten')).toMatchObject({ usageCounter: 0 })
  await put('c', { state: 'closed' })
  expect(talonOne.coupon('TEN')).toMatchObject({ usageCounter: 1 })
  expect(effectsOf(await put('d', { couponCodes: ['TEN'] }))).toEqual([rejected('TEN', 'CouponLimitReached')])
  const answer = await put('c', { state: 'cancelled' })
  expect(effectsOf(answer)).toEqual([
    ['rollbackCoupon', { value: 'TEN' }],
    ['rollbackDiscount', { name: 'Tenth', value: 1 }],
  ])
  expect(talonOne.coupon('TEN')).toMatchObject({ usageCounter: 0 })
  expect(deeds()).toEqual([
    'c created',
    'c closed',
    'c coupon redeemed TEN',
    'd created',
    'c cancelled',
    'c coupon rolled back TEN',
  ])
})

test('of two sessions that hold the last coupon, the one closed later goes without', async () => {
  const { put, talonOne } = createTalonOneWorld({ campaigns: tenthOff({ usageLimit: 1 }) })
  await put('a', { couponCodes: ['TEN'] })
  expect((await put('b', { couponCodes: ['TEN'] })).body.effects[0].effectType).toBe('acceptCoupon')
  await put('a', { state: 'closed' })
  const answer = await put('b', { state: 'closed' })
  expect([answer.status, effectsOf(answer)]).toEqual([200, [rejected('TEN', 'CouponLimitReached')]])
  expect(talonOne.coupon('TEN')).toMatchObject({ usageCounter: 1 })
})

test('a session cancelled while open gives nothing back, it had nothing', async () => {
  const { put, deeds } = createTalonOneWorld({ campaigns: tenthOff() })
  await put('c', { couponCodes: ['TEN'] })
  expect((await put('c', { state: 'cancelled' })).body.effects).toEqual([])
  expect(deeds()).toEqual(['c created', 'c cancelled'])
})

test('a reopened session gives its coupon back, and redeems it when it is closed again', async () => {
  const { put, reopen, get, talonOne } = createTalonOneWorld({
    campaigns: [
      ...tenthOff({ usageLimit: 1 }),
      { id: 2, name: 'Gift', rules: [{ name: 'Gift', effects: [{ type: 'addFreeItem', sku: 'T', name: 'Twine' }] }] },
    ],
  })
  await put('c', { couponCodes: ['TEN'], state: 'closed' })
  expect(effectsOf(await reopen('c'))).toEqual([
    ['rollbackCoupon', { value: 'TEN' }],
    ['rollbackDiscount', { name: 'Tenth', value: 0 }],
  ])
  expect(talonOne.coupon('TEN')).toMatchObject({ usageCounter: 0 })
  expect(effectsOf(await get('c'))).toEqual([['addFreeItem', { sku: 'T', name: 'Twine' }]])
  await put('c', { state: 'closed' })
  expect(talonOne.coupon('TEN')).toMatchObject({ usageCounter: 1 })
})

test('one profile may redeem a coupon so often', async () => {
  const { put, talonOne } = createTalonOneWorld({ campaigns: tenthOff({ profileLimit: 1 }) })
  await put('a', { profileId: 'p', couponCodes: ['TEN'], state: 'closed' })
  talonOne.setCampaigns(tenthOff({ profileLimit: 1 }))
  expect(effectsOf(await put('b', { profileId: 'p', couponCodes: ['TEN'] }))).toEqual([
    rejected('TEN', 'ProfileLimitReached'),
  ])
  expect((await put('c', { profileId: 'q', couponCodes: ['TEN'] })).body.effects[0].effectType).toBe('acceptCoupon')
})

test('the coupons of an answer are those that were accepted', async () => {
  const { send } = createTalonOneWorld({ campaigns: tenthOff({ usageLimit: 5 }) })
  const { body } = await send('PUT', '/v2/customer_sessions/c', {
    customerSession: { couponCodes: ['TEN', 'NOPE'] },
    responseContent: ['coupons', 'triggeredCampaigns'],
  })
  expect(body.coupons).toEqual([
    expect.objectContaining({ value: 'TEN', campaignId: 1, usageLimit: 5, usageCounter: 0 }),
  ])
  expect(body.triggeredCampaigns).toEqual([{ id: 1, name: 'Tenth', state: 'enabled' }])
})

test('a dry update looks at coupons as of the moment it names', async () => {
  const { put } = createTalonOneWorld({ campaigns: tenthOff({ startDate: '2026-11-24T00:00:00Z' }) })
  const session = { couponCodes: ['TEN'] }
  const effectAt = async (query: string) => (await put('c', session, { query })).body.effects[0].effectType as string
  expect(await effectAt('?dry=true')).toBe('rejectCoupon')
  expect(await effectAt('?dry=true&now=2026-11-25T00:00:00Z')).toBe('acceptCoupon')
})

const friends: Campaign[] = [
  {
    id: 4,
    name: 'Friends',
    referrals: [{ code: 'FRIEND', advocate: 'ann' }],
    rules: [{ name: 'Five', when: { code: 'referral' }, effects: [{ type: 'setDiscount', name: 'Five', value: 5 }] }],
  },
]

test('a referral code is accepted once for a profile, and not from whom it is', async () => {
  const { put, deeds } = createTalonOneWorld({ campaigns: friends })
  const ask = async (id: string, profileId: string, referralCode = 'friend') =>
    effectsOf(await put(id, { profileId, referralCode }))
  const refused = (value: string, rejectionReason: string) => [['rejectReferral', { value, rejectionReason }]]
  expect(await ask('a', 'bob')).toEqual([
    ['acceptReferral', { value: 'FRIEND' }],
    ['setDiscount', { name: 'Five', value: 5 }],
  ])
  expect(await ask('b', 'ann')).toEqual(refused('FRIEND', 'ReferralRecipientIdSameAsAdvocate'))
  expect(await ask('c', 'cid', 'foe')).toEqual(refused('FOE', 'ReferralNotFound'))
  await put('a', { state: 'closed' })
  expect(await ask('d', 'bob')).toEqual(refused('FRIEND', 'ReferralCustomerAlreadyReferred'))
  await put('a', { state: 'cancelled' })
  expect(await ask('d', 'bob')).toHaveLength(2)
  await put('e', { referralCode: 'friend', state: 'closed' })
  expect(await ask('f', '')).toHaveLength(2)
  expect(deeds().filter(deed => deed.includes('referral'))).toEqual([
    'a referral redeemed FRIEND',
    'a referral rolled back FRIEND',
    'e referral redeemed FRIEND',
  ])
})
