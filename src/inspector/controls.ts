import { make, write } from './make.ts'
import type { NetworkMode } from './network.ts'
import { reportOf } from './report.ts'
import type { Watch } from './watch.ts'
import type { InspectorWords } from './words.ts'

/** What stands in the bar. */
export interface Controls {
  readonly tools: readonly HTMLElement[]
  show(): void
}

const MODES: readonly NetworkMode[] = ['open', 'slow', 'hold', 'offline']

/** The switch of the network. */
export function networkControl({ cart, network }: Watch, words: InspectorWords): Controls {
  const options = MODES.map(mode => make('option', { value: mode }, words[mode]))
  const select = make('select', { 'data-do': 'network' }, ...options)
  const delay = make('input', { type: 'number', min: '0', step: '100', 'aria-label': words.delay, 'data-do': 'delay' })

  function set(): void {
    if (!network) return
    const before = network.mode()
    const next = select.value as NetworkMode
    const ms = delay.valueAsNumber
    network.set(next, ms >= 0 ? ms : undefined)
    const wasOff = before === 'hold' || before === 'offline'
    // The wait after a failure may be long. What comes of it is in the status.
    if (wasOff && (next === 'open' || next === 'slow')) cart.refresh().catch(() => {})
  }

  select.addEventListener('change', set)
  delay.addEventListener('change', set)
  delay.valueAsNumber = network?.delay() ?? 0
  select.disabled = !network
  return {
    tools: [make('label', {}, words.network, select), delay],
    show() {
      const mode = network?.mode() ?? 'open'
      select.value = mode
      select.dataset['mode'] = mode
      delay.hidden = mode !== 'slow'
    },
  }
}

/**
 * The button that copies the report.
 *
 * @returns the button and its choice, and the place for a report that has to be copied by hand
 */
export function reportControl(
  watch: Watch,
  words: InspectorWords,
): { readonly tools: readonly HTMLElement[]; readonly byHand: HTMLElement } {
  const withData = make('input', { type: 'checkbox', 'data-do': 'with-data' })
  const button = make('button', { type: 'button', 'data-do': 'copy' }, words.copy)
  const told = make('span', { role: 'status', class: 'chip' })
  const text = make('textarea', { readonly: '', 'aria-label': words.report, 'data-do': 'report' })
  const byHand = make('div', { class: 'byhand' }, make('p', {}, words.copyByHand), text)
  const place = make('div', {}, byHand)

  async function copy(): Promise<void> {
    write(told, '')
    const report = await reportOf(watch, withData.checked)
    // Undefined on pages without https.
    const clipboard = navigator.clipboard as Clipboard | undefined
    const isCopied = await (clipboard?.writeText(report) ?? Promise.reject(new Error('There is no clipboard.'))).then(
      () => true,
      () => false,
    )
    byHand.hidden = isCopied
    if (isCopied) return write(told, words.copied)
    text.value = report
    text.select()
  }

  byHand.hidden = true
  button.addEventListener('click', () => void copy())
  return { tools: [make('label', {}, withData, words.withData), button, told], byHand: place }
}
