import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createSessionHandler, memoryStore } from '../../../src/server/index.ts'
import { PROBLEMS } from '../../../src/session/protocol.ts'
import { createFakeClock } from '../../support/clock.ts'

const read = (name: string): string => readFileSync(new URL(`../../../docs/${name}`, import.meta.url), 'utf8')
const protocol = read('protocol.md')
const server = read('server.md')

test('the exchange in the protocol is what the handler answers, to the letter', async () => {
  const handler = createSessionHandler({
    store: memoryStore(),
    clock: createFakeClock(),
    random: size => Uint8Array.from({ length: size }, (_, index) => index),
  })
  const blocks = [...protocol.matchAll(/```http\n([\s\S]*?)```/g)].map(([, block]) => block!.trim())
  expect(blocks.length).toBe(6)
  for (let i = 0; i < blocks.length; i += 2) {
    const [requestHead, requestBody] = blocks[i]!.split(/\n\n/) as [string, string?]
    const [, method, path] = /^(\w+) (\S+)$/m.exec(requestHead)!
    const [, name, value] = /^([\w-]+): (.*)$/m.exec(requestHead)!
    const body = requestBody && JSON.stringify(JSON.parse(requestBody))
    const request = new Request(`http://shop.test${path}`, {
      method: method!,
      headers: { [name!]: value! },
      ...(body && { body }),
    })
    const response = await handler(request)
    const [answerHead, answerBody] = blocks[i + 1]!.split(/\n\n/) as [string, string?]
    const [status, ...headers] = answerHead.split('\n')
    expect(`${response.status}`).toBe(status)
    for (const header of headers) {
      const [, name, value] = /^([\w-]+): (.*)$/.exec(header)!
      expect(response.headers.get(name!)).toBe(value)
    }
    const text = await response.text()
    expect(text ? JSON.parse(text) : undefined).toEqual(answerBody ? JSON.parse(answerBody) : undefined)
  }
})

test('every problem has its row, with its status', () => {
  const rows = new Map<string, string>()
  for (const [, names, statuses] of protocol.matchAll(/^\| (`[\w-]+`(?:, `[\w-]+`)*) +\| (\d[^|]*)\|/gm)) {
    for (const [, name] of names!.matchAll(/`([\w-]+)`/g)) rows.set(name!, statuses!)
  }
  expect([...rows.keys()].sort()).toEqual(Object.keys(PROBLEMS).sort())
  for (const [name, status] of Object.entries(PROBLEMS)) expect(rows.get(name)).toContain(String(status))
})

test('every option of the server is in its table', () => {
  const source = readFileSync(new URL('../../../src/server/options.ts', import.meta.url), 'utf8')
  const block = /export interface SessionHandlerOptions \{([\s\S]*?)\n\}/.exec(source)![1]!
  const options = [...block.matchAll(/^ {2}readonly (\w+)/gm)].map(([, name]) => name!)
  const rows = [...server.matchAll(/^\| (`\w+`(?:, `\w+`)*) +\|/gm)].flatMap(([, names]) => [
    ...names!.matchAll(/\w+/g),
  ])
  expect(rows.map(([name]) => name).sort()).toEqual(expect.arrayContaining(options))
})
