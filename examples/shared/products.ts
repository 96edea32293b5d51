import type { CartItem, ItemInput } from 'session-cart'
import { colourNames, findProduct, pictureOf, priceOf } from '../script-tag/catalog.js'

type ColourName = keyof typeof colourNames

/** One way to buy a product: a colour, a size, both or neither. */
export interface Choice {
  /** Empty where there is nothing to choose. */
  readonly label: string
  readonly picture: string
  /** What `cart.addItem` takes. */
  readonly item: ItemInput & { readonly price: number }
}

export interface Product {
  readonly sku: string
  readonly name: string
  readonly note: string
  readonly choices: readonly Choice[]
}

const SKUS = ['MUG', 'KETTLE', 'PLATE', 'APRON', 'BOARD', 'TOWEL', 'SOAP', 'TWINE']

// The list is that of the script-tag shop, since one server sets the prices of all examples.
function readProduct(sku: string): Product {
  const product = findProduct(sku)!
  const { name, note, colours = [undefined], sizes } = product
  const sizeNames = sizes ? Object.keys(sizes) : [undefined]
  const choices = colours.flatMap(colour =>
    sizeNames.map(size => {
      const attributes = { ...(colour && { colour }), ...(size && { size }) }
      const price: number = priceOf(sku, attributes, 'EUR')
      return {
        label: [colour && colourNames[colour as ColourName], size].filter(Boolean).join(', '),
        picture: pictureOf(product, colour),
        item: { sku, name, price, ...((colour || size) && { attributes }) },
      }
    }),
  )
  return { sku, name, note, choices }
}

/** What the shop sells. */
export const products: readonly Product[] = SKUS.map(readProduct)

/** The picture of a line of the cart; one of a product that is no longer sold has the shop's mark. */
export function pictureOfLine({ sku, attributes }: CartItem): string {
  const product = findProduct(sku)
  return product ? pictureOf(product, attributes?.colour) : '/images/mark.svg'
}
