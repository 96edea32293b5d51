/**
 * Called before a row goes: moves the focus to the same control of the next row, else of the one before. After the only
 * row it goes to the heading of the cart. Without this it would be lost, and with it the place of who uses a keyboard.
 */
export function handOverFocus(control: HTMLElement): void {
  const row = control.closest('li')
  const neighbour = row?.nextElementSibling ?? row?.previousElementSibling
  const sameControl = neighbour?.querySelector<HTMLElement>(`[data-test="${control.dataset.test}"]`)
  const next = sameControl ?? document.getElementById('cart-title')
  next?.focus()
}

/** The whole number that stands in a field of quantity, or `undefined` for anything else. */
export function readQuantity(text: string): number | undefined {
  return /^\d+$/.test(text.trim()) ? Number(text) : undefined
}
