// The process that server.mjs asks: our handler, and bare ones beside it, on one database. Told to over IPC, it says what
// memory it takes.
import { createServer } from 'node:http'
import { PGlite } from '@electric-sql/pglite'
import { Pool } from 'pg'
import { createSessionHandler, migrate, sqlStore } from '../dist/server.js'
import { toListener } from '../examples/server/node-adapter.mjs'

async function openDatabase(url) {
  if (!url) {
    const database = await PGlite.create()
    return (text, values) => database.query(text, values)
  }
  const pool = new Pool({ connectionString: url })
  return (text, values) => pool.query(text, values)
}

const query = await openDatabase(process.env.DATABASE_URL)
await migrate(query)
await query('create table bare (id text collate "C" primary key, document text not null)', [])

const UPSERT =
  'insert into bare (id, document) values ($1, $2) on conflict (id) do update set document = excluded.document'

// What a bare row holds beside what came: `like` is a session of ours, for a row as large.
let like = {}

async function bare(url, body) {
  const { mutations } = JSON.parse(body)
  await query(UPSERT, [decodeURIComponent(url.split('/').at(-2)), JSON.stringify({ ...like, mutations })])
  return JSON.stringify({ acked: { [mutations[0].writer]: mutations[0].n } })
}

const listeners = {
  ours: toListener(createSessionHandler({ store: sqlStore(query), onError: console.error })),
  bare: async (incoming, outgoing) => {
    const chunks = []
    for await (const chunk of incoming) chunks.push(chunk)
    const text = await bare(incoming.url, Buffer.concat(chunks).toString())
    outgoing.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }).end(text)
  },
  adapted: toListener(async request => {
    const text = await bare(request.url, await request.text())
    return new Response(text, { headers: { 'content-type': 'application/json' } })
  }),
}

const server = createServer((incoming, outgoing) => listeners[incoming.url.split('/')[1]](incoming, outgoing))
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }))

const jobs = {
  // The text of a session of ours as it is stored, without what a bare request puts in its place.
  async like(id) {
    const { rows } = await query('select document from session_cart_sessions where id = $1', [id])
    const { writers, ...rest } = JSON.parse(rows[0].document)
    like = rest
    return rows[0].document.length
  },
  memory() {
    gc()
    const { rss, heapUsed } = process.memoryUsage()
    return { rss, heapUsed }
  },
}
process.on('message', ({ job, argument }) => {
  void Promise.resolve(jobs[job](argument)).then(result => process.send({ result }))
})
process.on('disconnect', () => process.exit())
