import { useState, type ReactNode } from 'react'
import type { Product } from '../shared/products.ts'
import { attempt, cart } from './cart.ts'

export function ProductCard({ product }: { readonly product: Product }): ReactNode {
  const { name, note, choices } = product
  const [chosen, setChosen] = useState(0)
  const { item, picture } = choices[chosen]!

  return (
    <li className="card" data-test="product">
      <form
        onSubmit={event => {
          event.preventDefault()
          attempt(() => cart.addItem(item))
        }}
      >
        <div className="card-picture">
          <img src={picture} alt="" width="400" height="400" />
        </div>
        <div className="card-words">
          <h2>{name}</h2>
          <p className="card-price" data-test="price">
            {cart.format(item.price)}
          </p>
          <p className="card-note">{note}</p>
        </div>
        <div className="card-choices">
          {choices.length > 1 && (
            <label className="size">
              <span className="hidden">Kind of {name}</span>
              <select data-test="choice" value={chosen} onChange={event => setChosen(Number(event.target.value))}>
                {choices.map(({ label }, index) => (
                  <option key={label} value={index}>
                    {label}
                  </option>
                ))}
              </select>
            </label>
          )}
        </div>
        <button className="button card-add" data-test="add" aria-label={`Add to cart: ${name}`}>
          Add to cart
        </button>
      </form>
    </li>
  )
}
