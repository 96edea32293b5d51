// The inspector: what it shows of a cart, what it does to the network, and what it leaves alone.
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import { createSessionCart, type SessionCart, type SessionCartOptions } from '../../src/index.ts'
import { SessionCartInspector, defineInspector, openInspector } from '../../src/inspector/index.ts'
import { codeOf } from '../support/code-of.ts'
import { createBackend, createDevice, type Backend } from '../support/device.ts'

afterEach(() => vi.unstubAllGlobals())

interface Opened {
  readonly cart: SessionCart
  readonly backend: Backend
  readonly inspector: SessionCartInspector
  readonly root: ShadowRoot
  element<Kind extends HTMLElement = HTMLElement>(selector: string): Kind
  /** The rows of a section's table. */
  rows(section: string): string[]
  /** A value of a section by its name. */
  fact(section: string, name: string): string | undefined
  choose(mode: string): void
  press(what: string): void
}

const MUG = { sku: 'MUG-01', name: 'Mug', price: 12.5 }

function cartOf(backend: Backend, options: Partial<SessionCartOptions> = {}): SessionCart {
  const given = {
    currency: 'EUR',
    storage: 'memory' as const,
    endpoint: '/api/sessions',
    fetch: backend.fetch,
    ...options,
  }
  const cart = createSessionCart(given)
  onTestFinished(() => cart.dispose())
  return cart
}

async function open(options: Partial<SessionCartOptions> = {}): Promise<Opened> {
  const backend = createBackend()
  const cart = cartOf(backend, options)
  await cart.ready
  const inspector = openInspector(cart)
  onTestFinished(() => inspector.remove())
  const root = inspector.shadowRoot!
  const element = <Kind extends HTMLElement>(selector: string): Kind => root.querySelector<Kind>(selector)!
  const spoken = ({ textContent }: Element): string => textContent ?? ''
  return {
    cart,
    backend,
    inspector,
    root,
    element,
    rows: section =>
      [...root.querySelectorAll(`[data-section=${section}] tbody tr`)].map(row =>
        [...row.children].map(spoken).join(' | '),
      ),
    fact: (section, name) =>
      [...root.querySelectorAll(`[data-section=${section}] dl div`)].find(
        pair => spoken(pair.firstElementChild!) === name,
      )?.lastElementChild?.textContent ?? undefined,
    choose(mode) {
      const select = element<HTMLSelectElement>('[data-do=network]')
      select.value = mode
      select.dispatchEvent(new Event('change'))
    },
    press: what => element(`[data-do=${what}]`).click(),
  }
}

/** Opens a section. */
function show({ element }: Opened, section: string): void {
  element<HTMLDetailsElement>(`[data-section=${section}]`).open = true
}

function stubClipboard(writeText: (text: string) => Promise<void>): void {
  Object.defineProperty(navigator, 'clipboard', { value: { writeText }, configurable: true })
  onTestFinished(() => void Reflect.deleteProperty(navigator, 'clipboard'))
}

/** Copies the report and gives it back. */
async function reportOf(opened: Opened): Promise<any> {
  const copied: string[] = []
  stubClipboard(async text => void copied.push(text))
  opened.press('copy')
  await expect.poll(() => copied).toHaveLength(1)
  return JSON.parse(copied[0]!)
}

test('it shows the session, its lines and totals, and follows every change', async () => {
  const { cart, rows, fact } = await open()
  cart.addItem({ ...MUG, attributes: { size: 'L' } }, 2)
  await expect.poll(() => rows('session')).toEqual(['MUG-01 | Mug | {"size":"L"} | 2 | 12.5 | 25'])
  expect(fact('session', 'Payable')).toBe('25')
  cart.changeQuantity({ sku: 'MUG-01', attributes: { size: 'L' } }, 1)
  cart.applyCoupon('WELCOME10')
  await expect.poll(() => fact('session', 'Coupon')).toBe('WELCOME10')
  expect(rows('session')).toEqual(['MUG-01 | Mug | {"size":"L"} | 3 | 12.5 | 37.5'])
})

test('it shows a hundred lines and says how many more there are', async () => {
  const { cart, rows, element } = await open()
  for (let line = 0; line < 130; line++) cart.addItem({ sku: `S${line}`, price: 1 })
  await expect.poll(() => rows('session').length).toBe(100)
  expect(element('[data-section=session] .rest').textContent).toBe('and 30 more')
})

