import type { Page } from 'playwright-core'

/** A shopper without a mouse. Every step sees to it that the focus is somewhere, and that one can see where. */
export interface Keyboard {
  /** Presses a key. */
  press(key: string): Promise<void>
  /** Types into what has the focus. */
  type(text: string): Promise<void>
  /** Presses Tab, or Shift+Tab, until the focus is on an element that the selector finds. */
  walkTo(selector: string, key?: 'Tab' | 'Shift+Tab'): Promise<void>
}

// More than any page here has: the walk would begin anew.
const MOST_STEPS = 250

declare global {
  var focusBefore: { readonly element: Element; readonly look: string } | undefined
}

// Runs in the page: what is wrong with the focus, and whether it is where it should be.
function inspect(selector: string | undefined): { readonly problem: string; readonly isThere: boolean } {
  const nameOf = (element: Element): string => element.outerHTML.slice(0, 120)
  // A control may show its focus on a mark beside it.
  const lookOf = (element: Element): string =>
    [element, element.nextElementSibling, element.parentElement]
      .map(each => {
        if (!each) return ''
        const { outlineStyle, outlineWidth, outlineColor, boxShadow, clipPath } = getComputedStyle(each)
        return [
          outlineStyle === 'none' ? 'none' : `${outlineStyle} ${outlineWidth} ${outlineColor}`,
          boxShadow,
          clipPath,
        ]
      })
      .join('|')
  const before = globalThis.focusBefore
  const active = document.activeElement
  if (!active || active === document.body || active === document.documentElement) {
    return { problem: `the focus is nowhere, it was on ${before ? nameOf(before.element) : 'nothing'}`, isThere: false }
  }
  const hasMoved = before && before.element !== active
  const wasSeen = !hasMoved || !before.element.checkVisibility() || lookOf(before.element) !== before.look
  globalThis.focusBefore = { element: active, look: lookOf(active) }
  return {
    problem: wasSeen ? '' : `nobody can see the focus on ${nameOf(before.element)}`,
    isThere: selector !== undefined && active.matches(selector),
  }
}

/** The keyboard of a page that was just opened. */
export function keyboardOf(page: Page): Keyboard {
  async function check(what: string, selector?: string): Promise<boolean> {
    const { problem, isThere } = await page.evaluate(inspect, selector)
    if (problem) throw new Error(`After ${what}: ${problem}`)
    return isThere
  }
  async function press(key: string): Promise<void> {
    await page.keyboard.press(key)
    await check(key)
  }
  return {
    press,
    async type(text) {
      await page.keyboard.type(text)
      await check(text)
    },
    async walkTo(selector, key = 'Tab') {
      for (let step = 0; step < MOST_STEPS; step++) {
        await page.keyboard.press(key)
        if (await check(key, selector)) return
      }
      throw new Error(`${MOST_STEPS} times ${key} do not lead to ${selector}`)
    },
  }
}
