import { handOverFocus } from '../shared/controls.ts'
import { sayNotice } from '../shared/words.ts'
import { cart } from './cart.js'
import { copyOf, part } from './parts.js'

function createNotice(notice) {
  const row = copyOf('notice-template')
  row.querySelector('p').textContent = sayNotice(cart, notice)
  part('dismiss', row).addEventListener('click', event => {
    handOverFocus(event.currentTarget)
    cart.dismiss(notice.id)
  })
  return row
}

/** What the server rejected or changed: kept until the shopper dismisses it, in all tabs and after a reload. */
export function showNotices(list) {
  const rows = new Map()

  cart.$notices.subscribe(notices => {
    const ids = notices.map(({ id }) => id)
    for (const [id, row] of rows) {
      if (ids.includes(id)) continue
      row.remove()
      rows.delete(id)
    }
    for (const notice of notices) {
      if (rows.has(notice.id)) continue
      const row = createNotice(notice)
      rows.set(notice.id, row)
      list.append(row)
    }
  })
}