test('what waits is in the log with its number, and goes into the base when the server has it', async () => {
  const opened = await open()
  const { cart, rows, choose } = opened
  choose('hold')
  cart.addItem(MUG, 2)
  await expect.poll(() => rows('log').length).toBe(2)
  expect(rows('log')[1]).toMatch(
    /^[\w-]+\.2 \| addItem \| \{"item":\{.*"MUG-01".*\},"quantity":2\} \| [\d:.]+ \| this page \| /,
  )
  expect(rows('base')[0]).toMatch(/\| open, active \| +\| 0 \|/)
  choose('open')
  await expect.poll(() => rows('log')).toEqual([])
  await expect.poll(() => rows('base')[0]).toMatch(/ \| open, active \| [\w-]+ \| 1 \| \{"[\w-]+":2\} \| 1 \| 25$/)
})

test('each request is there with what was sent and what came back', async () => {
  const { cart, rows, backend } = await open()
  cart.addItem(MUG)
  await cart.flush()
  await expect
    .poll(() => rows('batches')[0])
    .toMatch(/^[\d:.]+ \| POST \| 200 \| \d+ \| 2: start, addItem \| \d+ \| small \| "[\w-]+\.1\.[\da-f]+"$/)
  expect(Number(rows('batches')[0]!.split(' | ')[5])).toBe(JSON.stringify(backend.requests[0]!.body).length)
  backend.fault = async () => new Response('{"type":"urn:session-cart:problem:unauthorized"}', { status: 401 })
  await cart.refresh().catch(() => {})
  await expect.poll(() => rows('batches')[0]).toMatch(/\| GET \| 401 \| \d+ \| +\| 0 \| unauthorized \|/)
})

test('a rejection is told with its code, and the notice it leaves is shown', async () => {
  const opened = await open()
  const { cart, rows, backend } = opened
  backend.fault = async ({ body }, answer) => {
    if (!body) return answer()
    const response = await answer()
    const whole = await response.json()
    const { writer, n } = body.mutations.at(-1)
    whole.rejected = [{ writer, n, code: 'coupon-rejected', reason: 'CouponExpired' }]
    return new Response(JSON.stringify(whole), { status: 200, headers: response.headers })
  }
  const { synced } = cart.applyCoupon('OLD')
  expect(await synced).toMatchObject({ status: 'rejected' })
  await expect.poll(() => rows('batches')[0]).toMatch(/rejected: [\w-]+\.2 coupon-rejected CouponExpired/)
  await expect.poll(() => rows('notices')[0]).toMatch(/ \| coupon-rejected \| +\| +\| CouponExpired \| [\w-]+\.2$/)
})

test('offline, requests fail and the cart waits; back online it sends at once', async () => {
  const { cart, fact, choose, backend, rows, element } = await open()
  choose('offline')
  cart.addItem(MUG)
  await expect.poll(() => fact('status', 'Online')).toBe('no')
  expect(fact('status', 'Error')).toMatch(/^network: .* \(Error: The inspector keeps the network offline\.\)$/)
  expect(rows('batches')[0]).toMatch(/\| no answer \|/)
  expect(element('[data-do=network]').dataset.mode).toBe('offline')
  expect(backend.requests).toEqual([])
  choose('open')
  await expect.poll(() => fact('status', 'Phase')).toBe('idle')
  expect(backend.requests[0]!.body.mutations).toHaveLength(2)
})

test('a held request waits until it is let go, fails when offline is chosen, and ends when the cart gives it up', async () => {
  const { cart, rows, choose, backend } = await open({ timeout: 400 })
  choose('hold')
  cart.addItem(MUG)
  await expect.poll(() => rows('batches')[0]).toMatch(/\| held \|/)
  // The cart's own patience ends it.
  await expect.poll(() => rows('batches')[0]).toMatch(/\| no answer \|.*AbortError/)
  const asked = cart.refresh().catch(() => {})
  await expect.poll(() => rows('batches')[0]).toMatch(/\| held \|/)
  choose('offline')
  await asked
  await expect.poll(() => rows('batches')[0]).toMatch(/keeps the network offline/)
  expect(backend.requests).toEqual([])
  choose('slow')
  await expect.poll(() => rows('batches')[0]).toMatch(/AbortError/)
  choose('open')
  await expect.poll(() => cart.$status.get().phase).toBe('idle')
})

