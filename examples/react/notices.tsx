import type { ReactNode } from 'react'
import { handOverFocus } from '../shared/controls.ts'
import { sayNotice } from '../shared/words.ts'
import { cart } from './cart.ts'
import { Icon } from './icon.tsx'
import { useStore } from './use-store.ts'

/** What the server rejected or changed: kept until the shopper dismisses it, in all tabs and after a reload. */
export function Notices(): ReactNode {
  const notices = useStore(cart.$notices)
  return (
    <ul className="notices" data-test="notices" aria-live="polite" aria-label="Messages about your cart">
      {notices.map(notice => (
        <li className="note note-warn" key={notice.id} data-test="notice">
          <p>{sayNotice(cart, notice)}</p>
          <button
            className="icon-button"
            data-test="dismiss"
            aria-label="Dismiss this message"
            onClick={event => {
              handOverFocus(event.currentTarget)
              cart.dismiss(notice.id)
            }}
          >
            <Icon name="close" />
          </button>
        </li>
      ))}
    </ul>
  )
}
