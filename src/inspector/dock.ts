import { make } from './make.ts'
import type { InspectorWords } from './words.ts'

/** The frame at the bottom of the page. */
export interface Dock {
  readonly element: HTMLElement
  isFolded(): boolean
}

const LOWEST = 15
const HIGHEST = 95
const STEP = 5

// As they were left, for as long as the page lives.
let percent = 45
let isFolded = false

/**
 * Makes the frame: a bar that stays, and what folds away.
 *
 * @param bar Stands in the bar while it is unfolded, between the title and the buttons.
 * @param body Stands below it.
 * @param folded It was folded or unfolded.
 * @param close The button that closes it was pressed.
 */
export function createDock(
  words: InspectorWords,
  bar: readonly HTMLElement[],
  body: readonly HTMLElement[],
  folded: () => void,
  close: () => void,
): Dock {
  const handle = make('div', {
    class: 'handle',
    role: 'separator',
    tabindex: '0',
    'aria-orientation': 'horizontal',
    'aria-label': words.resize,
    'aria-valuemin': String(LOWEST),
    'aria-valuemax': String(HIGHEST),
  })
  const fold = make('button', { type: 'button', 'data-do': 'fold' })
  const end = make('button', { type: 'button', 'data-do': 'close' }, words.close)
  const ends = make('div', { class: 'ends' }, fold, end)
  const header = make('header', {}, make('h2', {}, words.title), ...bar, ends)
  const element = make('section', { class: 'dock', 'aria-label': words.label }, handle, header, ...body)

  function resize(next: number): void {
    percent = Math.round(Math.min(HIGHEST, Math.max(LOWEST, next)))
    handle.setAttribute('aria-valuenow', String(percent))
    element.style.height = isFolded ? '' : `${percent}vh`
  }

  function show(): void {
    element.classList.toggle('folded', isFolded)
    fold.textContent = isFolded ? words.unfold : words.fold
    fold.setAttribute('aria-expanded', String(!isFolded))
    for (const part of [handle, ...bar, ...body]) part.hidden = isFolded
    resize(percent)
  }

  end.addEventListener('click', close)
  fold.addEventListener('click', () => {
    isFolded = !isFolded
    show()
    folded()
  })
  handle.addEventListener('keydown', event => {
    const { key } = event
    if (key !== 'ArrowUp' && key !== 'ArrowDown') return
    event.preventDefault()
    resize(percent + (key === 'ArrowUp' ? STEP : -STEP))
  })
  handle.addEventListener('pointerdown', event => {
    event.preventDefault()
    handle.setPointerCapture(event.pointerId)
  })
  handle.addEventListener('pointermove', ({ pointerId, clientY }) => {
    if (handle.hasPointerCapture(pointerId)) resize((1 - clientY / innerHeight) * 100)
  })
  show()
  return { element, isFolded: () => isFolded }
}