test('taken out of the page it lets the network go on and puts back what it found', async () => {
  const { cart, choose, inspector, backend } = await open()
  const { wire } = cart.inspect()
  inspector.remove()
  const original = wire.send
  document.body.append(inspector)
  expect(wire.send).not.toBe(original)
  choose('hold')
  cart.addItem(MUG)
  const flushed = cart.flush()
  await expect.poll(() => cart.$status.get().phase).toBe('syncing')
  inspector.remove()
  expect(wire.send).toBe(original)
  await flushed
  expect(backend.requests.length).toBeGreaterThan(0)
  expect(inspector.shadowRoot!.childElementCount).toBe(0)
})

test('another tool that stands on it stays in place', async () => {
  const { cart, inspector, backend } = await open()
  const { wire } = cart.inspect()
  const below = wire.send!
  const seen: string[] = []
  const mine: typeof below = request => {
    seen.push(request.method)
    return below(request)
  }
  wire.send = mine
  inspector.remove()
  expect(wire.send).toBe(mine)
  cart.addItem(MUG)
  await cart.flush()
  expect([seen[0], backend.requests[0]!.method]).toEqual(['POST', 'POST'])
})

test('the entries of the database are shown, and none is made for a cart that has none', async () => {
  const kept = await open({ endpoint: undefined, storage: undefined, scope: `kept ${Math.random()}` })
  show(kept, 'rows')
  kept.cart.addItem(MUG)
  await expect.poll(() => kept.rows('rows').find(row => row.startsWith('["active",1]'))).toBeDefined()
  await expect
    .poll(() => kept.rows('rows').some(row => /^\["base",|^\d+ \| [\w-]+\.1 start, [\w-]+\.2 addItem$/.test(row)))
    .toBe(true)

  const scope = `none ${Math.random()}`
  const bare = await open({ scope })
  show(bare, 'rows')
  await expect.poll(() => bare.element('[data-section=rows] .rest').textContent).toBe('There is no such database.')
  const there = (await indexedDB.databases?.()) ?? []
  expect(there.map(({ name }) => name)).not.toContain(`session-cart:${scope}:1`)
})

test('messages of other tabs are heard, whatever is in them', async () => {
  const device = createDevice()
  const { cart, rows } = await open({ scope: device.scope, channel: device.tabs.open, locks: device.tabs.locks })
  const other = device.load({ endpoint: '/api/sessions' })
  onTestFinished(() => other.dispose())
  await other.ready
  other.addItem(MUG)
  await expect
    .poll(() => rows('tabs').some(row => /\| {2}\| \d+ \| [\w-]+\.1 start, [\w-]+\.2 addItem \|/.test(row)))
    .toBe(true)
  const line = device.tabs.open('', () => {})
  line.post({
    log: 'x',
    row: { session: { a: 1 }, mutations: [null, 7, { writer: '<b>', n: {}, name: [] }] },
    key: { b: 2 },
  })
  await expect.poll(() => rows('tabs')[0]).toMatch(/\| \{"b":2\} \| \. , \. , <b>\.\{\} \[\] \| \{"a":1\}$/)
  expect(cart.$status.get().phase).not.toBe('stopped')
})

test('the lock of a request on its way is shown, and whose it is', async () => {
  if (!('locks' in navigator)) return
  const { cart, rows, choose } = await open({ storage: undefined, scope: `locks ${Math.random()}` })
  choose('hold')
  cart.addItem(MUG)
  await expect.poll(() => rows('lock')).toEqual([`${cart.$session.get().integrationId} | held | exclusive | this page`])
  choose('open')
  await expect.poll(() => rows('lock')).toEqual([])
})

test('hostile names are text', async () => {
  const { cart, root, rows } = await open()
  const name = '<img src=x onerror="globalThis.hurt = 1"><script>globalThis.hurt = 2</script>'
  cart.addItem({ sku: name, name, price: 1, attributes: { [name]: name } })
  await expect.poll(() => rows('session')[0]).toContain(`${name} | ${name} | `)
  expect(root.querySelectorAll('img, script')).toHaveLength(0)
  expect(globalThis).not.toHaveProperty('hurt')
})

test('a report tells what happened without what the shopper has in the cart', async () => {
  const headers = (): HeadersInit => ({ Authorization: 'Bearer secret' })
  const opened = await open({ storage: undefined, scope: `report ${Math.random()}`, headers })
  const { cart, rows } = opened
  cart.addItem({ sku: 'BOOK-7', name: 'Diary', price: 77.125, attributes: { engraving: 'For Jane' } })
  cart.setAttributes({ note: 'Ring twice' })
  cart.applyCoupon('JANE10')
  await cart.flush()
  await expect.poll(() => rows('batches')).toHaveLength(1)
  opened.choose('offline')
  cart.updateItem({ sku: 'BOOK-7', attributes: { engraving: 'For Jane' } }, { name: 'Journal' })
  await cart.setIdentifiers(['jane@shop.test']).saved
  const report = await reportOf(opened)
  const text = JSON.stringify(report)
  for (const secret of [
    'Bearer',
    'jane@',
    'BOOK',
    'Diary',
    'Journal',
    '77.1',
    'engraving',
    'For Jane',
    'Ring',
    'JANE10',
  ]) {
    expect(text, secret).not.toContain(secret)
  }
  const id = cart.$session.get().integrationId
  expect(text).not.toContain(id)
  expect(report.session.integrationId).toBe(`${id.slice(0, 6)}…`)
  expect(report.session).toMatchObject({
    state: 'open',
    coupon: 'text of 6',
    attributes: { others: 1 },
  })
  expect(report.session.cartItems[0]).toMatchObject({ sku: 'text of 6', price: 'number', attributes: { others: 1 } })
  expect(report.sessions[0].pending[0]).toMatchObject({
    n: 5,
    name: 'updateItem',
    args: { line: expect.stringMatching(/^text of/) },
  })
  expect(report).toMatchObject({
    versions: { protocol: 1 },
    network: { mode: 'offline' },
    userAgent: navigator.userAgent,
  })
  expect(report.sessions[0].pending[1]).toMatchObject({ args: { identifiers: ['text of 14'] } })
  expect(report.totals).toMatchObject({ total: 'number', estimated: true })
  const stored = report.database.entries.map(({ key }: { key: unknown }) => (Array.isArray(key) ? key[0] : 'row'))
  expect(stored).toEqual(expect.arrayContaining(['row', 'log', 'active', 'base']))
  expect(report.requests.at(-1)).toMatchObject({ method: 'POST', status: 200, answer: 'small' })
  expect(opened.element('[role=status]').textContent).toBe('Copied.')
})

test('a report has the items and whole ids when they are asked for, the headers never', async () => {
  const opened = await open({ headers: () => ({ Authorization: 'Bearer secret' }) })
  opened.cart.addItem({ ...MUG, attributes: { size: 'L' } })
  opened.element<HTMLInputElement>('[data-do=with-data]').checked = true
  const report = await reportOf(opened)
  expect(report.session.cartItems[0]).toMatchObject({ sku: 'MUG-01', attributes: { size: 'L' } })
  expect(report.session.integrationId).toBe(opened.cart.$session.get().integrationId)
  expect(JSON.stringify(report)).not.toContain('secret')
})

test('a report stays short and silent whatever is in the cart, and tells why something failed', async () => {
  const opened = await open({ integrationId: 'jane' })
  const { cart, backend, element } = opened
  backend.fault = () => Promise.reject(new TypeError('the cable is out'))
  const deep = { attributes: { attributes: { attributes: { attributes: { attributes: { secret: 'ring' } } } } } }
  for (let line = 0; line < 102; line++) cart.addItem({ sku: `SKU-${line}`, price: 1, attributes: deep })
  await expect.poll(() => cart.$status.get().error?.code).toBe('network')
  const report = await reportOf(opened)
  expect(report.session.integrationId).toBe('text of 4')
  expect(report.session.cartItems).toHaveLength(101)
  expect(report.session.cartItems[100]).toBe('2 more')
  expect(JSON.stringify(report.session.cartItems[0])).toContain('1 entries')
  expect(report.status.error).toMatchObject({ code: 'network', cause: expect.stringContaining('the cable is out') })
  expect(JSON.stringify(report)).not.toMatch(/SKU-|ring/)
  expect(element('[role=status]').textContent).toBe('Copied.')
})

test('where there is no clipboard at all, as over plain http, the report can be copied by hand', async () => {
  const { element, press } = await open()
  Object.defineProperty(navigator, 'clipboard', { value: undefined, configurable: true })
  onTestFinished(() => void Reflect.deleteProperty(navigator, 'clipboard'))
  press('copy')
  await expect.poll(() => element<HTMLTextAreaElement>('[data-do=report]').value).toContain('"versions"')
})

test('a delay that is no number leaves the delay as it was', async () => {
  const opened = await open()
  opened.choose('slow')
  const delay = opened.element<HTMLInputElement>('[data-do=delay]')
  delay.value = '250'
  delay.dispatchEvent(new Event('change'))
  delay.value = ''
  delay.dispatchEvent(new Event('change'))
  expect((await reportOf(opened)).network).toEqual({ mode: 'slow', delay: 250 })
})

test('where there are no locks the section says so, and a report has none', async () => {
  const own = Object.getOwnPropertyDescriptor(navigator, 'locks')
  Object.defineProperty(navigator, 'locks', { value: undefined, configurable: true })
  onTestFinished(() => {
    Reflect.deleteProperty(navigator, 'locks')
    if (own) Object.defineProperty(navigator, 'locks', own)
  })
  const opened = await open()
  show(opened, 'lock')
  await expect.poll(() => opened.element('[data-section=lock]').textContent).toContain('no Web Locks')
  expect((await reportOf(opened)).locks).toEqual([])
})

test('a database that cannot be opened is told with the reason, in the report too', async () => {
  const opened = await open({ scope: `forbidden ${Math.random()}` })
  const spy = vi.spyOn(indexedDB, 'databases').mockRejectedValue(new DOMException('No storage here.', 'SecurityError'))
  onTestFinished(() => spy.mockRestore())
  show(opened, 'rows')
  await expect.poll(() => opened.element('[data-section=rows]').textContent).toContain('No storage here.')
  expect((await reportOf(opened)).database).toEqual({ error: 'SecurityError: No storage here.' })
})

test('a session that the server does not know any more is marked, and the request tells the problem', async () => {
  const opened = await open()
  const { cart, backend, rows } = opened
  cart.addItem(MUG)
  await cart.flush()
  backend.fault = async () =>
    new Response(JSON.stringify({ type: 'urn:session-cart:problem:session-gone' }), { status: 410 })
  cart.addItem(MUG)
  await expect.poll(() => cart.$status.get().phase).toBe('gone')
  show(opened, 'base')
  await expect.poll(() => rows('base').join()).toContain('gone')
  expect(rows('batches').join()).toContain('session-gone')
})

test('what the server says of no command in particular is shown as it is', async () => {
  const backend = createBackend({
    upstream: async () => ({
      notices: [{ code: 'gift', from: 1, to: 2 }, { code: 'note', message: 'Hello' }, { code: 'bare' }],
    }),
  })
  const opened = await open({ fetch: backend.fetch })
  opened.cart.addItem(MUG)
  await opened.cart.flush()
  show(opened, 'notices')
  await expect.poll(() => opened.rows('notices')).toHaveLength(3)
  expect(opened.rows('notices').map(row => row.split(' | ').slice(1))).toEqual([
    ['gift', '', '1 → 2', '', ''],
    ['note', '', '', 'Hello', ''],
    ['bare', '', '', '', ''],
  ])
})

test('where the clipboard is closed the report can be copied by hand', async () => {
  const { element, press } = await open()
  stubClipboard(() => Promise.reject(new Error('no')))
  const text = element<HTMLTextAreaElement>('[data-do=report]')
  expect(text.checkVisibility?.() ?? false).toBe(false)
  press('copy')
  await expect.poll(() => text.value).toContain('"versions"')
  expect(text.closest<HTMLElement>('.byhand')!.hidden).toBe(false)
})

/** Waits until a change would have been shown. */
const frames = (): Promise<void> =>
  new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done())))

