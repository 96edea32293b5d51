import type { ReactNode } from 'react'

export function Icon({ name }: { readonly name: string }): ReactNode {
  return (
    <svg className="icon" aria-hidden="true">
      <use href={`/images/icons.svg#${name}`} />
    </svg>
  )
}
