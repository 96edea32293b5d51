import * as fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { createSessionCart, lineKey, type SessionCart } from '../../src/index.ts'
import { addFromLink, cartLink, readCartLink } from '../../src/link/index.ts'
import { json, names } from '../support/arbitraries.ts'

const PAGE = 'https://shop.example/cart'
const linkOf = (text: string): string =>
  `${PAGE}#cart=${btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}`

async function open(): Promise<SessionCart> {
  const cart = createSessionCart({ currency: 'EUR', storage: 'memory' })
  await cart.ready
  onTestFinished(() => cart.dispose())
  return cart
}

test('a link carries sku, attributes and quantity, and nothing else', () => {
  const link = cartLink(
    [
      { sku: 'MUG-01', name: 'Mug', price: 12.5, quantity: 2, attributes: {} },
      { sku: 'Tée', price: 20, quantity: 1, attributes: { size: 'M' } },
    ],
    `${PAGE}?a=1#tab=2`,
  )
  expect(link.startsWith(`${PAGE}?a=1#tab=2&cart=`)).toBe(true)
  expect(readCartLink(link)).toEqual([
    { sku: 'MUG-01', quantity: 2 },
    { sku: 'Tée', quantity: 1, attributes: { size: 'M' } },
  ])
  expect(atob(link.split('cart=')[1]!)).not.toMatch(/12\.5|name|price/)
  expect(readCartLink(new URL(PAGE))).toEqual([])
})

test('whatever the lines, they come out as they went in', () => {
  const line = fc.record(
    { sku: names, quantity: fc.integer({ min: 1, max: 9 }), attributes: fc.dictionary(names, json, { maxKeys: 2 }) },
    { requiredKeys: ['sku', 'quantity'] },
  )
  fc.assert(
    fc.property(fc.array(line, { maxLength: 5 }), lines => {
      const read = readCartLink(cartLink(lines, PAGE))
      expect(read.map(({ quantity }) => quantity)).toEqual(lines.map(({ quantity }) => quantity))
      expect(read.map(lineKey)).toEqual(lines.map(lineKey))
    }),
  )
})

test.each([
  ['no base64', `${PAGE}#cart=%%%`],
  ['no JSON', linkOf('[["A",1')],
  ['no UTF-8', `${PAGE}#cart=${btoa('["\xff"]')}`],
  ['no list', linkOf('{"length":1}')],
  ['a line that is none', linkOf('["A"]')],
  ['a line too short', linkOf('[["A"]]')],
  ['a line too long', linkOf('[["A",1,{},5]]')],
  ['no sku', linkOf('[["",1]]')],
  ['half a unit', linkOf('[["A",0.5]]')],
  ['no unit', linkOf('[["A",0]]')],
  ['a quantity in text', linkOf('[["A","1"]]')],
  ['attributes that are none', linkOf('[["A",1,[]]]')],
  ['too many units', linkOf('[["A",9999],["B",2]]')],
  ['too many lines', linkOf(JSON.stringify(Array.from({ length: 1001 }, () => ['A', 1])))],
  ['attributes too long', linkOf(JSON.stringify([['A', 1, { a: 'x'.repeat(10_001) }]]))],
  ['too long', `${PAGE}#cart=${'A'.repeat(64_001)}`],
  ['no address', 'cart'],
])('a link with %s is refused', (_, link) => {
  expect(() => readCartLink(link)).toThrow(expect.objectContaining({ code: 'invalid-argument' }))
})

test('names that are members of every object are names', () => {
  const [line] = readCartLink(linkOf('[["__proto__",1,{"__proto__":{"a":1},"constructor":"x"}]]'))
  expect(Object.keys(line!.attributes!)).toEqual(['__proto__', 'constructor'])
  expect(({} as any).a).toBe(undefined)
})

test('a cart too large for a link is refused', () => {
  const items = Array.from({ length: 1000 }, (_, index) => ({ sku: `${index}`.padEnd(100, 'x'), quantity: 1 }))
  expect(() => cartLink(items, PAGE)).toThrow(expect.objectContaining({ code: 'invalid-argument' }))
})

test('lines are added as the shop has them, and those it has not are told', async () => {
  const cart = await open()
  const failure = new Error('the catalogue does not answer')
  const link = cartLink(
    ['TEE', 'GONE', 'BAD', 'DOWN', 'PEN'].map(sku => ({
      sku,
      quantity: 2,
      ...(sku === 'TEE' && { attributes: { size: 'M' } }),
    })),
    PAGE,
  )
  const { added, left } = await addFromLink(cart, link, async sku => {
    if (sku === 'DOWN') throw failure
    return sku === 'GONE' ? undefined : { sku, price: sku === 'BAD' ? NaN : 20 }
  })
  expect(added).toHaveLength(2)
  expect(cart.$items.get()).toEqual([
    { sku: 'TEE', price: 20, quantity: 2, attributes: { size: 'M' } },
    { sku: 'PEN', price: 20, quantity: 2 },
  ])
  expect(left).toEqual([
    { line: { sku: 'GONE', quantity: 2 } },
    { line: { sku: 'BAD', quantity: 2 }, error: expect.objectContaining({ code: 'invalid-item' }) },
    { line: { sku: 'DOWN', quantity: 2 }, error: failure },
  ])
  await expect(addFromLink(cart, linkOf('7'), () => undefined)).rejects.toMatchObject({ code: 'invalid-argument' })
})