test('folded it does nothing; unfolded again it shows what happened meanwhile', async () => {
  const { cart, root, rows, press, element } = await open()
  await expect.poll(() => element('[data-section=session] .count').textContent).toBe('0')
  press('fold')
  await frames()
  const changes: MutationRecord[] = []
  const observer = new MutationObserver(records => changes.push(...records))
  observer.observe(root, { subtree: true, childList: true, characterData: true, attributes: true })
  const frame = vi.spyOn(globalThis, 'requestAnimationFrame')
  cart.addItem(MUG)
  await cart.flush()
  expect(frame).not.toHaveBeenCalled()
  frame.mockRestore()
  await frames()
  expect([...changes, ...observer.takeRecords()]).toEqual([])
  observer.disconnect()
  press('fold')
  await expect.poll(() => rows('session')).toHaveLength(1)
  expect(rows('batches')).toHaveLength(1)
})

test('a closed section is left alone, and the database is not read for it', async () => {
  const opened = await open()
  const { cart, element, rows } = opened
  element<HTMLDetailsElement>('[data-section=rows]').open = false
  element<HTMLDetailsElement>('[data-section=log]').open = false
  onTestFinished(() => show(opened, 'log'))
  await frames()
  const read = vi.spyOn(indexedDB, 'open')
  opened.choose('hold')
  cart.addItem(MUG)
  await expect.poll(() => rows('session')).toHaveLength(1)
  expect(rows('log')).toEqual([])
  expect(read).not.toHaveBeenCalled()
  read.mockRestore()
  show(opened, 'log')
  await expect.poll(() => rows('log')).toHaveLength(2)
})

