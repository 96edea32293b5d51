import { make, write } from './make.ts'

/** How a row or a value stands out. */
export type Tone = '' | 'good' | 'busy' | 'bad'

/** A column: its name, and for numbers and what is not to be broken into lines how it is set. */
export type Column = string | { readonly name: string; readonly kind: 'number' | 'short' }

/** A column of numbers. */
export const number = (name: string): Column => ({ name, kind: 'number' })

/** A column of times, codes and the like. */
export const short = (name: string): Column => ({ name, kind: 'short' })

/** One row. */
export interface TableRow {
  /** What it is about: rows of one key are one row, which moves. */
  readonly key: string
  readonly cells: readonly (string | number | undefined)[]
  readonly tone?: Tone | undefined
}

/** A table whose rows are moved and reused. */
export interface Table {
  readonly element: HTMLElement
  /** @param rest What to say below the rows, such as how many are not shown. */
  show(rows: readonly TableRow[], rest?: string): void
}

interface Shown {
  readonly element: HTMLTableRowElement
  readonly cells: readonly HTMLTableCellElement[]
}

/**
 * Makes a table.
 *
 * @param label Names it, and the box that scrolls when it is large.
 */
export function createTable(label: string, given: readonly Column[]): Table {
  const columns = given.map(column => (typeof column === 'string' ? { name: column, kind: 'long' } : column))
  const body = make('tbody')
  const heads = columns.map(({ name, kind }) => make('th', { scope: 'col', class: kind }, name))
  const table = make('table', { 'aria-label': label }, make('thead', {}, make('tr', {}, ...heads)), body)
  const rest = make('p', { class: 'rest' })
  const box = make('div', { class: 'box', tabindex: '0', role: 'group', 'aria-label': label }, table)
  const known = new Map<string, Shown>()

  function create(): Shown {
    const cells = columns.map(({ kind }) => make('td', { class: kind }))
    return { element: make('tr', {}, ...cells), cells }
  }

  // What is there twice is shown twice.
  function keyed(rows: readonly TableRow[]): Map<string, TableRow> {
    const list = new Map<string, TableRow>()
    for (const row of rows) {
      let { key } = row
      while (list.has(key)) key += ' again'
      list.set(key, row)
    }
    return list
  }

  return {
    element: make('div', {}, box, rest),
    show(list, more = '') {
      const rows = keyed(list)
      for (const [key, { element }] of known) {
        if (rows.has(key)) continue
        element.remove()
        known.delete(key)
      }
      let place = body.firstElementChild
      for (const [key, { cells, tone = '' }] of rows) {
        const shown = known.get(key) ?? create()
        known.set(key, shown)
        shown.cells.forEach((cell, index) => write(cell, String(cells[index] ?? '')))
        shown.element.dataset['tone'] = tone
        if (shown.element === place) place = place.nextElementSibling
        else body.insertBefore(shown.element, place)
      }
      box.hidden = rows.size === 0
      write(rest, more)
      rest.hidden = more === ''
    },
  }
}

// Characters for which a column is too narrow.
const LONG = 36

/** Pairs of a name and a value. */
export interface Facts {
  readonly element: HTMLElement
  /** In the order of the names; an empty value is shown as `none`. */
  show(values: readonly (string | number | undefined)[]): void
}

/** Makes a list of facts. */
export function createFacts(names: readonly string[], none: string): Facts {
  const pairs = names.map(name => {
    const value = make('dd')
    return { value, element: make('div', {}, make('dt', {}, name), value) }
  })
  return {
    element: make('dl', {}, ...pairs.map(({ element }) => element)),
    show(shown) {
      pairs.forEach(({ value, element }, index) => {
        const text = String(shown[index] ?? '') || none
        write(value, text)
        element.classList.toggle('wide', text.length > LONG)
      })
    },
  }
}
