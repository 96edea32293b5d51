import { Big } from 'big.js'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json } from '../../../src/session/json.ts'
import type { UpstreamResult } from '../../../src/session/upstream.ts'
import { prices } from '../../support/arbitraries.ts'
import { createScript, empty, sessionOf, type Script } from '../../support/scripted-talon-one.ts'

const session = sessionOf({ coupon: 'Welcome10', referral: 'FRIEND' })

async function said(effects: unknown, script: Script = createScript(), of = session): Promise<UpstreamResult> {
  script.answer({ text: typeof effects === 'string' ? effects : JSON.stringify({ effects }) })
  return script.ask(of)
}

const effect = (effectType: string, props: { readonly [name: string]: Json }): any => ({
  campaignId: 193,
  rulesetId: 791,
  ruleIndex: 0,
  ruleName: 'Rule',
  effectType,
  props,
})

const points = { programId: 1, subLedgerId: '', value: 5, transactionUUID: 'u' }
const program = { programId: 1, subLedgerId: '' }
const giveaway = { poolId: 1, poolName: 'Pool', recipientIntegrationId: 'p' }
const audience = { audienceId: 1, audienceName: 'VIP', profileIntegrationId: 'p', profileId: 1 }
const achievement = { achievementId: 1, achievementName: 'Ten', progressTrackerId: 1 }