test('rows that stay keep their elements', async () => {
  const { cart, root, rows } = await open()
  cart.addItem(MUG)
  cart.addItem({ sku: 'TEE', price: 1 })
  await expect.poll(() => rows('session')).toHaveLength(2)
  const [, second] = root.querySelectorAll('[data-section=session] tbody tr')
  cart.removeItem('MUG-01')
  await expect.poll(() => rows('session')).toHaveLength(1)
  expect(root.querySelector('[data-section=session] tbody tr')).toBe(second)
})

test('every word can be replaced', async () => {
  const { inspector, root } = await open()
  inspector.words = { title: 'Korb', session: 'Sitzung' }
  expect(root.querySelector('h2')!.textContent).toBe('Korb')
  expect(root.querySelector('summary')!.textContent).toBe('Sitzung')
})

test('the arrow keys change its height', async () => {
  const { element } = await open()
  const handle = element('[role=separator]')
  const height = Number(handle.getAttribute('aria-valuenow'))
  handle.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowUp' }))
  expect(handle.getAttribute('aria-valuenow')).toBe(String(height + 5))
  handle.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown' }))
  handle.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft' }))
  expect(element('.dock').style.height).toBe(`${height}vh`)
})

test('it is opened once for a cart, and its button takes it out', async () => {
  const { cart, inspector, press } = await open()
  expect(openInspector(cart)).toBe(inspector)
  press('close')
  expect(inspector.isConnected).toBe(false)
})

