const QUIET_MS = 700
const AT_MOST_MS = 2500
const CLEAR_MS = 8000

/**
 * Says what changed to those who do not see it: politely, and as one sentence for a burst of changes. A newer message on
 * the same topic replaces the older one, so ten clicks on + are told as one quantity.
 */
export function createAnnouncer({ page, dialog, inDialog }) {
  const waiting = new Map()
  let timer
  let clearTimer
  let waitingSince

  function speak() {
    const region = dialog.open ? inDialog : page
    region.textContent = [...waiting.values()].join(' ')
    waiting.clear()
    waitingSince = undefined
    clearTimeout(clearTimer)
    // Old news is not to be come upon later, when reading through the page.
    clearTimer = setTimeout(() => (region.textContent = ''), CLEAR_MS)
  }

  return {
    say(topic, text) {
      const now = performance.now()
      waitingSince ??= now
      // Set again, it also moves to the end: the newest is said last.
      waiting.delete(topic)
      waiting.set(topic, text)
      clearTimeout(timer)
      timer = setTimeout(speak, Math.max(0, Math.min(QUIET_MS, waitingSince + AT_MOST_MS - now)))
    },
  }
}
