import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { isSessionCartError } from '../../../src/errors.ts'
import { copyJson } from '../../../src/session/json.ts'
import { parseArgs, parseMutation } from '../../../src/session/mutations.ts'

function codeOf(job: () => unknown): string {
  try {
    job()
  } catch (error) {
    if (isSessionCartError(error)) return error.code
    throw error
  }
  return 'accepted'
}

const addItem = (item: unknown, quantity: unknown = 1): string => codeOf(() => parseArgs('addItem', { item, quantity }))

function nested(depth: number): object {
  return depth === 0 ? {} : { deeper: nested(depth - 1) }
}

test('an item is checked field by field', () => {
  const cyclic: Record<string, unknown> = {}
  cyclic.self = cyclic
  const wrong: [unknown, string][] = [
    [undefined, 'invalid-item'],
    [null, 'invalid-item'],
    ['A', 'invalid-item'],
    [[], 'invalid-item'],
    [{}, 'invalid-item'],
    [{ sku: '' }, 'invalid-item'],
    [{ sku: 7 }, 'invalid-item'],
    [{ sku: 'A\0' }, 'invalid-item'],
    [{ sku: '\udc00' }, 'invalid-item'],
    [{ sku: 'A', price: Number.NaN }, 'invalid-item'],
    [{ sku: 'A', price: -Infinity }, 'invalid-item'],
    [{ sku: 'A', price: -0 }, 'invalid-item'],
    [{ sku: 'A', price: '3' }, 'invalid-item'],
    [{ sku: 'A', price: 3n }, 'invalid-item'],
    [{ sku: 'A', name: 5 }, 'invalid-item'],
    [{ sku: 'A', product: {} }, 'invalid-item'],
    [{ sku: 'A', product: { name: 'P', id: 1 } }, 'invalid-item'],
    [{ sku: 'A', quantity: 2 }, 'invalid-quantity'],
    [{ sku: 'A', returnedQuantity: 1 }, 'invalid-item'],
    [{ sku: 'A', catalogItemID: 1 }, 'invalid-item'],
    [{ sku: 'A', additionalCosts: { a: 5 } }, 'invalid-item'],
    [{ sku: 'A', additionalCosts: { a: { price: Number.NaN } } }, 'invalid-item'],
    [{ sku: 'A', additionalCosts: [] }, 'invalid-item'],
    [{ sku: 'A', attributes: [] }, 'invalid-attributes'],
    [{ sku: 'A', attributes: 'text' }, 'invalid-attributes'],
    [{ sku: 'A', attributes: cyclic }, 'invalid-attributes'],
    [{ sku: 'A', attributes: { at: new Date() } }, 'invalid-attributes'],
    [{ sku: 'A', attributes: { call: () => 1 } }, 'invalid-attributes'],
    [{ sku: 'A', attributes: { n: Number.NaN } }, 'invalid-attributes'],
    [{ sku: 'A', attributes: { map: new Map() } }, 'invalid-attributes'],
    [{ sku: 'A', attributes: { '\0': 1 } }, 'invalid-attributes'],
    [{ sku: 'A', attributes: nested(28) }, 'invalid-attributes'],
  ]
  for (const [item, code] of wrong) expect([addItem(item), item]).toEqual([code, item])
  for (const item of [
    { sku: '__proto__' },
    { sku: 'constructor', price: 0 },
    { sku: 'A', price: 5e-324, name: undefined },
    { sku: '👕', product: { name: 'P' }, weight: 1.5, additionalCosts: { constructor: { price: 1 } } },
    { sku: 'A', attributes: JSON.parse('{"__proto__":{"a":1},"constructor":[1,null]}') },
    { sku: 'A', attributes: nested(27) },
  ]) {
    expect([addItem(item), item]).toEqual(['accepted', item])
  }
  expect(({} as Record<string, unknown>).a).toBeUndefined()
})

test('quantities are whole numbers', () => {
  for (const quantity of [0, -1, 1.5, '3', Number.NaN, Infinity, null, 2 ** 53]) {
    expect([addItem({ sku: 'A' }, quantity), quantity]).toEqual(['invalid-quantity', quantity])
  }
  expect(codeOf(() => parseArgs('setQuantity', { line: 'A', quantity: 0 }))).toBe('accepted')
  expect(codeOf(() => parseArgs('changeQuantity', { line: 'A', by: 0.5 }))).toBe('invalid-quantity')
})

test('other arguments are checked too, and unknown ones refused', () => {
  expect(codeOf(() => parseArgs('applyCoupon', { code: '' }))).toBe('invalid-argument')
  expect(codeOf(() => parseArgs('removeCoupon', { code: 'X' }))).toBe('invalid-argument')
  expect(codeOf(() => parseArgs('setIdentifiers', { identifiers: ['a', 5] }))).toBe('invalid-argument')
  expect(codeOf(() => parseArgs('setAttributes', { changes: null }))).toBe('invalid-attributes')
  expect(codeOf(() => parseArgs('start', { currency: 'EUR', items: [{ sku: 'A' }] }))).toBe('invalid-quantity')
  expect(codeOf(() => parseArgs('updateItem', { line: 'A', changes: { price: null, sku: undefined } }))).toBe(
    'accepted',
  )
  expect(codeOf(() => parseArgs('updateItem', { line: 'A', changes: { sku: null } }))).toBe('invalid-item')
  expect(codeOf(() => parseArgs('clearItems', undefined))).toBe('invalid-argument')
})

