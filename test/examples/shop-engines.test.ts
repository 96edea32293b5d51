// The shop of the script tag, as `npm start` serves it, in every engine.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isMissing, openEngine, type Engine, type PageEngine, type Tab } from '../support/engines.ts'
import { useShop } from '../support/shop.ts'

const { shop } = useShop()
const POLL = { timeout: 30_000 }

declare global {
  var violations: string[] | undefined
}

// Runs in the page.
function watch(): void {
  if (globalThis.violations) return
  const list: string[] = (globalThis.violations = [])
  addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
    list.push(`${violatedDirective} ${blockedURI}`),
  )
}

const refused = (tab: Tab): Promise<string[] | undefined> => tab.evaluate(() => globalThis.violations)

async function go(tab: Tab): Promise<void> {
  await tab.goto(shop().url)
  await tab.evaluate(watch)
}

async function open(engine: Engine): Promise<Tab> {
  const tab = await engine.open('about:blank')
  await go(tab)
  await expect.poll(() => tab.evaluate(() => document.querySelectorAll('[data-test=add]').length), POLL).toBe(32)
  return tab
}

const press = (tab: Tab, name: string): Promise<void> =>
  tab.evaluate(mine => document.querySelector<HTMLElement>(`[data-test=${mine}]`)!.click(), name)

const enter = (tab: Tab, name: string, value: string): Promise<void> =>
  tab.evaluate(
    ([mine, text]) => {
      const input = document.querySelector<HTMLInputElement>(`[data-test=${mine}]`)!
      input.focus()
      input.value = text!
      input.dispatchEvent(new InputEvent('input', { bubbles: true }))
      input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }))
    },
    [name, value],
  )

interface Look {
  readonly lines: readonly string[]
  readonly count: string
  readonly payable: string
  readonly coupon: string
  readonly phase: string
}

const look = (tab: Tab): Promise<Look> =>
  tab.evaluate(() => {
    const part = (name: string, root: ParentNode = document): HTMLElement => root.querySelector(`[data-test=${name}]`)!
    return {
      lines: [...document.querySelectorAll('[data-test=line]')].map(
        row => `${(part('quantity', row) as HTMLInputElement).value} ${part('line-name', row).textContent}`,
      ),
      count: part('cart-count').dataset.count!,
      // How far the sign stands from the amount is the engine's.
      payable: part('payable').textContent.replace(/[^\d.]/g, ''),
      coupon: part('coupon').dataset.state!,
      phase: part('sync').dataset.phase!,
    }
  })

const isShown = (tab: Tab, name: string): Promise<boolean> =>
  tab.evaluate(mine => document.querySelector(`[data-test=${mine}]`)?.checkVisibility() ?? false, name)
const textOf = (tab: Tab, name: string): Promise<string> =>
  tab.evaluate(mine => document.querySelector(`[data-test=${mine}]`)!.textContent, name)

describe.each(['chromium', 'firefox', 'webkit'] as const)('in %s', name => {
  let engine: Engine
  beforeAll(async () => {
    if (isMissing(name)) return
    engine = await openEngine(name)
    // From the first moment of every document; WebKitGTK's driver can only begin when the page is there.
    if (name !== 'webkit') await (engine as PageEngine).context.addInitScript(watch)
  })
  afterAll(() => engine?.close())

  test.skipIf(isMissing(name))(
    'a whole purchase: change, undo, codes, reload, two tabs, a server that is away',
    async () => {
      const tab = await open(engine)
      await press(tab, 'add')
      await press(tab, 'cart-open')
      await expect.poll(() => look(tab), POLL).toMatchObject({ lines: ['1 Morning mug'], count: '1' })
      await press(tab, 'plus')
      await expect.poll(() => look(tab), POLL).toMatchObject({ lines: ['2 Morning mug'], payable: '37.00' })
      await enter(tab, 'quantity', '5')
      await expect.poll(() => look(tab), POLL).toMatchObject({ lines: ['5 Morning mug'], payable: '92.50' })

      await enter(tab, 'coupon-input', 'expired')
      await press(tab, 'coupon-apply')
      await expect.poll(() => look(tab), POLL).toMatchObject({ coupon: 'rejected', payable: '92.50' })
      expect(await textOf(tab, 'coupon-message')).toBe('EXPIRED has expired.')
      await enter(tab, 'coupon-input', 'welcome10')
      await press(tab, 'coupon-apply')
      await expect.poll(() => look(tab), POLL).toMatchObject({ coupon: 'applied', payable: '83.25', phase: 'idle' })

      await press(tab, 'remove')
      await expect.poll(() => look(tab), POLL).toMatchObject({ lines: [], count: '0' })
      await press(tab, 'undo')
      const bought = { lines: ['5 Morning mug'], count: '5', payable: '83.25', coupon: 'applied', phase: 'idle' }
      await expect.poll(() => look(tab), POLL).toEqual(bought)
      expect(await refused(tab)).toEqual([])

      await go(tab)
      await expect.poll(() => look(tab), POLL).toEqual(bought)
      const other = await open(engine)
      await expect.poll(() => look(other), POLL).toEqual(bought)

      await shop().stopServer()
      await press(other, 'plus')
      await expect.poll(() => look(other), POLL).toMatchObject({ lines: ['6 Morning mug'], phase: 'waiting' })
      await expect.poll(() => isShown(other, 'offline-bar'), POLL).toBe(true)
      await expect.poll(() => look(tab), POLL).toMatchObject({ lines: ['6 Morning mug'] })
      await shop().startServer()
      await expect.poll(() => look(other), POLL).toMatchObject({ phase: 'idle', payable: '99.90' })
      await expect.poll(() => look(tab), POLL).toMatchObject({ phase: 'idle', payable: '99.90' })

      await press(other, 'cart-open')
      await press(other, 'checkout')
      await expect.poll(() => isShown(other, 'checkout-ready'), POLL).toBe(true)
      expect(await textOf(other, 'ready-total')).toContain('99.90')
      for (const each of [tab, other]) expect(await refused(each)).toEqual([])
    },
  )
})
