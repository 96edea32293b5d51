import type { SessionCart } from '../cart/api.ts'
import { baseSection, logSection, noticesSection, sessionSection, statusSection } from './cart-sections.ts'
import { networkControl, reportControl } from './controls.ts'
import { createDock } from './dock.ts'
import { make, write } from './make.ts'
import { batchesSection, lockSection, rowsSection, tabsSection } from './outer-sections.ts'
import { createSection, type Section, type SectionOf } from './section.ts'
import { watchCart } from './watch.ts'
import type { InspectorWords } from './words.ts'

/** The two columns, left and right. */
const COLUMNS = [
  [
    ['session', sessionSection],
    ['base', baseSection],
    ['notices', noticesSection],
    ['status', statusSection],
  ],
  [
    ['log', logSection],
    ['batches', batchesSection],
    ['tabs', tabsSection],
    ['lock', lockSection],
    ['rows', rowsSection],
  ],
] as const satisfies readonly (readonly (readonly [string, SectionOf])[])[]

/**
 * Shows a cart in a shadow root, a frame at a time, and only what is open and in sight.
 *
 * @param close The button that closes it was pressed.
 * @returns Stops, and takes everything out again.
 */
export function showCart(root: ShadowRoot, cart: SessionCart, words: InspectorWords, close: () => void): () => void {
  let frame: number | undefined
  let isInSight = false
  const watch = watchCart(cart, () => words, schedule)
  const network = networkControl(watch, words)
  const report = reportControl(watch, words)
  const chip = make('span', { class: 'chip state' })
  const sections: Section[] = []
  const columns = COLUMNS.map(column =>
    make(
      'div',
      {},
      ...column.map(([name, create]) => {
        const section = createSection(name, words[name], create(watch, words), schedule)
        sections.push(section)
        return section.element
      }),
    ),
  )
  const body = make('div', { class: 'body' }, make('div', { class: 'columns' }, ...columns))
  const tools = make('div', { class: 'tools' }, ...network.tools, ...report.tools)
  const dock = createDock(words, [chip, tools], [report.byHand, body], schedule, close)

  // A page that is not shown has no frames: what changed meanwhile is shown at its return.
  function schedule(): void {
    if (isInSight && !dock.isFolded()) frame ??= requestAnimationFrame(show)
  }

  function show(): void {
    frame = undefined
    const { phase, pending, storage } = cart.$status.get()
    write(chip, `${phase} · ${pending} ${words.pending.toLowerCase()} · ${storage}`)
    network.show()
    for (const section of sections) section.show()
  }

  const observer = new IntersectionObserver(
    ([entry]) => {
      isInSight = entry?.isIntersecting ?? false
      schedule()
    },
    { root: document },
  )
  network.show()
  root.replaceChildren(dock.element)
  observer.observe(dock.element)
  return () => {
    watch.stop()
    observer.disconnect()
    if (frame !== undefined) cancelAnimationFrame(frame)
    root.replaceChildren()
  }
}
