import * as fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { canonicalJson, copyJson, isMap, isText, type Json } from '../../../src/session/json.ts'
import { json } from '../../support/arbitraries.ts'

function isDeepFrozen(value: unknown): boolean {
  return (
    typeof value !== 'object' || value === null || (Object.isFrozen(value) && Object.values(value).every(isDeepFrozen))
  )
}

/** The same data with the members of every object in the opposite order. */
function turned(value: Json): Json {
  if (Array.isArray(value)) return value.map(turned)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, turned(member!)]),
  )
}

/** The data without the members that are null. */
function sparse(value: Json): Json {
  if (Array.isArray(value)) return value.map(sparse)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).filter(([, member]) => member !== null)
  return Object.fromEntries(members.map(([name, member]) => [name, sparse(member!)]))
}

test('a copy says the same as what it was made from, shares nothing with it and is frozen to the ground', () => {
  fc.assert(
    fc.property(json, value => {
      const text = JSON.stringify(value)
      const copy = copyJson(value)
      expect(JSON.stringify(copy)).toBe(text)
      expect(JSON.stringify(value)).toBe(text)
      expect(isDeepFrozen(copy)).toBe(true)
      if (typeof value === 'object' && value !== null) expect(copy).not.toBe(value)
    }),
    { numRuns: 1000 },
  )
})

test('a copy of anything at all is plain JSON or a TypeError', () => {
  fc.assert(
    fc.property(fc.anything({ withDate: true, withMap: true, withBigInt: true, withSparseArray: true }), value => {
      let copy: Json
      try {
        copy = copyJson(value)
      } catch (error) {
        expect(error).toBeInstanceOf(TypeError)
        return
      }
      expect(JSON.parse(JSON.stringify(copy))).toStrictEqual(copy)
    }),
    { numRuns: 5000 },
  )
})

test('a name that every object has is a name like any other', () => {
  const given = JSON.parse('{"__proto__":{"isAdmin":true},"constructor":{"prototype":{"isAdmin":true}}}') as Json
  expect(JSON.stringify(copyJson(given))).toBe(JSON.stringify(given))
  expect(canonicalJson(given)).toBe('{"__proto__":{"isAdmin":true},"constructor":{"prototype":{"isAdmin":true}}}')
  expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined()
})

test('data is copied to a depth of 32 and refused beyond it, cycles as well', () => {
  const nested = (depth: number): object => (depth === 1 ? {} : { deeper: nested(depth - 1) })
  const cycle: unknown[] = []
  cycle.push(cycle)
  expect(copyJson(nested(32))).toEqual(nested(32))
  expect(() => copyJson(nested(33))).toThrow(TypeError)
  expect(() => copyJson(cycle)).toThrow(TypeError)
})

test('instances of classes are no plain data, objects without a prototype and of another frame are', () => {
  class Item {
    sku = 'A'
  }
  const foreign = Object.assign(Object.create(Object.create(null)), { sku: 'A' }) as object
  for (const value of [
    new Item(),
    new Map(),
    new Date(),
    /a/,
    new Proxy(new Item(), {}),
    Object.create({ sku: 'A' }),
  ]) {
    expect(() => copyJson(value)).toThrow(TypeError)
  }
  expect(copyJson(foreign)).toEqual({ sku: 'A' })
  expect(copyJson(Object.assign(Object.create(null), { sku: 'A' }))).toEqual({ sku: 'A' })
})

test('a map is an object that is no list', () => {
  for (const value of [{}, { a: 1 }, Object.create(null)]) expect(isMap(value)).toBe(true)
  for (const value of [null, undefined, [], 'a', 5, true]) expect(isMap(value)).toBe(false)
})

test('what cannot be copied is said', () => {
  expect(() => copyJson(() => 1)).toThrow('not plain JSON data')
  expect(() => copyJson({ 'a\0': 1 })).toThrow('a name with U+0000')
})

function expectTextToBeTold(): void {
  for (const value of ['', 'A', '茶', '👕', '\ufffd', '\u0001']) expect(isText(value)).toBe(true)
  for (const value of ['\0', 'a\0b', '\ud83d', '\udc55', '\udc55\ud83d', 5, null, undefined]) {
    expect(isText(value)).toBe(false)
  }
}

test('text has no U+0000 and no lone surrogate', expectTextToBeTold)

test('text is told as well by browsers that know no isWellFormed', () => {
  const texts = String.prototype as { isWellFormed?: unknown }
  const { isWellFormed } = texts
  onTestFinished(() => void (texts.isWellFormed = isWellFormed))
  texts.isWellFormed = undefined
  expectTextToBeTold()
})

test('canonical text does not depend on the order of members nor on members that are null', () => {
  fc.assert(
    fc.property(json, value => {
      expect(canonicalJson(turned(value))).toBe(canonicalJson(value))
      expect(canonicalJson(sparse(value))).toBe(canonicalJson(value))
    }),
    { numRuns: 1000 },
  )
})

test('canonical text is JSON of the data without its null members, and so differs where the data does', () => {
  fc.assert(
    fc.property(json, value => {
      expect(JSON.parse(canonicalJson(value))).toEqual(sparse(value))
    }),
    { numRuns: 1000 },
  )
})

test('canonical text sorts members by UTF-16 code unit and has no white space', () => {
  const value = { b: [1, { d: 1, c: null }], a: 'x y', '\uffff': 1, '👕': 2, Z: undefined, 10: 3, 9: 4 }
  expect(canonicalJson(value)).toBe('{"10":3,"9":4,"a":"x y","b":[1,{"d":1}],"👕":2,"\uffff":1}')
  expect(canonicalJson([null, undefined])).toBe('[null,null]')
})
