import type { Check } from '../check.ts'
import { among, includes, memberOf, same } from '../expecting.ts'
import { adding, codesOf, lineOf, linesOf, mutation, randomName, unitsOf } from '../subject.ts'

const change = (n: number, line: string, by: number): object => mutation('a', n, 'changeQuantity', { line, by })
const set = (n: number, line: string, quantity: number): object => mutation('a', n, 'setQuantity', { line, quantity })
const update = (n: number, line: string, changes: object): object => mutation('a', n, 'updateItem', { line, changes })

/** What each mutation does. */
export const effects: readonly Check[] = [
  {
    id: 'effects/add',
    section: 'What each mutation does',
    rule: 'addItem on a line that is there adds the units; fields that are given replace, absent ones stay.',
    needs: ['prices'],
    async run({ subject, start }) {
      const answer = await subject().send([
        start(),
        adding('a', 2, 'A', 1, { name: 'Mug', category: 'cups' }),
        adding('a', 3, 'B'),
        adding('a', 4, 'A', 2, { name: 'Cup', price: 3 }),
      ])
      const mug = { sku: 'A', name: 'Cup', category: 'cups', price: 3, quantity: 3 }
      same('lines', linesOf(answer), [mug, { sku: 'B', price: 2.5, quantity: 1 }])
      among('notices', answer.notices, {
        id: 'a.4.price-changed',
        code: 'price-changed',
        line: 'A',
        writer: 'a',
        n: 4,
        from: 2.5,
        to: 3,
      })
    },
  },
  {
    id: 'effects/line-keys',
    section: 'Items and lines',
    rule: 'Same sku and same attributes are one line, whatever the order of their names; no sku can pose as another line.',
    needs: ['lines'],
    async run({ subject, start }) {
      const posing = '["TEE",{"colour":"blue","size":"M"}]'
      const answer = await subject().send([
        start(),
        adding('a', 2, 'TEE', 1, { attributes: { size: 'M', colour: 'blue' } }),
        adding('a', 3, 'TEE', 1, { attributes: { colour: 'blue', size: 'M' } }),
        adding('a', 4, 'TEE', 1, { attributes: { colour: 'blue', size: 'L' } }),
        adding('a', 5, 'TEE', 1, { attributes: {} }),
        adding('a', 6, 'TEE', 1),
        adding('a', 7, posing, 1),
        change(8, posing, 5),
      ])
      const counts = { [posing]: 7, '["TEE",{"colour":"blue","size":"L"}]': 1, TEE: 2, [JSON.stringify([posing])]: 1 }
      same('units', unitsOf(answer), counts)
    },
  },
  {
    id: 'effects/quantities',
    section: 'What each mutation does',
    rule: 'A quantity of 0 or less takes the line out; what is to go already and is not there is no error.',
    needs: ['lines'],
    async run({ subject, start }) {
      const answer = await subject().send([
        start(),
        ...['A', 'B', 'C', 'D', 'E'].map((sku, i) => adding('a', i + 2, sku, 2)),
        change(7, 'A', 3),
        change(8, 'B', -1),
        change(9, 'C', -5),
        set(10, 'D', 0),
        set(11, 'E', 9),
        set(12, 'GONE', 0),
        change(13, 'GONE', -1),
        mutation('a', 14, 'removeItem', { line: 'GONE' }),
        set(15, 'GONE', 1),
        change(16, 'GONE', 1),
      ])
      same('units', unitsOf(answer), { A: 5, B: 1, E: 9 })
      same('rejections', codesOf(answer, 'a'), { 15: 'line-not-found', 16: 'line-not-found' })
    },
  },
  {
    id: 'effects/update',
    section: 'What each mutation does',
    rule: 'updateItem replaces the fields it names, null removes one; onto the key of another line it merges the two.',
    needs: ['prices'],
    async run({ subject, start }) {
      const answer = await subject().send([
        start(),
        adding('a', 2, 'A', 2, { name: 'Mug', category: 'cups' }),
        adding('a', 3, 'B', 3),
        update(4, 'A', { name: 'Cup', category: null }),
        update(5, 'B', { sku: 'A', price: 2 }),
        update(6, 'GONE', { name: 'x' }),
      ])
      same('lines', linesOf(answer), [{ sku: 'A', name: 'Cup', price: 2, quantity: 5 }])
      same('rejections', codesOf(answer, 'a'), { 6: 'line-not-found' })
    },
  },
  {
    id: 'effects/restore',
    section: 'What each mutation does',
    rule: 'removeItem takes one line out, restoreItem puts it back at its index, clearItems takes out all.',
    needs: ['lines'],
    async run({ subject, start }) {
      const undone = subject()
      const restored = await undone.send([
        start(),
        ...['A', 'B', 'C'].map((sku, i) => adding('a', i + 2, sku)),
        mutation('a', 5, 'removeItem', { line: 'B' }),
        mutation('a', 6, 'restoreItem', { item: { sku: 'B', price: 2.5, quantity: 4 }, index: 1 }),
        mutation('a', 7, 'restoreItem', { item: { sku: 'Z', price: 2.5, quantity: 1 }, index: 99 }),
      ])
      const order = linesOf(restored).map(({ sku, quantity }) => `${quantity} ${sku}`)
      same('lines in order', order, ['1 A', '4 B', '1 C', '1 Z'])
      same('lines once cleared', linesOf(await undone.send([mutation('a', 8, 'clearItems')])), [])
    },
  },
  {
    id: 'effects/attributes',
    section: 'What each mutation does',
    rule: 'setAttributes merges shallowly; null deletes.',
    async run({ subject, start }) {
      const setting = subject()
      const write = (n: number, changes: object): object => mutation('a', n, 'setAttributes', { changes })
      const answer = await setting.send([
        start(),
        write(2, { gift: true, note: 'x', box: { ribbon: 'red', card: 1 } }),
        write(3, { note: null, box: { ribbon: 'blue' }, list: [1, null, 'x'] }),
      ])
      same('attributes', answer.fields.attributes, { gift: true, box: { ribbon: 'blue' }, list: [1, null, 'x'] })
    },
  },
  {
    id: 'effects/codes',
    section: 'What each mutation does',
    rule: 'applyCoupon and applyReferral put a code in, the last one holds; removing takes it out.',
    needs: ['codes'],
    async run({ subject, start }) {
      const coupons = subject()
      const code = (n: number, name: string, value: string): object => mutation('a', n, name, { code: value })
      const applied = await coupons.send([
        start(),
        code(2, 'applyCoupon', 'CONFORMANCE'),
        code(3, 'applyCoupon', 'CONFORMANCE-2'),
        code(4, 'applyReferral', 'CONFORMANCE'),
      ])
      includes('session', applied.fields, { coupon: 'CONFORMANCE-2', referral: 'CONFORMANCE' })
      const removed = await coupons.send([mutation('a', 5, 'removeCoupon'), mutation('a', 6, 'removeReferral')])
      includes('session', removed.fields, { coupon: '', referral: '' })
    },
  },
  {
    id: 'effects/start',
    section: 'What each mutation does',
    rule: 'start seeds a new session; on one that has begun it does nothing, and another currency is currency-mismatch.',
    needs: ['lines'],
    async run({ subject, start, currency }) {
      const begun = subject()
      const seed = (writer: string, sku: string, given = currency): object =>
        mutation(writer, 1, 'start', {
          currency: given,
          attributes: { by: writer },
          items: [{ sku, price: 1, quantity: 2 }],
        })
      const first = await begun.send([seed('a', 'A')])
      same('units', unitsOf(first), { A: 2 })
      const other = currency === 'USD' ? 'EUR' : 'USD'
      const second = await begun.send([seed('b', 'B'), seed('c', 'C', other), start('d')])
      includes('session', second.fields, { attributes: { by: 'a' } })
      same('units after other starts', unitsOf(second), { A: 2 })
      same('rejections of the other currency', codesOf(second, 'c'), { 1: 'currency-mismatch' })
      const foreign = await begun.send([adding('a', 2, 'F', 1, { currency: other })])
      same('rejections of an item in another currency', codesOf(foreign, 'a'), { 2: 'currency-mismatch' })
      const own = await begun.send([adding('a', 3, 'G', 1, { currency })])
      same('currency, which no line keeps', memberOf(lineOf(own, 'G'), 'currency'), undefined)
    },
  },
  {
    id: 'effects/profile',
    section: 'What each mutation does',
    rule: 'A profile that the request is not authorized for is forbidden; the number is taken.',
    async run({ subject, start }) {
      const profileId = randomName()
      const answer = await subject().send([start(), mutation('a', 2, 'setProfile', { profileId })])
      same('rejections', codesOf(answer, 'a'), { 2: 'forbidden' })
      same('acked', answer.acked, { a: 2 })
      same('profileId', answer.fields.profileId, '')
    },
  },
  {
    id: 'effects/identifiers',
    section: 'What each mutation does',
    rule: 'setIdentifiers replaces the list; more than 5 are limit-exceeded.',
    needs: ['setIdentifiers'],
    async run({ subject, start }) {
      const write = (n: number, identifiers: readonly string[]): object =>
        mutation('a', n, 'setIdentifiers', { identifiers })
      const answer = await subject().send([
        start(),
        write(2, ['x', 'y']),
        write(3, ['z']),
        write(4, ['1', '2', '3', '4', '5', '6']),
      ])
      same('identifiers', answer.fields.identifiers, ['z'])
      same('rejections', codesOf(answer, 'a'), { 4: 'limit-exceeded' })
    },
  },
]
