import { useStore } from '@nanostores/solid'
import { For, type JSX } from 'solid-js'
import { handOverFocus } from '../shared/controls.ts'
import { sayNotice } from '../shared/words.ts'
import { cart } from './cart.ts'
import { Icon } from './icon.tsx'

/** What the server rejected or changed: kept until the shopper dismisses it, in all tabs and after a reload. */
export function Notices(): JSX.Element {
  // Told apart by their `id`, also where one in the middle goes.
  const notices = useStore(cart.$notices)
  return (
    <ul class="notices" data-test="notices" aria-live="polite" aria-label="Messages about your cart">
      <For each={notices()}>
        {notice => (
          <li class="note note-warn" data-test="notice">
            <p>{sayNotice(cart, notice)}</p>
            <button
              class="icon-button"
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
        )}
      </For>
    </ul>
  )
}
