import { currencies } from '../catalog.js'

const KEY = 'fettle:currency'

// Storage may be forbidden; the choice is then good for this page alone.
function recall() {
  try {
    return localStorage.getItem(KEY)
  } catch {
    return null
  }
}

function remember(currency) {
  try {
    localStorage.setItem(KEY, currency)
  } catch {
    // See above.
  }
}

export function createCurrencySelect(select, onChange) {
  select.replaceChildren(...currencies.map(currency => new Option(currency, currency)))
  const remembered = recall()
  select.value = currencies.includes(remembered) ? remembered : currencies[0]
  onChange(select.value, { chosen: false })

  select.addEventListener('change', () => {
    remember(select.value)
    onChange(select.value, { chosen: true })
  })

  // Coming back by the Back button the browser may restore another choice than the page shows.
  window.addEventListener('pageshow', () => {
    const shown = recall()
    if (shown && currencies.includes(shown) && select.value !== shown) {
      select.value = shown
      onChange(shown, { chosen: false })
    }
  })
}
