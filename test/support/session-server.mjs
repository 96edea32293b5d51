// A sync server that is a process of its own: stateless, on the PostgreSQL of DATABASE_URL; tells its parent the port.
import { createServer } from 'node:http'
import { createSessionHandler, sqlStore } from '../../dist/server.js'
import { openDatabase } from '../../examples/server/database.mjs'
import { toListener } from '../../examples/server/node-adapter.mjs'

const database = await openDatabase({ url: process.env.DATABASE_URL })
const handler = createSessionHandler({
  store: sqlStore(database.query),
  upstream: ({ coupon }) => ({
    rejected: coupon.startsWith('BAD') ? [{ kind: 'coupon', reason: 'CouponNotFound' }] : [],
    discounts: coupon.startsWith('GOOD') ? { [coupon]: 1 } : {},
  }),
})
const server = createServer(toListener(handler))
server.listen(0, '127.0.0.1', () => process.send(server.address().port))
process.on('disconnect', () => process.exit())
