import { memo, useState, type ReactNode } from 'react'
import { lineTotal } from 'session-cart'
import { handOverFocus, readQuantity } from '../shared/controls.ts'
import { pictureOfLine } from '../shared/products.ts'
import { attributeWords, itemName, itemWords } from '../shared/words.ts'
import { attempt, cart } from './cart.ts'
import { Icon } from './icon.tsx'
import { useStore } from './use-store.ts'

interface Props {
  readonly line: string
}

/** One row. `cart.line` stays quiet while other lines change, and `memo` keeps the list from rendering it along. */
export const CartLine = memo(function CartLine({ line }: Props): ReactNode {
  const item = useStore(cart.line(line))
  // What is being typed belongs to the shopper until it is entered or left.
  const [typed, setTyped] = useState<string>()
  if (!item) return null
  const words = itemWords(item)

  function enterQuantity(field: HTMLInputElement): void {
    setTyped(undefined)
    const quantity = readQuantity(field.value)
    // Asked of the store, not of this render: the field of a row that goes is left, and so enters its quantity once more.
    const held = cart.line(line).get()?.quantity
    if (quantity === undefined || held === undefined || quantity === held) return
    attempt(() => cart.setQuantity(line, quantity))
    if (quantity === 0) handOverFocus(field)
  }

  return (
    <li className="line" data-test="line" data-line={line}>
      <img className="line-picture" src={pictureOfLine(item)} alt="" width="88" height="88" />
      <div>
        <p className="line-name" data-test="line-name">
          {itemName(item)}
        </p>
        <p className="line-attributes" data-test="line-attributes">
          {attributeWords(item)}
        </p>
        <p className="line-price">{cart.format(item.price ?? 0)} each</p>
      </div>
      <p className="line-total" data-test="line-total">
        {cart.format(lineTotal(item))}
      </p>
      <div className="line-tools">
        <div className="stepper" role="group" aria-label={`Quantity of ${words}`}>
          <button
            data-test="minus"
            aria-label={item.quantity === 1 ? `Take ${words} out` : `One ${words} less`}
            onClick={event => {
              if (item.quantity === 1) handOverFocus(event.currentTarget)
              attempt(() => cart.changeQuantity(line, -1))
            }}
          >
            <Icon name="minus" />
          </button>
          <input
            data-test="quantity"
            inputMode="numeric"
            autoComplete="off"
            aria-label={`Quantity of ${words}`}
            value={typed ?? item.quantity}
            onChange={event => setTyped(event.target.value)}
            onBlur={event => enterQuantity(event.target)}
            onKeyDown={event => event.key === 'Enter' && enterQuantity(event.currentTarget)}
          />
          <button
            data-test="plus"
            aria-label={`One ${words} more`}
            onClick={() => attempt(() => cart.changeQuantity(line, 1))}
          >
            <Icon name="plus" />
          </button>
        </div>
        <button
          className="link-button"
          data-test="remove"
          aria-label={`Remove ${words}`}
          onClick={event => {
            handOverFocus(event.currentTarget)
            attempt(() => cart.removeItem(line))
          }}
        >
          Remove
        </button>
      </div>
    </li>
  )
})
