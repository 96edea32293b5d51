// A sync server that is a process of its own: stateless, on the PostgreSQL of DATABASE_URL; tells its parent the port.
import { createServer } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import { createSessionHandler, sqlStore } from '../../dist/server.js'
import { openDatabase } from '../../examples/server/database.mjs'
import { toListener } from '../../examples/server/node-adapter.mjs'

const LONGEST_UPSTREAM_MS = 200

const database = await openDatabase({ url: process.env.DATABASE_URL })
const handler = createSessionHandler({
  store: sqlStore(database.query),
  // It takes its time, as a service does, and meanwhile others write to the session.
  async upstream({ coupon }) {
    await setTimeout(Math.random() * LONGEST_UPSTREAM_MS)
    return {
      rejected: coupon.startsWith('BAD') ? [{ kind: 'coupon', reason: 'CouponNotFound' }] : [],
      discounts: coupon.startsWith('GOOD') ? { [coupon]: 1 } : {},
    }
  },
})
const server = createServer(toListener(handler))
server.listen(0, '127.0.0.1', () => process.send(server.address().port))
process.on('disconnect', () => process.exit())
