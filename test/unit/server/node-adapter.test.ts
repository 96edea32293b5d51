import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { toListener } from '../../../examples/server/node-adapter.mjs'
import { createSessionHandler, memoryStore } from '../../../src/server/index.ts'

async function listen(): Promise<number> {
  const server = createServer(toListener(createSessionHandler({ store: memoryStore() })))
  onTestFinished(() => void server.close())
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

/** Sends bytes as they are; no client would write such requests. */
function send(port: number, text: string, leaveAfterMs?: number): Promise<string> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text))
    let received = ''
    socket.on('data', data => (received += String(data)))
    socket.on('close', () => resolve(received))
    if (leaveAfterMs !== undefined) setTimeout(() => socket.destroy(), leaveAfterMs)
  })
}

const asking = (target: string, headers = '') =>
  `GET ${target} HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n${headers}\r\n`

test('a path cannot name the host that Origin is compared with', async () => {
  const port = await listen()
  const origin = 'Origin: http://evil.test\r\n'
  for (const target of ['//evil.test/api/sessions/s', 'http://evil.test/api/sessions/s']) {
    expect(await send(port, asking(target, origin))).toMatch(/^HTTP\/1.1 403 /)
  }
  expect(await send(port, asking('/api/sessions/s', 'Origin: http://shop.test\r\n'))).toMatch(/^HTTP\/1.1 404 /)
})

test('a client that leaves in the middle of a body harms nobody', async () => {
  const port = await listen()
  const head = 'POST /api/sessions/s/mutations HTTP/1.1\r\nHost: shop.test\r\nContent-Type: application/json\r\n'
  await send(port, `${head}Content-Length: 1000\r\n\r\n{"v":1,`, 50)
  await send(port, `${head}Transfer-Encoding: chunked\r\n\r\n5\r\n{"v":`, 50)
  expect(await send(port, asking('/api/sessions/s'))).toMatch(/^HTTP\/1.1 404 /)
})
