// The sync server of the example shop.
//
//   PORT          the port to listen on; 0, the default, takes a free one
//   DATABASE_URL  a PostgreSQL; without it PGlite keeps the sessions in a folder
//   DATA          that folder, examples/server/.data if not given
//   TALON_ONE_URL the Talon.One that promotions come from; without it they come from promotions.mjs
//   TALON_ONE_KEY the key of its Application; where there is one for each currency, as JSON: {"EUR":"…","JPY":"…"}
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { createSessionHandler, migrate, sqlStore } from '../../dist/server.js'
import { talonOne } from '../../dist/talon-one.js'
import { currencies, priceOf } from '../script-tag/catalog.js'
import { openDatabase } from './database.mjs'
import { toListener } from './node-adapter.mjs'
import { createOrders } from './orders.mjs'
import { promote } from './promotions.mjs'

const { PORT = '0', DATABASE_URL: url, DATA, TALON_ONE_URL: baseUrl, TALON_ONE_KEY = '' } = process.env
const folder = DATA ?? fileURLToPath(new URL('.data', import.meta.url))

const database = await openDatabase({ url, folder })
await migrate(database.query)

const apiKey = TALON_ONE_KEY.startsWith('{') ? JSON.parse(TALON_ONE_KEY) : TALON_ONE_KEY
const handler = createSessionHandler({
  store: sqlStore(database.query),
  currencies,
  upstream: baseUrl ? talonOne({ baseUrl, apiKey }) : promote,
  // What an item costs is for the shop to say, not for the page.
  priceItem: ({ sku, attributes }, { currency }) => ({ price: priceOf(sku, attributes, currency) }),
  onError: error => console.error(error),
})

const takeOrder = createOrders(handler.sessions)
const answer = request => (new URL(request.url).pathname === '/api/orders' ? takeOrder(request) : handler(request))

const server = createServer(toListener(answer))
server.listen(Number(PORT), '127.0.0.1', () => {
  console.log(`sync server listening on http://127.0.0.1:${server.address().port}`)
})

let isEnding = false
async function end() {
  if (isEnding) return
  isEnding = true
  server.closeAllConnections()
  server.close()
  // PGlite keeps one process's lock on its folder: it is let go before the process ends.
  await database.close()
  process.exit(0)
}
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => void end())
// Started by examples/start.mjs, it ends with it.
process.on('disconnect', () => void end())
