// The example shop's Talon.One: a fake, as the tests have it, with campaigns to play with. It keeps everything in memory.
//
//   PORT  the port to listen on; 0, the default, takes a free one
import { serveTalonOne } from '../../test/support/talon-one/serve.mjs'

const { url, close } = await serveTalonOne({ port: Number(process.env.PORT ?? 0) })
console.log(`Talon.One listening on ${url}`)

async function end() {
  await close()
  process.exit(0)
}
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => void end())
// Started by examples/start.mjs, it ends with it.
process.once('disconnect', () => void end())