test('what is checked is a frozen copy, detached from what was given', () => {
  const item = { sku: 'A', attributes: { tags: ['a'] }, name: undefined }
  const args = parseArgs('addItem', { item, quantity: 1 })
  item.attributes.tags.push('b')
  expect(args).toEqual({ item: { sku: 'A', attributes: { tags: ['a'] } }, quantity: 1 })
  expect(Object.hasOwn(args.item, 'name')).toBe(false)
  expect(Object.isFrozen(args.item.attributes?.tags)).toBe(true)
})

test('a copy of JSON data says the same, without minus nought and undefined members', () => {
  expect(copyJson({ a: -0, b: undefined, c: [null, true, 'x'] })).toEqual({ a: 0, c: [null, true, 'x'] })
  expect(Object.is(copyJson(-0), 0)).toBe(true)
  expect(copyJson(Object.create(null))).toEqual({})
  expect(() => copyJson([undefined])).toThrow(TypeError)
})

test('a mutation out of stored bytes parses or it does not, and never throws', () => {
  const good = { writer: 'w9-_', n: 1, name: 'removeItem', args: { line: 'A' }, at: '2026-11-23T10:00:00Z' }
  expect(parseMutation(good)).toEqual(good)
  expect(parseMutation({ ...good, name: 'wrapItem', args: { paper: 'red' } })).toMatchObject({ name: 'wrapItem' })
  expect(parseMutation({ ...good, name: 'constructor', args: {} })).toMatchObject({ name: 'constructor' })
  const wrong = [
    { writer: '' },
    { writer: 'a b' },
    { writer: 'x'.repeat(65) },
    { n: 0 },
    { n: 1.5 },
    { n: '1' },
    { name: 5 },
  ]
  for (const fields of [
    ...wrong,
    { args: null },
    { args: 'A' },
    { args: { line: 5 } },
    { at: 7 },
    { args: { line: 'A', b: 1 } },
  ]) {
    expect(parseMutation({ ...good, ...fields })).toBeUndefined()
  }
  fc.assert(
    fc.property(fc.anything(), value => {
      parseMutation(value)
      parseMutation({ ...good, args: value })
      parseMutation({ ...good, name: 'start', args: { currency: 'EUR', items: value } })
    }),
    { numRuns: 3000 },
  )
})

test.each([
  ['addItem', { item: { sku: '' }, quantity: 1 }, 'item.sku is ""; it has to be text of at least one character'],
  ['addItem', { item: { sku: 'A', name: '\0' }, quantity: 1 }, 'it has to be text without U+0000 and lone surrogates'],
  ['addItem', { item: { sku: 'A', price: '3' }, quantity: 1 }, 'item.price is "3"; it has to be a finite number'],
  ['addItem', { item: { sku: 'A', attributes: 5 }, quantity: 1 }, 'it has to be a plain object of JSON data'],
  [
    'addItem',
    { item: { sku: 'A', additionalCosts: { a: 1 } }, quantity: 1 },
    'it has to be a map of names to { price }',
  ],
  ['addItem', { item: { sku: 'A' }, quantity: 0 }, 'quantity is 0; it has to be a whole number from 1'],
  ['setQuantity', { line: 'A', quantity: -1 }, 'quantity is -1; it has to be a whole number from 0'],
  ['changeQuantity', { line: 'A', by: 0.5 }, 'by is 0.5; it has to be a whole number.'],
  ['removeItem', { line: 'A', colour: 'red' }, 'it has to be left out, it is no field here'],
  ['adopt', { from: { integrationId: 'o', epoch: 'e' }, rule: 'min' }, 'it has to be sum or max or mine or theirs'],
] as const)('%s refuses what is wrong, and says what it has to be', (name, args, message) => {
  expect(() => parseArgs(name, args)).toThrow(message)
  expect(() => parseArgs(name, args)).toThrow(`${name}: `)
})

test('a mutation of a later release passes with any object as its arguments, and with nothing else', () => {
  const later = { writer: 'w', n: 1, name: 'wrapItem', at: '2026-11-23T10:00:00Z' }
  expect(parseMutation({ ...later, args: { line: 'A' } })).toEqual({ ...later, args: { line: 'A' } })
  for (const args of [undefined, null, 5, 'A', true]) expect(parseMutation({ ...later, args })).toBeUndefined()
  expect(parseMutation({ ...later, args: { a: () => 1 } })).toBeUndefined()
})
