import { make, write } from './make.ts'

/** How a row or a value stands out. */
export type Tone = '' | 'good' | 'busy' | 'bad'

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
 * @param heads The columns; one that begins with `#` has numbers.
 */
export function createTable(label: string, heads: readonly string[]): Table {
  const isNumber = heads.map(head => head.startsWith('#'))
  const names = heads.map(head => head.replace(/^#/, ''))
  const body = make('tbody')
  const columns = names.map((name, index) => make('th', { scope: 'col', ...numeric(index) }, name))
  const table = make('table', { 'aria-label': label }, make('thead', {}, make('tr', {}, ...columns)), body)
  const rest = make('p', { class: 'rest' })
  const box = make('div', { class: 'box', tabindex: '0', role: 'group', 'aria-label': label }, table)
  const known = new Map<string, Shown>()

  function numeric(index: number): Record<string, string> {
    return isNumber[index] ? { class: 'number' } : {}
  }

  function create(): Shown {
    const cells = names.map((_, index) => make('td', numeric(index)))
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
    show(given, more = '') {
      const rows = keyed(given)
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

/** Pairs of a name and a value. */
export interface Facts {
  readonly element: HTMLElement
  /** In the order of the names; an empty value is shown as `none`. */
  show(values: readonly (string | number | undefined)[]): void
}

/** Makes a list of facts. */
export function createFacts(names: readonly string[], none: string): Facts {
  const values = names.map(() => make('dd'))
  const pairs = names.map((name, index) => make('div', {}, make('dt', {}, name), values[index] as HTMLElement))
  return {
    element: make('dl', {}, ...pairs),
    show(shown) {
      values.forEach((element, index) => write(element, String(shown[index] ?? '') || none))
    },
  }
}