// Every type there is, with all of its props, and what becomes of it beyond being handed on.
const types: [type: string, props: { readonly [name: string]: Json }, becomes?: Partial<UpstreamResult>][] = [
  ['acceptCoupon', { value: 'WELCOME10' }],
  [
    'rejectCoupon',
    {
      value: 'WELCOME10',
      rejectionReason: 'CouponExpired',
      conditionIndex: 0,
      effectIndex: 0,
      details: 'too late',
      campaignExclusionReason: 'CampaignGaveLowerDiscount',
    },
    { rejected: [{ kind: 'coupon', reason: 'CouponExpired', message: 'too late' }] },
  ],
  ['couponCreated', { value: 'NEW', profileId: 'p' }],
  ['reserveCoupon', { couponValue: 'A', profileIntegrationId: 'p', isNewReservation: true }],
  ['rollbackCoupon', { value: 'WELCOME10' }],
  [
    'setDiscount',
    { name: '10% off', value: 9.999, scope: 'sessionTotal', desiredValue: 10 },
    { discounts: { '10% off': 9.999 } },
  ],
  [
    'setDiscountPerItem',
    {
      name: 'Mug deal#1',
      value: 2,
      position: 1,
      subPosition: 0,
      scope: 'price',
      desiredValue: 2,
      totalDiscount: 4,
      desiredTotalDiscount: 4,
      bundleIndex: 0,
      bundleName: 'B',
      targetedItemPosition: 0,
      targetedItemSubPosition: 0,
      excludedFromPriceHistory: false,
    },
    { discounts: { 'Mug deal': 2 } },
  ],
  [
    'setDiscountPerAdditionalCost',
    { name: 'Free shipping', value: 5, additionalCostId: 1, additionalCost: 'shipping', desiredValue: 5 },
    { discounts: { 'Free shipping': 5 } },
  ],
  [
    'setDiscountPerAdditionalCostPerItem',
    {
      name: 'Free wrap#0',
      value: 3,
      additionalCostId: 2,
      additionalCost: 'giftWrap',
      position: 0,
      subPosition: 1,
      desiredValue: 3,
    },
    { discounts: { 'Free wrap': 3 } },
  ],
  [
    'rollbackDiscount',
    {
      name: 'Deal',
      value: 1,
      cartItemPosition: 1,
      cartItemSubPosition: 0,
      additionalCostId: 1,
      additionalCost: 'a',
      scope: 'price',
    },
  ],
  [
    'addFreeItem',
    { sku: 'PEN', name: 'Pen', desiredQuantity: 1 },
    { notices: [{ id: expect.any(String), code: 'free-item', line: 'PEN', message: 'Pen', to: 1 }] },
  ],
  [
    'showNotification',
    { notificationType: 'Offer', title: 'Today', body: 'Two for one' },
    { notices: [{ id: expect.any(String), code: 'notification', reason: 'Offer', message: 'Today\nTwo for one' }] },
  ],
  ['updateAttribute', { path: 'CustomerSession.Attributes.A', value: { any: [1] } }],
  [
    'customEffect',
    {
      effectId: 1,
      name: 'c',
      payload: { a: 1 },
      cartItemPosition: 1,
      cartItemSubPosition: 0,
      bundleIndex: 0,
      bundleName: 'B',
    },
  ],
  ['error', { message: 'oops' }],
  ['triggerWebhook', { webhookId: 1, webhookName: 'w' }],
  ['showBundleMetadata', { description: 'd', bundleAttributes: ['a'], itemsIndices: [0] }],
  ['acceptReferral', { value: 'FRIEND' }],
  [
    'rejectReferral',
    {
      value: 'friend',
      rejectionReason: 'ReferralExpired',
      conditionIndex: 0,
      effectIndex: 0,
      details: 'gone',
      campaignExclusionReason: 'CampaignIsNotFirst',
    },
    { rejected: [{ kind: 'referral', reason: 'ReferralExpired', message: 'gone' }] },
  ],
  ['redeemReferral', { id: 1, value: 'FRIEND' }],
  ['referralCreated', { value: 'NEW' }],
  ['rollbackReferral', { value: 'FRIEND' }],
  [
    'addLoyaltyPoints',
    {
      ...points,
      name: 'n',
      recipientIntegrationId: 'p',
      desiredValue: 5,
      startDate: 's',
      expiryDate: 'e',
      cartItemPosition: 1,
      cartItemSubPosition: 0,
      cardIdentifier: 'c',
      bundleIndex: 0,
      bundleName: 'B',
      awaitsActivation: false,
      validityDuration: '1D',
    },
  ],
  ['deductLoyaltyPoints', { ...points, ruleTitle: 't', name: 'n', cardIdentifier: 'c' }],
  [
    'rollbackAddedLoyaltyPoints',
    { ...points, recipientIntegrationId: 'p', cartItemPosition: 1, cartItemSubPosition: 0, cardIdentifier: 'c' },
  ],
  [
    'rollbackDeductedLoyaltyPoints',
    { ...points, recipientIntegrationId: 'p', startDate: 's', expiryDate: 'e', cardIdentifier: 'c' },
  ],
  [
    'changeLoyaltyTierLevel',
    { ...program, ruleTitle: 't', newTierName: 'Gold', previousTierName: 'Silver', expiryDate: 'e' },
  ],
  ['extendLoyaltyPointsExpiryDate', { ...program, extensionDuration: '1D', affectedTransactions: [] }],
  ['setLoyaltyPointsExpiryDate', { ...program, newExpiryDate: 'e', affectedTransactions: [] }],
  ['awardGiveaway', { ...giveaway, giveawayId: 1, code: 'G' }],
  ['willAwardGiveaway', giveaway],
  ['addToAudience', audience],
  ['removeFromAudience', audience],
  ['startAchievementProgress', { ...achievement, target: 10, startDate: 's', endDate: 'e' }],
  ['increaseAchievementProgress', { ...achievement, delta: 1, value: 2, target: 10, isJustCompleted: false }],
  ['rollbackIncreasedAchievementProgress', { ...achievement, decreaseProgressBy: 1, currentProgress: 1, target: 10 }],
]

