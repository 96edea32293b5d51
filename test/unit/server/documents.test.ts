import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createSessionHandler, memoryStore } from '../../../src/server/index.ts'
import { defaultLimits } from '../../../src/session/limits.ts'
import { lineKey } from '../../../src/session/line-key.ts'
import { PROBLEMS } from '../../../src/session/protocol.ts'
import { emptySession, type SessionState } from '../../../src/session/session.ts'
import { nextState, type Move } from '../../../src/session/states.ts'
import { withTotal } from '../../../src/session/totals.ts'
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

/** The cells of the rows under a heading. */
function rowsUnder(heading: string): string[][] {
  const [section = ''] = protocol.split(`# ${heading}\n`)[1]!.split(/^#/m)
  return [...section.matchAll(/^\| (.*) \|$/gm)].map(([, row]) => row!.split('|').map(cell => cell.trim()))
}

test('the line keys in the protocol are those of the code', () => {
  const rows = rowsUnder('Items and lines').filter(([item]) => item!.startsWith('`{ "'))
  expect(rows).toHaveLength(3)
  for (const [item, key] of rows) expect(`\`${lineKey(JSON.parse(item!.slice(1, -1)))}\``).toBe(key)
})

test('the sums in the protocol are those of the code', () => {
  const rows = rowsUnder('Sums').filter(([lines]) => lines!.includes('×'))
  expect(rows).toHaveLength(5)
  for (const [lines, total] of rows) {
    const cartItems = lines!.split(', ').map((line, index) => {
      const [quantity = '', amounts = ''] = line.split(' × ')
      const [price = NaN, ...costs] = amounts.replace(/[()]/g, '').split(' + ').map(Number)
      const additionalCosts = Object.fromEntries(costs.map((cost, n) => [`cost-${n}`, { price: cost }]))
      return { sku: `S${index}`, quantity: Number(quantity), price, additionalCosts }
    })
    expect(withTotal({ ...emptySession('s'), cartItems }).total, lines).toBe(Number(total))
  }
})

test('the limits in the protocol are those of the code', () => {
  const { maxItems, maxUnits, maxCodeLength, maxIdentifiers, maxAttributesLength, maxPrice } = defaultLimits('EUR')
  const told = rowsUnder('Limits').map(([, most]) => most!.replaceAll(' ', '').replace('10¹⁵', '1e15'))
  const numbers = [maxItems, maxUnits, maxCodeLength, maxIdentifiers, maxAttributesLength, maxPrice]
  expect(told.slice(2).map(Number)).toEqual(numbers)
})

test('the moves in the protocol are those of the code', () => {
  const states: SessionState[] = ['open', 'closed', 'partially_returned', 'cancelled']
  const moves: Move[] = ['closeSession', 'cancelSession', 'returnItems', 'reopenSession']
  const rows = rowsUnder('States').slice(2)
  const coded = moves.map(move => {
    const from = states.filter(state => nextState(move, state))
    return [`\`${move}\``, from.join(', ').replace('_', ' '), `\`${nextState(move, from[0]!)}\``]
  })
  expect(rows).toEqual(coded)
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
