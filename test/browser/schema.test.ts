import { boolean, nonEmpty, number, object, optional, picklist, pipe, string, toNumber, transform } from 'valibot'
import { expect, expectTypeOf, test } from 'vitest'
import { createSessionCart, lineKey, type Attributes, type Json, type SessionCart } from '../../src/index.ts'
import { codeOf } from '../support/code-of.ts'

const sessionSchema = object({ giftWrap: optional(boolean()), note: optional(pipe(string(), nonEmpty())) })
const itemSchema = object({
  size: picklist(['S', 'M', 'L']),
  engraving: optional(
    pipe(
      string(),
      transform(text => text.trim()),
    ),
  ),
})

function createTypedCart(): SessionCart<typeof sessionSchema, typeof itemSchema> {
  return createSessionCart({
    currency: 'EUR',
    storage: 'memory',
    attributes: sessionSchema,
    itemAttributes: itemSchema,
  })
}

test('the stores and the commands have the types of the schemas, and the commands their rules', async () => {
  const cart = createTypedCart()
  await cart.ready
  cart.addItem({ sku: 'TEE', price: 20, attributes: { size: 'M', engraving: ' Ada ' } })
  const [tee] = cart.$items.get()
  expectTypeOf(tee!.attributes!.size).toEqualTypeOf<'S' | 'M' | 'L'>()
  expectTypeOf(tee!.attributes!.engraving).toEqualTypeOf<string | undefined>()
  expectTypeOf(cart.line(lineKey(tee!)).get()!.attributes!.size).toEqualTypeOf<'S' | 'M' | 'L'>()
  expectTypeOf(cart.$session.get().cartItems[0]!.attributes!.size).toEqualTypeOf<'S' | 'M' | 'L'>()
  expectTypeOf(cart.$session.get().attributes.giftWrap).toEqualTypeOf<boolean | undefined>()
  expect(tee!.attributes).toEqual({ size: 'M', engraving: 'Ada' })

  cart.setQuantity({ sku: 'TEE', attributes: { size: 'M', engraving: 'Ada' } }, 3)
  expect(cart.$quantity.get()).toBe(3)
  // @ts-expect-error no such size
  expect(codeOf(() => cart.addItem({ sku: 'TEE', attributes: { size: 'XXL' } }))).toBe('invalid-attributes')
  // @ts-expect-error a note is text
  expect(codeOf(() => cart.setAttributes({ note: 5 }))).toBe('invalid-attributes')
  // @ts-expect-error no such size
  expect(codeOf(() => cart.updateItem('TEE', { attributes: { size: 1 } }))).toBe('invalid-attributes')
  cart.dispose()
})

test('null deletes an attribute, whatever the schema says of null; the rest of the change is checked', async () => {
  const cart = createTypedCart()
  await cart.ready
  cart.setAttributes({ giftWrap: true, note: 'for Ada' })
  cart.setAttributes({ note: null })
  expect(cart.$session.get().attributes).toEqual({ giftWrap: true })
  expect(codeOf(() => cart.setAttributes({ giftWrap: null, note: '' }))).toBe('invalid-attributes')
  expect(cart.$session.get().attributes).toEqual({ giftWrap: true })
  cart.dispose()
})

test('what the schema gives is stored, and what it takes is asked for', async () => {
  const cart = createSessionCart({
    currency: 'EUR',
    storage: 'memory',
    itemAttributes: object({ length: pipe(string(), toNumber(), number()) }),
  })
  await cart.ready
  cart.addItem({ sku: 'ROPE', attributes: { length: '12' } })
  const { length } = cart.$items.get()[0]!.attributes!
  expectTypeOf(length).toEqualTypeOf<number>()
  expect(length).toBe(12)
  cart.dispose()
})

test('without schemas attributes are JSON, and every cart is a SessionCart', () => {
  const cart = createSessionCart({ currency: 'EUR', storage: 'memory' })
  expectTypeOf(cart.$session.get().attributes.anything).toEqualTypeOf<Json | undefined>()
  cart.addItem({ sku: 'MUG' })
  expectTypeOf(cart.$items.get()[0]!.attributes).toEqualTypeOf<Attributes | undefined>()
  const typed = createTypedCart()
  const carts: SessionCart[] = [cart, typed]
  expect(carts.map(each => each.$quantity.get())).toEqual([1, 0])
  for (const each of carts) each.dispose()
})