describe('each type of effect', () => {
  test('there are 36', () => {
    expect(new Set(types.map(([type]) => type)).size).toBe(36)
  })

  test.each(types)('%s', async (type, props, becomes = {}) => {
    const given = effect(type, props)
    const script = createScript()
    const result = await said([given], script)
    const position = props.position ?? props.cartItemPosition
    const line = position === undefined ? {} : { line: session.cartItems[position as number]!.sku }
    expect(result.effects).toEqual([{ ...given, ...line }])
    expect(result).toMatchObject({ rejected: [], notices: [], discounts: {}, ...becomes })
    expect(script.reports).toEqual([])
  })

  test.each(types)(
    '%s without props, with null ones, with some missing or unknown, or of another kind',
    async (type, props) => {
      const partial = Object.keys(props).map(name => ({ ...props, [name]: null }))
      for (const given of [undefined, null, [], 'text', {}, { ...props, more: { of: 'them' } }, ...partial]) {
        const result = await said([{ effectType: type, props: given }])
        expect(result.effects).toHaveLength(1)
        expect(Object.values(result.discounts!).every(Number.isFinite)).toBe(true)
      }
    },
  )

  test('a type that is not known yet is handed on', async () => {
    const given = { effectType: 'teleportItem', props: { position: 0, to: 'you' }, nested: { a: [1] } }
    expect((await said([given])).effects).toEqual([{ ...given, line: 'MUG-01' }])
  })
})

describe('discounts', () => {
  const unit = (name: string, value: number, position = 0, subPosition = 0): unknown =>
    effect('setDiscountPerItem', { name: `${name}#${position}`, value, position, subPosition })

  test('of one label are added up exactly, one effect for each unit', async () => {
    const result = await said([unit('Deal', 0.1), unit('Deal', 0.2, 0, 1), unit('Deal', 0.3, 1)])
    expect(result.discounts).toEqual({ Deal: 0.6 })
  })

  test('equal the arbitrary-precision sum, whatever they are', async () => {
    const value = prices.filter(price => price > 0)
    const labels = fc.constantFrom('A', 'B', '__proto__', 'constructor', 'A#0', '#')
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(labels, value), { maxLength: 20 }), async entries => {
        const { discounts } = await said(entries.map(([name, value]) => effect('setDiscount', { name, value })))
        const sums = new Map<string, Big>()
        for (const [name, value] of entries) sums.set(name, (sums.get(name) ?? Big(0)).plus(String(value)))
        expect(Object.entries(discounts!)).toEqual([...sums].map(([name, sum]) => [name, Number(sum.toString())]))
      }),
      { numRuns: 100 },
    )
  })

  test.each([
    ['the position is cut off', 'Mug deal#1', 1, 'Mug deal'],
    ['once', 'Deal #1#1', 1, 'Deal #1'],
    ['only where it is the position', 'Deal #7', 1, 'Deal #7'],
    ['and where there is one', 'Deal#0', null, 'Deal#0'],
  ])('%s: %s', async (_, name, position, label) => {
    const { discounts } = await said([effect('setDiscountPerItem', { name, value: 1, position })])
    expect(discounts).toEqual({ [label]: 1 })
  })

  test('a name of the whole session keeps what looks like a position', async () => {
    expect((await said([effect('setDiscount', { name: 'Deal#0', value: 1, position: 0 })])).discounts).toEqual({
      'Deal#0': 1,
    })
  })

  test('what takes nothing off is none, and none makes a cart dearer', async () => {
    const script = createScript()
    const given = [effect('setDiscount', { name: 'A', value: 0 }), effect('setDiscount', { name: 'B', value: -3 })]
    expect((await said(given, script)).discounts).toEqual({})
    expect(script.reports.map(({ code, message }) => [code, message])).toEqual([
      ['unreadable', '1 effects are passed over: a discount B below nought.'],
    ])
  })

  test.each(['1e999', '-1e999', '"3"', 'null', 'true', '{}'])('a value of %s is passed over and told', async value => {
    const script = createScript()
    const bad = `{"effectType":"setDiscount","props":{"name":"A","value":${value}}}`
    const good = JSON.stringify(effect('setDiscount', { name: 'B', value: 1 }))
    const result = await said(`{"effects":[${bad},${good}]}`, script)
    expect(result.discounts).toEqual({ B: 1 })
    expect(JSON.stringify(result.effects)).not.toContain('Infinity')
    expect(script.reports.map(({ code }) => code)).toEqual(['unreadable'])
    // Once for a body.
    await said(`{"effects":[${bad},${good}]}`, script)
    expect(script.reports).toHaveLength(1)
  })

  test('a sum beyond all numbers is none', async () => {
    const given = effect('setDiscount', { name: 'A', value: 1.7e308 })
    expect((await said([given, given])).discounts).toEqual({})
  })

  test('what was rolled back is taken off, and nothing more', async () => {
    const result = await said([
      unit('Deal', 0.3),
      effect('rollbackDiscount', { name: 'Deal#0', value: 0.1, cartItemPosition: 0 }),
      effect('rollbackDiscount', { name: 'Gone', value: 5 }),
    ])
    expect(result.discounts).toEqual({ Deal: 0.2 })
  })
})

