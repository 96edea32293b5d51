import type { CartItem, Notice } from '../index.ts'
import { partsIn, type Part } from './parts.ts'
import type { Scope } from './values.ts'

/** An element that shows an item or a notice. */
export interface Row {
  readonly element: Element
  readonly key: string
  readonly item: CartItem | undefined
  readonly notice: Notice | undefined
}

const rowOf = new WeakMap<Element, Row>()

/** The row that an element is in: where its events find what it shows. */
export function rowAround(element: Element): Row | undefined {
  for (let at: Element | null = element; at; at = at.parentElement) {
    const row = rowOf.get(at)
    if (row) return row
  }
  return
}

/** The rows of one template. */
export interface Rows {
  readonly template: HTMLTemplateElement
  /** @param touched Keys of rows that have something to show anew although what they show is the same. */
  show(scope: Scope, touched: ReadonlySet<string>): void
}

interface Kept extends Row {
  item: CartItem | undefined
  notice: Notice | undefined
  readonly parts: readonly Part[]
}

type Entry = readonly [key: string, item: CartItem | undefined, notice: Notice | undefined]

const CONTROLS = 'button,input,select,textarea,a[href],[tabindex]'

/**
 * The rows of a template, in front of it. They are moved and reused, never rebuilt, so focus and caret stay.
 *
 * @param entriesOf What to show, by key.
 */
function createRows(template: HTMLTemplateElement, entriesOf: (scope: Scope) => readonly Entry[]): Rows {
  let shown: readonly Entry[] | undefined
  let rows: Kept[] = []
  let byKey = new Map<string, Kept>()

  function create(key: string): Kept | undefined {
    const { firstElementChild: element } = document.importNode(template.content, true)
    if (!element) return
    const row: Kept = { element, key, item: undefined, notice: undefined, parts: partsIn(element) }
    rowOf.set(element, row)
    return row
  }

  function fill(row: Kept, [key, item, notice]: Entry, scope: Scope, touched: ReadonlySet<string>): void {
    if (row.item === item && row.notice === notice && !touched.has(key)) return
    row.item = item
    row.notice = notice
    for (const { show } of row.parts) show({ ...scope, item, notice, key })
  }

  // From the end: a row that stands in front of the one that follows it stays where it is.
  function place(): void {
    let next: Element = template
    for (const { element } of [...rows].reverse()) {
      if (element.nextElementSibling !== next) next.before(element)
      next = element
    }
  }

  // A row that goes with the focus in it hands it to the one that takes its place: to the same control, if it has one.
  function remove(gone: readonly Kept[], before: readonly Kept[]): () => void {
    const focused = document.activeElement
    const holder = gone.find(({ element }) => element.contains(focused))
    const at = holder && [...holder.element.querySelectorAll(CONTROLS)].indexOf(focused as Element)
    for (const { element } of gone) element.remove()
    return () => {
      if (!holder || at === undefined) return
      const next = rows[Math.min(before.indexOf(holder), rows.length - 1)]
      const target = next?.element.querySelectorAll<HTMLElement>(CONTROLS)[Math.max(at, 0)]
      ;(target ?? document.querySelector<HTMLElement>('[data-cart-focus]'))?.focus()
    }
  }

  return {
    template,
    show(scope, touched) {
      const entries = entriesOf(scope)
      if (entries === shown && touched.size === 0) return
      shown = entries
      const isSame = entries.length === rows.length && entries.every(([key], index) => rows[index]?.key === key)
      const before = rows
      if (!isSame) {
        const kept = byKey
        rows = entries.flatMap(([key]) => kept.get(key) ?? create(key) ?? [])
        byKey = new Map(rows.map(row => [row.key, row]))
      }
      rows.forEach((row, index) => fill(row, entries[index] as Entry, scope, touched))
      if (isSame) return
      const focus = remove(
        before.filter(({ key }) => !byKey.has(key)),
        before,
      )
      place()
      focus()
    },
  }
}

/** What to show of the lines. Most often one line changed in its place: then the others cost a comparison each. */
function lineEntries(lineKey: (item: CartItem) => string): (scope: Scope) => readonly Entry[] {
  let items: readonly CartItem[] = []
  let entries: readonly Entry[] = []
  // An item never changes.
  const keys = new WeakMap<CartItem, string>()
  function keyOf(item: CartItem): string {
    const key = keys.get(item) ?? lineKey(item)
    keys.set(item, key)
    return key
  }
  function all(): Entry[] {
    const seen = new Map<string, CartItem>()
    // A server may send two lines of one key: commands are about the first.
    for (const item of items) if (!seen.has(keyOf(item))) seen.set(keyOf(item), item)
    return [...seen].map(([key, item]) => [key, item, undefined])
  }
  return ({ cart }) => {
    const before = items
    items = cart.$items.get()
    if (items === before) return entries
    const isInPlace =
      items.length === entries.length &&
      entries.every(([key, item], index) => items[index] === item || keyOf(items[index] as CartItem) === key)
    entries = isInPlace
      ? entries.map((entry, index) => (entry[1] === items[index] ? entry : [entry[0], items[index], undefined]))
      : all()
    return entries
  }
}

/** The rows of a template for items or for notices. */
export function rowsOf(template: HTMLTemplateElement, lineKey: (item: CartItem) => string): Rows {
  return template.hasAttribute('data-cart-items')
    ? createRows(template, lineEntries(lineKey))
    : createRows(template, ({ cart }) => cart.$notices.get().map(notice => [notice.id, undefined, notice]))
}
