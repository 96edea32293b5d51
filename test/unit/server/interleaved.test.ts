import { expect, test } from 'vitest'
import { createSessionHandler, memoryStore } from '../../../src/server/index.ts'
import { adding, get, post, start } from '../../support/server-client.ts'

test('a write that comes while a hook is being asked is kept, and the work is done over it', async () => {
  const store = memoryStore()
  const other = createSessionHandler({ store })
  const { epoch } = (await post(other, 's', [start()])).body
  const seen: (readonly string[])[] = []
  const handler = createSessionHandler({
    store,
    async upstream({ cartItems }) {
      seen.push(cartItems.map(({ sku }) => sku))
      if (seen.length === 1) await post(other, 's', [adding(1, 'B', 1, 'w2')], { epoch, base: 1 })
      return { discounts: { lines: cartItems.length } }
    },
  })
  const { body } = await post(handler, 's', [adding(2, 'A')], { epoch, base: 1 })
  expect(seen).toEqual([['A'], ['B', 'A']])
  expect(body).toMatchObject({ version: 3, acked: { w1: 2, w2: 1 }, session: { discounts: { lines: 2 } } })
  expect((await get(handler, 's')).body.session.cartItems).toMatchObject([{ sku: 'B' }, { sku: 'A' }])
})