describe('codes', () => {
  const couponReasons =
    'CampaignLimitReached CouponExpired CouponLimitReached CouponNotFound CouponPartOfNotRunningCampaign CouponRecipientDoesNotMatch CouponRejectedByCondition CouponStartDateInFuture EffectCouldNotBeApplied ProfileLimitReached CouponPartOfNotTriggeredCampaign CouponReservationRequired ProfileRequired SomethingNew'
  const referralReasons =
    'AdvocateNotFound CampaignLimitReached EffectCouldNotBeApplied ProfileLimitReached ReferralCustomerAlreadyReferred ReferralExpired ReferralLimitReached ReferralNotFound ReferralPartOfNotRunningCampaign ReferralRecipientDoesNotMatch ReferralRecipientIdSameAsAdvocate ReferralRejectedByCondition ReferralStartDateInFuture ReferralPartOfNotTriggeredCampaign'

  test.each(couponReasons.split(' '))('a coupon is turned down for %s', async reason => {
    const { rejected } = await said([effect('rejectCoupon', { value: 'wELCOME10', rejectionReason: reason })])
    expect(rejected).toEqual([{ kind: 'coupon', reason }])
  })

  test.each(referralReasons.split(' '))('a referral is turned down for %s', async reason => {
    const { rejected } = await said([effect('rejectReferral', { value: 'FRIEND', rejectionReason: reason })])
    expect(rejected).toEqual([{ kind: 'referral', reason }])
  })

  test('of another session or none are nothing', async () => {
    const given = [effect('rejectCoupon', { value: 'OTHER', rejectionReason: 'CouponNotFound' })]
    expect((await said(given)).rejected).toEqual([])
    const none = [effect('rejectCoupon', { value: '', rejectionReason: 'CouponNotFound' })]
    expect((await said(none, createScript(), sessionOf())).rejected).toEqual([])
  })

  test('turned down by one campaign and taken by another are taken', async () => {
    const given = [
      effect('rejectCoupon', { value: 'WELCOME10', rejectionReason: 'CouponRejectedByCondition' }),
      effect('acceptCoupon', { value: 'WELCOME10' }),
    ]
    expect((await said(given)).rejected).toEqual([])
  })

  test('the first reason holds; one that is no text is none', async () => {
    const given = [
      effect('rejectCoupon', { value: 'WELCOME10', rejectionReason: 7, details: '\0' }),
      effect('rejectCoupon', { value: 'WELCOME10', rejectionReason: 'CouponExpired' }),
    ]
    const { rejected } = await said([{ ...given[0], props: { value: 'WELCOME10', rejectionReason: 7 } }, given[1]])
    expect(rejected).toEqual([{ kind: 'coupon' }])
  })
})

