// What the example shop has in its Campaign Manager: campaigns to play with, in its three currencies.

/** One Application, and with it one key, for each currency. @type {import('./types.ts').ApiKey[]} */
export const API_KEYS = [
  { key: '0e0a', applicationId: 1, currency: 'EUR' },
  { key: '0e0b', applicationId: 2, currency: 'JPY' },
  { key: '0e0c', applicationId: 3, currency: 'KWD' },
]

/** Those of the shops' lines, and of a cart that is ordered offline. @type {import('./types.ts').AttributeTypes} */
export const ATTRIBUTES = { CustomerSession: { orderedFor: 'number' }, CartItem: { colour: 'string', size: 'string' } }

const FREE_FROM = { EUR: 300, JPY: 48_000, KWD: 100 }

/** @type {import('./types.ts').Campaign[]} */
export const CAMPAIGNS = [
  {
    id: 11,
    name: 'Welcome',
    coupons: [
      { code: 'WELCOME10' },
      { code: 'EXPIRED', expiryDate: '2024-01-01T00:00:00Z' },
      { code: 'SOON', startDate: '2999-01-01T00:00:00Z' },
      { code: 'ONCE', usageLimit: 1 },
    ],
    rules: [
      {
        name: 'A tenth off',
        when: { code: 'coupon' },
        effects: [{ type: 'setDiscount', name: 'WELCOME10', percent: 10 }],
      },
    ],
  },
  {
    id: 12,
    name: 'Two jars',
    rules: [
      {
        name: 'From two jars on, each costs less',
        when: { sku: 'JAR', units: 2 },
        effects: [{ type: 'setDiscountPerItem', name: 'Jar deal', value: { EUR: 1.5, JPY: 240, KWD: 0.505 } }],
      },
    ],
  },
  {
    id: 13,
    name: 'Twine for large orders',
    rules: [
      {
        name: 'Large enough',
        when: { from: FREE_FROM },
        effects: [{ type: 'addFreeItem', sku: 'TWINE', name: 'Kitchen twine' }],
      },
      {
        name: 'Nearly large enough',
        when: { from: { EUR: 250, JPY: 40_000, KWD: 83 }, below: FREE_FROM },
        effects: [
          {
            type: 'showNotification',
            notificationType: 'Offer',
            title: 'Nearly there',
            body: 'Only {missing} more to a free kitchen twine.',
          },
        ],
      },
    ],
  },
  {
    id: 14,
    name: 'Friends',
    referrals: [{ code: 'FRIEND', advocate: 'friend-of-the-shop' }],
    rules: [
      {
        name: 'Five off',
        when: { code: 'referral' },
        effects: [{ type: 'setDiscount', name: 'Friends', value: { EUR: 5, JPY: 800, KWD: 1.65 } }],
      },
    ],
  },
  {
    id: 15,
    name: 'Points',
    rules: [
      {
        name: 'A point for each euro',
        when: { profile: true },
        effects: [{ type: 'addLoyaltyPoints', programId: 1, name: 'Points', per: { EUR: 1, JPY: 0.006, KWD: 3 } }],
      },
    ],
  },
]
