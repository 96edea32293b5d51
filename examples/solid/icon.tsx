import type { JSX } from 'solid-js'

export function Icon(props: { readonly name: string }): JSX.Element {
  return (
    <svg class="icon" aria-hidden="true">
      <use href={`/images/icons.svg#${props.name}`} />
    </svg>
  )
}
