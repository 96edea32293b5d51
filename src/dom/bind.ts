import { lineKey, type LineKey, type SessionCart } from '../index.ts'
import { listen } from './actions.ts'
import { createMarks } from './marks.ts'
import { partsIn, type Part } from './parts.ts'
import { rowAround, rowsOf, type Rows } from './rows.ts'
import type { Scope } from './values.ts'
import type { Words } from './words.ts'

/** How a page is bound. */
export interface BindOptions {
  /** What of the page. @defaultValue `document` */
  readonly root?: Document | Element | undefined
  /** Sentences that take the place of the English ones, by the code of a notice or error. */
  readonly words?: Words | undefined
  /** The cart's own line key, if it has one. */
  readonly lineKey?: LineKey | undefined
}

const TEMPLATES = 'template[data-cart-items],template[data-cart-notices]'

/**
 * Connects the `data-cart-*` attributes of a page with a cart: buttons and forms give commands; texts, conditions and lists
 * show it. What is added to the page later is connected too. It writes text only, never markup, so a name or an attribute
 * of an item cannot become code.
 *
 * It dispatches events that bubble: `cart:change` (detail: the session) and `cart:notice` (detail: the notice) at the root,
 * `cart:error` (detail: the `SessionCartError`) at the element whose command was refused.
 *
 * @returns Disconnects it.
 */
export function bindCart(cart: SessionCart, options: BindOptions = {}): () => void {
  const { root = document, words = {}, lineKey: keyOf = lineKey } = options
  const target = root instanceof Document ? root.documentElement : root
  // A template that is taken out and put back has its rows beside it.
  const known = new WeakMap<HTMLTemplateElement, Rows>()
  let parts: Part[] = []
  let lists: Rows[] = []
  let isDue = false
  let isStopped = false
  let session = cart.$session.get()
  let told = new Set(cart.$notices.get().map(({ id }) => id))
  const marks = createMarks(cart, words, schedule)
  const scope: Scope = { cart, marks, words }

  // All that changed in a tick is shown at once.
  function schedule(): void {
    if (isDue) return
    isDue = true
    queueMicrotask(show)
  }

  function show(): void {
    isDue = false
    if (isStopped) return
    const touched = marks.takeTouched()
    // Parts first: what takes the focus when the last row goes may be hidden until then.
    for (const part of parts) part.show(scope)
    for (const list of lists) list.show(scope, touched)
    tell()
  }

  function dispatch(type: string, detail: unknown): void {
    target.dispatchEvent(new CustomEvent(type, { detail, bubbles: true }))
  }

  function tell(): void {
    const before = session
    session = cart.$session.get()
    if (session !== before) dispatch('cart:change', session)
    const notices = cart.$notices.get()
    const fresh = notices.filter(({ id }) => !told.has(id))
    told = new Set(notices.map(({ id }) => id))
    for (const notice of fresh) dispatch('cart:notice', notice)
  }

  function connect(node: Document | Element): void {
    const templates = [...node.querySelectorAll<HTMLTemplateElement>(TEMPLATES)]
    if (node instanceof HTMLTemplateElement && node.matches(TEMPLATES)) templates.push(node)
    for (const template of templates) {
      if (rowAround(template)) continue
      const list = known.get(template) ?? rowsOf(template, keyOf)
      known.set(template, list)
      if (!lists.includes(list)) lists.push(list)
    }
    const there = new Set(parts.map(({ element }) => element))
    parts.push(...partsIn(node).filter(({ element }) => !there.has(element) && !rowAround(element)))
  }

  function letGo(): void {
    parts = parts.filter(({ element }) => element.isConnected)
    lists = lists.filter(({ template }) => template.isConnected)
  }

  const observer = new MutationObserver(records => {
    const added = records.flatMap(({ addedNodes }) => [...addedNodes])
    const news = added.filter(node => node instanceof Element && !rowAround(node)) as Element[]
    if (records.some(({ removedNodes }) => removedNodes.length > 0)) letGo()
    for (const element of news) if (element.isConnected) connect(element)
    if (news.length > 0) schedule()
  })

  function begin(): void {
    if (isStopped) return
    connect(root)
    observer.observe(root, { childList: true, subtree: true })
    show()
  }

  const { $session, $totals, $quantity, $status, $notices } = cart
  const stops = [$session, $totals, $quantity, $status, $notices].map(store => store.listen(schedule))
  stops.push(
    marks.stop,
    // At once: a click while the page is still coming counts.
    listen(root, {
      cart,
      marks,
      refused: (element, error) =>
        void element.dispatchEvent(new CustomEvent('cart:error', { detail: error, bubbles: true })),
    }),
  )
  // A template that is only half there would make half a row.
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', begin, { once: true })
  else begin()
  return () => {
    isStopped = true
    observer.disconnect()
    for (const stop of stops) stop()
  }
}