describe('notices', () => {
  test('free items are counted, and told once for a count', async () => {
    const free = (sku: string): unknown => effect('addFreeItem', { sku, name: sku.toLowerCase() })
    const script = createScript()
    const first = await said([free('PEN'), free('CUP'), free('PEN')], script)
    expect(first.notices?.map(({ line, to, message }) => [line, to, message])).toEqual([
      ['PEN', 2, 'pen'],
      ['CUP', 1, 'cup'],
    ])
    const second = await said([free('PEN'), free('PEN'), free('PEN'), free('CUP')], script)
    expect(second.notices?.[1]?.id).toBe(first.notices?.[1]?.id)
    expect(second.notices?.[0]?.id).not.toBe(first.notices?.[0]?.id)
  })

  test('a notification is told once, and another one of the same rule too', async () => {
    const note = (title: string, more = {}): unknown => ({
      ...effect('showNotification', { notificationType: 'Info', title, body: 'b' }),
      ...more,
    })
    const { notices } = await said([
      note('A'),
      note('A'),
      note('B'),
      note('A', { campaignId: 7 }),
      note('A', { ruleIndex: 1 }),
    ])
    const ids = notices!.map(({ id }) => id)
    expect(ids[0]).toBe(ids[1])
    expect(new Set(ids).size).toBe(4)
  })

  test('one without a word is none', async () => {
    expect(
      (await said([effect('showNotification', { notificationType: 'Info', title: '', body: '' })])).notices,
    ).toEqual([])
    expect((await said([effect('addFreeItem', { sku: '', name: 'x' })])).notices).toEqual([])
    const nameless = await said([effect('addFreeItem', { sku: 'PEN' })])
    expect(nameless.notices).toMatchObject([{ code: 'free-item', line: 'PEN', message: 'PEN' }])
  })
})

describe('lines', () => {
  const item = { sku: 'TEE', quantity: 1, price: 9, attributes: { size: 'M' } }
  const of = sessionOf({ cartItems: [item] })
  const given = [effect('setDiscountPerItem', { name: 'D#0', value: 1, position: 0 })]

  test('are named by the key of the cart', async () => {
    expect((await said(given, createScript(), of)).effects).toMatchObject([{ line: '["TEE",{"size":"M"}]' }])
  })

  test('or by that of the shop', async () => {
    const script = createScript({ lineKey: ({ sku }) => `line of ${sku}` })
    expect((await said(given, script, of)).effects).toMatchObject([{ line: 'line of TEE' }])
    const free = await said([effect('addFreeItem', { sku: 'PEN', name: 'Pen' })], script, of)
    expect(free.notices).toMatchObject([{ line: 'line of PEN' }])
  })

  test.each([1, -1, 0.5, '0', null])('a position of %j is no line', async position => {
    const { effects } = await said(
      [effect('customEffect', { name: 'c', cartItemPosition: position })],
      createScript(),
      of,
    )
    expect(effects![0]).not.toHaveProperty('line')
  })
})