test('without a cart of its own it takes the one of the page, and says so when there is none', () => {
  defineInspector()
  defineInspector()
  const inspector = document.createElement('session-cart-inspector') as SessionCartInspector
  onTestFinished(() => inspector.remove())
  document.body.append(inspector)
  expect(inspector.shadowRoot!.textContent).toContain('There is no cart')
  const cart = cartOf(createBackend())
  vi.stubGlobal('SessionCart', { cart })
  expect(inspector.cart).toBe(cart)
  document.body.append(inspector)
  expect(inspector.shadowRoot!.querySelector('h2')!.textContent).toBe('Session cart')
})

test('a cart that was set before the element was known is the one it shows', async () => {
  const name = `x-inspector-${Math.random().toString(36).slice(2)}`
  const early = document.createElement(name) as SessionCartInspector
  onTestFinished(() => early.remove())
  const cart = cartOf(createBackend())
  Object.assign(early, { cart })
  document.body.append(early)
  defineInspector(name)
  expect(early).toBeInstanceOf(SessionCartInspector)
  expect(early.cart).toBe(cart)
  expect(early.shadowRoot!.querySelector('h2')).not.toBeNull()
})

test('misuse is told at once', () => {
  const inspector = (): SessionCartInspector => {
    defineInspector()
    return document.createElement('session-cart-inspector') as SessionCartInspector
  }
  expect(codeOf(() => openInspector())).toBe('invalid-argument')
  expect(codeOf(() => openInspector({} as SessionCart))).toBe('invalid-argument')
  expect(codeOf(() => defineInspector('nodash'))).toBe('invalid-argument')
  expect(codeOf(() => (inspector().cart = null as unknown as SessionCart))).toBe('invalid-argument')
})
