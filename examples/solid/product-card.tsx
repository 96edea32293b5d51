import { createSignal, For, Show, type JSX } from 'solid-js'
import type { Choice, Product } from '../shared/products.ts'
import { attempt, cart } from './cart.ts'

export function ProductCard(props: { readonly product: Product }): JSX.Element {
  const [chosen, setChosen] = createSignal(0)
  const choice = (): Choice => props.product.choices[chosen()]!

  return (
    <li class="card" data-test="product">
      <form
        onSubmit={event => {
          event.preventDefault()
          attempt(() => cart.addItem(choice().item))
        }}
      >
        <div class="card-picture">
          <img src={choice().picture} alt="" width="400" height="400" />
        </div>
        <div class="card-words">
          <h2>{props.product.name}</h2>
          <p class="card-price" data-test="price">
            {cart.format(choice().item.price)}
          </p>
          <p class="card-note">{props.product.note}</p>
        </div>
        <div class="card-choices">
          <Show when={props.product.choices.length > 1}>
            <label class="size">
              <span class="hidden">Kind of {props.product.name}</span>
              <select data-test="choice" onChange={event => setChosen(Number(event.currentTarget.value))}>
                <For each={props.product.choices}>{({ label }, index) => <option value={index()}>{label}</option>}</For>
              </select>
            </label>
          </Show>
        </div>
        <button class="button card-add" data-test="add" aria-label={`Add to cart: ${props.product.name}`}>
          Add to cart
        </button>
      </form>
    </li>
  )
}