describe('each field of an answer', () => {
  const whole = {
    effects: [],
    createdCoupons: [],
    createdReferrals: [],
    customerSession: {
      id: 88,
      created: '2026-03-01T10:00:00Z',
      updated: '2026-03-01T10:02:00Z',
      integrationId: 'cart-7f3a',
      applicationId: 89,
      profileId: 'guest',
      state: 'open',
      cartItems: [],
      couponCodes: [],
      referralCode: '',
      attributes: {},
      identifiers: [],
      loyaltyCards: [],
      additionalCosts: {},
      firstSession: false,
      updateCount: 2,
      cartItemTotal: 95.5,
      additionalCostTotal: 0,
      cartItemAdditionalCostTotal: 0,
      total: 95.5,
    },
    customerProfile: {},
    loyalty: { programs: {} },
    triggeredCampaigns: [],
    campaignEligibility: [],
    ruleFailureReasons: [],
    awardedGiveaways: [],
    achievements: null,
    referral: null,
    coupons: [],
    event: {},
    advancedEvent: {},
    return: {},
    previousReturns: [],
    unlockedRewards: [],
  }

  async function read(body: object): Promise<{ result: UpstreamResult; reports: unknown[] }> {
    const script = createScript()
    script.answer({ body })
    const result = await script.ask(sessionOf())
    return { result, reports: script.reports }
  }

  test('says whether it is the first session, and of which application', async () => {
    const { result, reports } = await read(whole)
    expect(result).toMatchObject({ firstSession: false, applicationId: 89 })
    expect(reports).toEqual([])
  })

  test.each(Object.keys(whole))('%s may be missing or null', async name => {
    for (const value of [undefined, null]) {
      const { result, reports } = await read({ ...whole, [name]: value })
      expect(result).toMatchObject({ discounts: {}, effects: [] })
      expect(result.estimated).toBeUndefined()
      expect(reports).toEqual([])
    }
  })

  test.each(Object.keys(whole.customerSession))(
    'customerSession.%s may be missing, null, or of another kind',
    async name => {
      for (const value of [undefined, null, { a: 1 }, 'text', -1.5]) {
        const { result } = await read({ ...whole, customerSession: { ...whole.customerSession, [name]: value } })
        expect(result).toMatchObject({ discounts: {}, effects: [] })
        expect(['boolean', 'undefined']).toContain(typeof result.firstSession)
        expect(result.applicationId ?? 89).toBe(89)
      }
    },
  )

  test('unknown ones are passed over', async () => {
    const { result } = await read({ ...whole, more: 1, customerSession: { ...whole.customerSession, more: 1 } })
    expect(result.firstSession).toBe(false)
  })

  test('effects that are none are passed over', async () => {
    expect(
      (await read({ effects: [null, 7, 'x', [], effect('error', { message: 'm' })] })).result.effects,
    ).toHaveLength(1)
  })

  test('effects that nobody could store are passed over and told', async () => {
    const { result, reports } = await read({
      effects: [effect('error', { message: '\0' }), effect('error', { message: 'm' })],
    })
    expect(result.effects).toHaveLength(1)
    expect(reports).toMatchObject([{ code: 'unreadable' }])
  })
})

describe('the sum of the items', () => {
  const priced = sessionOf({
    cartItems: [
      { sku: 'A', quantity: 3, price: 0.1 },
      { sku: 'B', quantity: 1, price: 0.7 },
    ],
  })

  test.each(['open', 'closed'] as const)('is looked at while the session is %s', async state => {
    expect(await told(1.01, { ...priced, state })).toContain('total-differs')
  })

  async function told(cartItemTotal: unknown, of = priced): Promise<unknown[]> {
    const script = createScript()
    const answer = { body: { effects: [], customerSession: { state: of.state, cartItemTotal } } }
    script.answer(answer)
    await script.ask(of)
    script.answer(answer)
    await script.ask(of)
    return script.reports.map(({ code }) => code)
  }

  test('is told once for a body when it differs', async () => {
    expect(await told(1.01)).toEqual(['total-differs'])
  })

  test('does not differ by what adding up doubles makes of it', async () => {
    expect(await told(0.1 + 0.1 + 0.1 + 0.7)).toEqual([])
    expect(await told(1)).toEqual([])
  })

  test.each([undefined, null, '1.01'])('is nothing when it is %j', async value => {
    expect(await told(value)).toEqual([])
  })

  test('is theirs to know where an item has no price', async () => {
    expect(await told(9, sessionOf({ cartItems: [{ sku: 'A', quantity: 1 }] }))).toEqual([])
  })
})

test('an answer without any effect takes away what there was', async () => {
  const script = createScript()
  expect((await said([effect('setDiscount', { name: 'A', value: 1 })], script)).discounts).toEqual({ A: 1 })
  script.answer(empty)
  expect(await script.ask(session)).toMatchObject({ discounts: {}, effects: [], rejected: [], notices: [] })
})
