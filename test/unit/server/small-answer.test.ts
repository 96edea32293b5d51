import { expect, test } from 'vitest'
import { createSessionHandler, memoryStore } from '../../../src/server/index.ts'
import { adding, mutation, post, start } from '../../support/server-client.ts'

test('a base that is behind gets the whole, even when its lines are the ones the server has', async () => {
  const handler = createSessionHandler({ store: memoryStore() })
  const { epoch, check } = (await post(handler, 's', [start(), adding(2, 'A')])).body
  const elsewhere = await post(handler, 's', [mutation(1, 'applyCoupon', { code: 'X' }, 'w2')], {
    epoch,
    base: 1,
    check,
  })
  expect(elsewhere.body).toMatchObject({ version: 2, check })
  expect(elsewhere.body.session).not.toHaveProperty('cartItems')
  const behind = await post(handler, 's', [adding(3, 'B')], { epoch, base: 1, check })
  expect(behind.body.session.cartItems).toMatchObject([{ sku: 'A' }, { sku: 'B' }])
})
