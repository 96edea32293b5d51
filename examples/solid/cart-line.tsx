import { useStore } from '@nanostores/solid'
import { lineTotal, type CartItem } from 'session-cart'
import { Show, type JSX } from 'solid-js'
import { handOverFocus, readQuantity } from '../shared/controls.ts'
import { pictureOfLine } from '../shared/products.ts'
import { attributeWords, itemName, itemWords } from '../shared/words.ts'
import { attempt, cart } from './cart.ts'
import { Icon } from './icon.tsx'

interface Props {
  readonly line: string
}

function Stepper(props: Props & { readonly item: CartItem }): JSX.Element {
  const words = (): string => itemWords(props.item)

  function enterQuantity(field: HTMLInputElement): void {
    const quantity = readQuantity(field.value)
    if (quantity === 0) handOverFocus(field)
    if (quantity !== undefined) attempt(() => cart.setQuantity(props.line, quantity))
    // What was refused does not stay as if it held.
    field.value = String(cart.line(props.line).get()?.quantity ?? '')
  }

  return (
    <div class="stepper" role="group" aria-label={`Quantity of ${words()}`}>
      <button
        data-test="minus"
        aria-label={props.item.quantity === 1 ? `Take ${words()} out` : `One ${words()} less`}
        onClick={event => {
          if (props.item.quantity === 1) handOverFocus(event.currentTarget)
          attempt(() => cart.changeQuantity(props.line, -1))
        }}
      >
        <Icon name="minus" />
      </button>
      <input
        data-test="quantity"
        inputMode="numeric"
        autocomplete="off"
        aria-label={`Quantity of ${words()}`}
        value={props.item.quantity}
        onChange={event => enterQuantity(event.currentTarget)}
      />
      <button
        data-test="plus"
        aria-label={`One ${words()} more`}
        onClick={() => attempt(() => cart.changeQuantity(props.line, 1))}
      >
        <Icon name="plus" />
      </button>
    </div>
  )
}

/** One row: it follows `cart.line`, which stays quiet while other lines change. */
export function CartLine(props: Props): JSX.Element {
  // `For` makes a row for one line, and the line of a row never changes.
  const line = useStore(cart.line(props.line))
  return (
    <Show when={line()}>
      {item => (
        <li class="line" data-test="line" data-line={props.line}>
          <img class="line-picture" src={pictureOfLine(item())} alt="" width="88" height="88" />
          <div>
            <p class="line-name" data-test="line-name">
              {itemName(item())}
            </p>
            <p class="line-attributes" data-test="line-attributes">
              {attributeWords(item())}
            </p>
            <p class="line-price">{cart.format(item().price ?? 0)} each</p>
          </div>
          <p class="line-total" data-test="line-total">
            {cart.format(lineTotal(item()))}
          </p>
          <div class="line-tools">
            <Stepper line={props.line} item={item()} />
            <button
              class="link-button"
              data-test="remove"
              aria-label={`Remove ${itemWords(item())}`}
              onClick={event => {
                handOverFocus(event.currentTarget)
                attempt(() => cart.removeItem(props.line))
              }}
            >
              Remove
            </button>
          </div>
        </li>
      )}
    </Show>
  )
}
