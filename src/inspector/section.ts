import { make, write } from './make.ts'
import type { Watch } from './watch.ts'
import { fill, type InspectorWords } from './words.ts'

/** What a section shows, and how it is brought up to date. */
export interface SectionContent {
  readonly parts: readonly HTMLElement[]
  /** @returns how many there are, for the heading */
  show(): number | undefined
}

/** Makes what a section shows. */
export type SectionOf = (watch: Watch, words: InspectorWords) => SectionContent

/** A part of the inspector that opens and closes. */
export interface Section {
  readonly element: HTMLDetailsElement
  /** Does nothing while it is closed. */
  show(): void
}

// As the shopper's page left them: a section stays open or closed for as long as the page lives.
const closed = new Set<string>(['rows'])

/**
 * Makes a section.
 *
 * @param toggled It was opened or closed.
 */
export function createSection(
  name: string,
  title: string,
  { parts, show }: SectionContent,
  toggled: () => void,
): Section {
  const count = make('span', { class: 'count' })
  const element = make('details', { 'data-section': name }, make('summary', {}, title, count), ...parts)
  element.open = !closed.has(name)
  element.addEventListener('toggle', () => {
    if (element.open) closed.delete(name)
    else closed.add(name)
    toggled()
  })
  return {
    element,
    show() {
      if (element.open) write(count, String(show() ?? ''))
    },
  }
}

/** The first of a list, and what to say of the others. */
export function firstOf<Value>(
  list: readonly Value[],
  most: number,
  words: InspectorWords,
  total: number = list.length,
): { readonly shown: readonly Value[]; readonly rest: string } {
  const shown = list.slice(0, most)
  if (total === 0) return { shown, rest: words.nothing }
  return { shown, rest: total > shown.length ? fill(words.more, { n: total - shown.length }) : '' }
}
